// SPDX-License-Identifier: MIT
// Stage C: the part of the current that each pack takes, to the last millionth.
#include "control/shares.hpp"

#include <gtest/gtest.h>

#include "packs.hpp"

namespace jkp::control::test {
namespace {

constexpr Duration settled = minutes(2);

// The parts of the discharge current after two minutes of these currents.
std::vector<std::int32_t> discharge_shares(std::initializer_list<int> milliamps) {
    Packs packs(config_of(std::vector<int>(milliamps.size(), 100)));
    std::size_t i = 0;
    for (const int current : milliamps) packs.readings[i++].current = Milliamps(current);
    packs.run(settled);
    std::vector<std::int32_t> shares;
    for (const PackState& pack : packs.state.packs) shares.push_back(pack.part.discharge_share);
    return shares;
}

using Ppm = std::vector<std::int32_t>;

TEST(Shares, ByCapacityAreRoundedUpAlsoForTheSmallestCapacities) {
    Config config = config_of({100, 100});
    config.packs[0].capacity = MilliampHours(1);
    config.packs[1].capacity = MilliampHours(2);
    Packs packs(std::move(config));
    packs.run(seconds(5));
    EXPECT_EQ(packs.part(0).charge_share, 333'334);
    EXPECT_EQ(packs.part(1).charge_share, 666'667);
}

TEST(Shares, APackWithoutCurrentNeitherChargesNorDischarges) {
    EXPECT_EQ(discharge_shares({-60'000, 0}), (Ppm{1'000'000, 500'000}));
    EXPECT_EQ(discharge_shares({0, -60'000}), (Ppm{500'000, 1'000'000}));
    EXPECT_EQ(discharge_shares({-60'000, 1}), (Ppm{500'000, 500'000}));
    Packs packs(config_of({100, 100}));
    packs.readings[0].current = amps(60);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 1'000'000);
    packs.readings[1].current = Milliamps(-1);
    const Share before = packs.state.packs[0].charge_share;
    packs.run(settled);
    EXPECT_EQ(packs.state.packs[0].charge_share, before);
}

TEST(Shares, OfThreePacksEachIsMeasured) {
    EXPECT_EQ(discharge_shares({-60'000, -20'000, -20'000}), (Ppm{660'000, 333'334, 333'334}));
}

TEST(Shares, AreMeasuredFromJustAboveFivePercentOfTheCapacity) {
    const auto measured = [](int capacity_mah, int milliamps) {
        Config config = config_of({100, 100});
        config.packs[1].capacity = MilliampHours(capacity_mah);
        Packs packs(std::move(config));
        packs.readings[0].current = Milliamps(milliamps);
        packs.run(seconds(3));
        return packs.state.packs[0].charge_share.measured > Duration{};
    };
    EXPECT_FALSE(measured(100'000, 10'000));
    EXPECT_TRUE(measured(100'000, 10'001));
    EXPECT_TRUE(measured(99'999, 10'000));
}

TEST(Shares, NothingIsMeasuredWhileAMilliampereFlowsBetweenThePacks) {
    const auto measured = [](Milliamps first, Milliamps second) {
        Packs packs(config_of({100, 100}));
        packs.readings[0].current = first;
        packs.readings[1].current = second;
        packs.run(seconds(3));
        const PackState& pack = packs.state.packs[0];
        return pack.charge_share.measured + pack.discharge_share.measured > Duration{};
    };
    EXPECT_TRUE(measured(amps(60), Milliamps(0)));
    EXPECT_FALSE(measured(amps(60), Milliamps(-1)));
    EXPECT_TRUE(measured(amps(-60), Milliamps(0)));
    EXPECT_FALSE(measured(amps(-60), Milliamps(1)));
}

TEST(Shares, TimeThatDoesNotPassTeachesNothingAndAMicrosecondAll) {
    Packs packs(config_of({100, 100}));
    packs.tick();
    packs.state.packs[0].sample->reading.current = amps(60);
    packs.state.packs[1].sample->reading.current = amps(20);
    learn_shares(packs.config, packs.state, packs.now);
    EXPECT_EQ(packs.state.packs[0].charge_share, Share{});
    learn_shares(packs.config, packs.state, packs.now - seconds(3));
    EXPECT_EQ(packs.state.packs[0].charge_share, Share{});
    learn_shares(packs.config, packs.state, packs.now - seconds(3) + Duration(1));
    EXPECT_EQ(packs.state.packs[0].charge_share, (Share{750'000, Duration(1)}));
}

TEST(Shares, WhatAPackGetsIsRoundedUpAndWhatTheBankGetsDown) {
    EXPECT_EQ(for_pack(amps(100), 500'000), amps(50));
    EXPECT_EQ(for_pack(Milliamps(1), 1), Milliamps(1));
    EXPECT_EQ(for_pack(Milliamps(0), whole_share), Milliamps(0));
    EXPECT_EQ(for_bank(amps(50), 500'000), amps(100));
    EXPECT_EQ(for_bank(Milliamps(1), 600'000), Milliamps(1));
    EXPECT_EQ(for_bank(Milliamps::max(), 1), Milliamps::max());
}

}  // namespace
}  // namespace jkp::control::test
