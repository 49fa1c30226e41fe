// SPDX-License-Identifier: MIT
// Several packs as one bank: what packs that are lost, refused or not fully known mean for the others.
#include <gtest/gtest.h>

#include <set>

#include "control/shares.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

constexpr Duration settled = minutes(6);

Packs with_quorum(std::vector<int> capacities_ah, std::uint8_t quorum) {
    Config config = config_of(std::move(capacities_ah));
    config.bank.quorum = quorum;
    return Packs(std::move(config));
}

// How often the events of a step have this code.
int times(const Events& events, EventCode code) {
    return static_cast<int>(
        std::count_if(events.begin(), events.end(), [&](const Event& e) { return e.code == code; }));
}

TEST(BankMembers, TheClosedSwitchOfALostPackHelpsNobody) {
    Packs packs = with_quorum({100, 100}, 1);
    packs.run(settled);
    packs.silent[0] = true;
    packs.run(seconds(30));
    ASSERT_FALSE(packs.part(0).present);
    packs.readings[1].charge_mos = false;
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), Milliamps(0));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::mos_off);
    EXPECT_FALSE(packs.last.charge_enable);
    packs.readings[1].discharge_mos = false;
    packs.tick();
    EXPECT_EQ(packs.last.discharge.value(), Milliamps(0));
    EXPECT_EQ(packs.last.discharge.reason().rule, Rule::mos_off);
    EXPECT_FALSE(packs.last.discharge_enable);
}

TEST(BankMembers, TwoPacksThatLeaveTogetherAreBothToldAndTheRestHolds) {
    Packs packs = with_quorum({100, 100, 100}, 1);
    packs.run(settled);
    packs.silent[0] = packs.silent[1] = true;
    packs.run(seconds(14));
    packs.tick();
    EXPECT_EQ(times(packs.last.events, EventCode::pack_lost), 2);
    EXPECT_EQ(packs.last.modules, 1);
    const Milliamps reduced = packs.last.charge.value();
    packs.run(seconds(29));
    EXPECT_LE(packs.last.charge.value(), reduced);
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), amps(100));
}

TEST(BankMembers, ALostPackTakesNoPartInWhatTheOthersShare) {
    Packs packs = with_quorum({100, 100, 100}, 2);
    packs.silent[2] = true;
    packs.readings[0].current = amps(60);
    packs.readings[1].current = amps(20);
    packs.readings[2].current = amps(-90);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 825'000);  // three quarters, with the margin
    EXPECT_EQ(packs.part(1).charge_share, 500'000);  // by capacity, of two
    EXPECT_EQ(packs.state.packs[2].charge_share, Share{});
}

TEST(BankMembers, APackThatIsLostLaterIsNotCountedWithItsLastCurrent) {
    Packs packs = with_quorum({100, 100, 100}, 2);
    packs.readings[2].current = amps(-90);
    packs.run(seconds(10));
    packs.silent[2] = true;
    packs.readings[0].current = amps(60);
    packs.readings[1].current = amps(20);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 825'000);
    EXPECT_EQ(packs.last.current, amps(80));
}

TEST(BankMembers, WhatFlowsOutIsSharedApartFromWhatFlowsIn) {
    Packs packs(config_of({100, 100}));
    packs.readings[0].current = amps(-60);
    packs.readings[1].current = amps(-20);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).discharge_share, 825'000);
    EXPECT_EQ(packs.part(1).discharge_share, 500'000);
    EXPECT_EQ(packs.part(0).charge_share, 500'000);
}

TEST(BankMembers, S2_OneUnknownCapacityMakesEveryShareTheWhole) {
    for (const std::size_t unknown : {0U, 1U, 2U}) {
        Packs packs(config_of({100, 100, 100}));
        packs.config.packs[unknown].capacity.reset();
        packs.run(settled);
        for (const std::size_t i : {0U, 1U, 2U})
            EXPECT_EQ(packs.part(i).charge_share, whole_share) << unknown;
        EXPECT_EQ(packs.last.charge.value(), amps(100)) << unknown;
    }
}

TEST(BankMembers, TheCapacityIsWhatTheBmsMeasuredElseItsSetting) {
    Packs packs(config_of({100, 100}));
    for (PackConfig& pack : packs.config.packs) pack.capacity.reset();
    packs.readings[0].capacity = MilliampHours(300'000);
    packs.readings[0].settings.capacity = MilliampHours(50'000);
    packs.readings[1].settings.capacity = MilliampHours(100'000);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 750'000);
    EXPECT_EQ(packs.part(1).charge_share, 250'000);
    packs.readings[1].settings.capacity.reset();  // what is not told again is not forgotten
    packs.run(seconds(5));
    EXPECT_EQ(packs.part(1).charge_share, 250'000);
}

TEST(BankMembers, ARefusedReadingOfOnePackHidesNoNewReadingOfAnother) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    const Millivolts before = packs.last.charge_voltage;
    packs.highest(0, 3500);
    packs.readings[1].cells[0] = mv(19'000);
    packs.tick();
    EXPECT_LT(packs.last.charge_voltage, before);
}

TEST(BankMembers, TheTemperatureIsTheMeanOfTheNamedBatteryProbes) {
    Packs packs(config_of({100, 100}));
    packs.config.packs[1].battery_probes = {Probe::t2};
    packs.readings[0].temperatures[Probe::t1] = celsius(10);
    packs.readings[0].temperatures[Probe::t2] = celsius(16);
    packs.readings[1].temperatures[Probe::t1] = celsius(-30);
    packs.readings[1].temperatures[Probe::t2] = celsius(31);
    packs.tick();
    EXPECT_EQ(packs.last.temperature, celsius(19));
    Packs without(config_of({100, 100}));
    for (PackConfig& pack : without.config.packs) pack.battery_probes = {};
    without.tick();
    EXPECT_EQ(without.last.temperature, celsius(0));  // the field has no word for unknown
}

TEST(BankMembers, WhoComesOrComesBackTakesItsShareFromItsSecondReadingOn) {
    Packs packs = with_quorum({100, 100}, 1);
    for (int times_lost = 0; times_lost < 2; ++times_lost) {
        packs.silent[1] = true;
        packs.run(settled);
        packs.silent[1] = false;
        packs.tick();
        EXPECT_EQ(packs.part(0).charge_share, whole_share) << times_lost;
        packs.tick();
        EXPECT_EQ(packs.part(0).charge_share, 500'000) << times_lost;
    }
}

TEST(BankMembers, TheSumOfWhatThePacksAllowIsListedAsALimiter) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.highest(0, 3450);  // 15 A
    packs.tick();
    EXPECT_EQ(find(packs.last.charge_limiters, Rule::bank_sum)->value(), amps(115));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::bank_sum)->value(), amps(200));
    packs.readings[1].charge_mos = false;
    packs.tick();
    EXPECT_EQ(find(packs.last.charge_limiters, Rule::bank_sum)->value(), amps(15));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::bank_sum)->value(), amps(200));
}

TEST(BankMembers, TheSumRisesAgainWithWhatThePacksAllow) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.highest(0, 3450);
    packs.readings[0].cells[6] = mv(3100);
    packs.run(seconds(3));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::bank_sum)->value(), amps(125));
    packs.highest(0, 3300);
    packs.readings[0].cells[6] = mv(3300);
    packs.run(seconds(3));
    EXPECT_EQ(find(packs.last.charge_limiters, Rule::bank_sum)->value(), amps(200));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::bank_sum)->value(), amps(200));
}

TEST(BankMembers, TheSumIsThatOfThePacksThatAreThere) {
    Packs packs = with_quorum({100, 100}, 1);
    packs.run(settled);
    packs.silent[1] = true;
    packs.run(seconds(30));
    EXPECT_EQ(find(packs.last.charge_limiters, Rule::bank_sum)->value(), amps(100));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::bank_sum)->value(), amps(100));
}

TEST(BankMembers, TheFaultsOfALostPackAreListedAsZero) {
    Packs packs = with_quorum({100, 100}, 1);
    packs.run(settled);
    packs.readings[1] = reading_between(mv(3660), mv(2400));
    packs.run(seconds(3));
    packs.silent[1] = true;
    packs.run(minutes(1));
    ASSERT_FALSE(packs.part(1).present);
    EXPECT_EQ(find(packs.last.charge_limiters, Rule::critical_high)->value(), Milliamps(0));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::critical_high)->value(), Milliamps(0));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::critical_low)->value(), Milliamps(0));
    EXPECT_EQ(find(packs.last.discharge_limiters, Rule::critical_low)->reason().pack, 1);
}

TEST(BankMembers, EachRuleIsListedOnceAndTheSumOnlyForSeveralPacks) {
    Packs packs(config_of({100, 100, 100}));
    packs.tick();
    std::set<Rule> rules;
    for (const ChargeBound& bound : packs.last.charge_limiters) {
        EXPECT_TRUE(rules.insert(bound.reason().rule).second) << name(bound.reason().rule);
    }
    EXPECT_TRUE(rules.contains(Rule::bank_sum));
    Packs single(config_of({100}));
    single.tick();
    EXPECT_EQ(find(single.last.charge_limiters, Rule::bank_sum), nullptr);
    EXPECT_EQ(find(single.last.discharge_limiters, Rule::bank_sum), nullptr);
}

TEST(BankMembers, WhoLeavesIsToldWithTheAgeOfItsDataAndWhoComesWithout) {
    Packs packs = with_quorum({100, 100}, 1);
    packs.silent[0] = true;
    packs.tick();
    const auto told = [&](EventCode code) {
        const auto* const event = std::find_if(packs.last.events.begin(), packs.last.events.end(),
                                               [&](const Event& e) { return e.code == code; });
        return event == packs.last.events.end() ? std::nullopt : std::optional(*event);
    };
    EXPECT_EQ(told(EventCode::pack_lost), (Event{EventCode::pack_lost, 0, 0}));  // never seen
    EXPECT_EQ(told(EventCode::pack_joined), std::nullopt);  // who is there at the start is no news
    packs.silent[0] = false;
    packs.tick();
    EXPECT_EQ(told(EventCode::pack_joined), (Event{EventCode::pack_joined, 0, 0}));
    packs.silent[1] = true;
    packs.run(seconds(15));
    EXPECT_EQ(told(EventCode::pack_lost), (Event{EventCode::pack_lost, 1, 15}));
    packs.tick();
    EXPECT_EQ(told(EventCode::pack_lost), std::nullopt);
    packs.silent[1] = false;
    packs.tick();
    packs.silent[1] = true;
    packs.run(seconds(14));
    packs.tick(milliseconds(1990));
    EXPECT_EQ(told(EventCode::pack_lost), (Event{EventCode::pack_lost, 1, 15}));
}

TEST(BankMembers, APackWithAnotherNumberOfCellsIsToldAgainAfterItWasRight) {
    Packs packs(config_of({100, 100}));
    packs.tick();
    packs.state.packs[1].validator.cell_count.reset();
    packs.readings[1].cells.push_back(mv(3300));
    packs.tick();
    EXPECT_EQ(times(packs.last.events, EventCode::cell_counts_differ), 1);
    EXPECT_TRUE(packs.state.packs[1].cell_count_differs);
    packs.state.packs[1].validator.cell_count.reset();
    packs.readings[1] = packs.readings[0];
    packs.tick();
    EXPECT_FALSE(packs.state.packs[1].cell_count_differs);
}

TEST(BankMembers, AShareIsMeasuredOverAtMostFiveSecondsBetweenTwoReadings) {
    Packs packs(config_of({100, 100}));
    packs.readings[0].current = amps(60);
    packs.readings[1].current = amps(20);
    packs.run(seconds(10));
    const Duration before = packs.state.packs[0].charge_share.measured;
    packs.tick(seconds(6));
    EXPECT_EQ(packs.state.packs[0].charge_share.measured, before + seconds(5));
    packs.tick(seconds(5));
    EXPECT_EQ(packs.state.packs[0].charge_share.measured, before + seconds(10));
}

TEST(BankMembers, AnOpenSwitchFreesItsDirectionFromTheSecondReadingOn) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.readings[0].discharge_mos = false;
    packs.readings[1].charge_mos = false;
    packs.tick();
    EXPECT_TRUE(packs.part(0).discharges && packs.part(1).charges);
    packs.tick();
    EXPECT_FALSE(packs.part(0).discharges || packs.part(1).charges);
    EXPECT_TRUE(packs.part(0).charges && packs.part(1).discharges);
}

}  // namespace
}  // namespace jkp::control::test
