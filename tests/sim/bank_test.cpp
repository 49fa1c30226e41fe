// SPDX-License-Identifier: MIT
#include "sim/bank.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "sim/noise.hpp"

namespace jkp::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

Sharing shared(const std::vector<Branch>& branches, double requested) {
    Sharing result;
    share_current(branches, requested, result);
    return result;
}

double sum(const Sharing& s) {
    return std::accumulate(s.amps.begin(), s.amps.end(), 0.0);
}

TEST(Sharing, EqualVoltagesShareByConductance) {
    const Sharing s = shared({{52.0, 0.01}, {52.0, 0.03}}, 40.0);
    EXPECT_NEAR(s.amps[0], 30.0, 1e-9);
    EXPECT_NEAR(s.amps[1], 10.0, 1e-9);
    EXPECT_NEAR(s.volts, 52.3, 1e-9);
}

TEST(Sharing, PacksAtDifferentVoltagesEqualiseWithoutAnyRequest) {
    const Sharing s = shared({{53.0, 0.05}, {52.0, 0.05}}, 0.0);
    EXPECT_NEAR(s.amps[0], -10.0, 1e-9);
    EXPECT_NEAR(s.amps[1], 10.0, 1e-9);
}

TEST(Sharing, AnOpenChargeSwitchLeavesTheCurrentToTheOthers) {
    const Sharing s = shared({{52.0, 0.01, false, true}, {52.0, 0.03}}, 40.0);
    EXPECT_EQ(s.amps[0], 0.0);
    EXPECT_NEAR(s.amps[1], 40.0, 1e-9);
}

TEST(Sharing, AnOpenChargeSwitchStillLetsItsPackFeedALowerOne) {
    const Sharing s = shared({{53.0, 0.05, false, true}, {52.0, 0.05}}, 4.0);
    EXPECT_NEAR(s.amps[0], -8.0, 1e-9);
    EXPECT_NEAR(s.amps[1], 12.0, 1e-9);
}

TEST(Sharing, WhatNobodyCanTakeDoesNotFlow) {
    EXPECT_EQ(sum(shared({{52.0, 0.01, false, true}, {52.1, 0.01, false, true}}, 30.0)), 0.0);
    EXPECT_EQ(sum(shared({{52.0, 0.01, true, false}, {52.1, 0.01, true, false}}, -30.0)), 0.0);
    EXPECT_EQ(sum(shared({{52.0, 0.01, false, false}}, -30.0)), 0.0);
}

TEST(Sharing, ManyCircuitsObeyKirchhoffAndTheirSwitches) {
    for (std::uint64_t seed = 0; seed < 20'000; ++seed) {
        std::vector<Branch> branches(1 + scramble(seed) % 4);
        for (std::size_t i = 0; i < branches.size(); ++i) {
            const std::uint64_t bits = scramble(seed * 10 + i);
            branches[i] = {52.0 + noise(seed, i, 1), 0.03 + 0.02 * noise(seed, i, 2), (bits & 3U) != 0,
                           (bits & 12U) != 0};
        }
        const double wanted = 100.0 * noise(seed, 99, 3);
        const Sharing s = shared(branches, wanted);
        bool charges = false;
        bool discharges = false;
        for (std::size_t i = 0; i < branches.size(); ++i) {
            EXPECT_FALSE(s.amps[i] > 0.0 && !branches[i].charges) << seed;
            EXPECT_FALSE(s.amps[i] < 0.0 && !branches[i].discharges) << seed;
            charges = charges || branches[i].charges;
            discharges = discharges || branches[i].discharges;
        }
        const bool possible = wanted > 0.0 ? charges : discharges;
        // Without any way for the request the packs still equalise among themselves, adding up to nothing.
        EXPECT_NEAR(sum(s), possible ? wanted : 0.0, 1e-6) << seed;
    }
}

PackSpec pack_of(int ah, int soc_permille) {
    return {.capacity = MilliampHours(ah * 1000),
            .soc = Permille(soc_permille),
            .resistance_spread = Permille(0)};
}

TEST(Bank, OnePackTakesTheWholeCurrent) {
    Bank bank({pack_of(100, 500)});
    EXPECT_EQ(bank.step(seconds(1), Milliamps(20'000)), Milliamps(20'000));
    EXPECT_EQ(bank.pack(0).current(), Milliamps(20'000));
    EXPECT_GT(bank.voltage(), Millivolts(16 * 3296));
}

TEST(Bank, TheLargerPackTakesItsShare) {
    Bank bank({pack_of(100, 500), pack_of(300, 500)});
    bank.step(minutes(5), Milliamps(40'000));
    EXPECT_NEAR(bank.pack(0).current().count(), 10'000, 800);
    EXPECT_NEAR(bank.pack(1).current().count(), 30'000, 800);
}

TEST(Bank, ChargeIsConservedWhilePacksEqualise) {
    Bank bank({pack_of(100, 800), pack_of(100, 150)});
    bank.step(hours(20), Milliamps(0));
    EXPECT_LT(bank.pack(0).mean_soc(), 0.75);
    EXPECT_NEAR(bank.pack(0).mean_soc() + bank.pack(1).mean_soc(), 0.95, 1e-4);
}

TEST(Bank, AFullPackStepsAsideAndTheOtherGoesOn) {
    Bank bank({pack_of(100, 500), pack_of(100, 500)});
    bank.pack(0).force_cell(3, Millivolts(3700));
    bank.step(seconds(10), Milliamps(20'000));
    EXPECT_FALSE(bank.pack(0).charge_mos());
    EXPECT_LE(bank.pack(0).current(), Milliamps(0));
    EXPECT_NEAR(bank.pack(1).current().count(), 20'000, 1'000);
}

}  // namespace
}  // namespace jkp::sim
