// SPDX-License-Identifier: MIT
// Several packs as one bank: shares, switches, quorum, joining and leaving.
#include <gtest/gtest.h>

#include "control/shares.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

constexpr Duration settled = minutes(6);

TEST(Bank, EqualPacksGiveTheSumOfTheirLimits) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), amps(200));
    EXPECT_EQ(packs.last.discharge.value(), amps(200));
    EXPECT_EQ(packs.last.modules, 2);
}

TEST(Bank, APackWithAnotherNumberOfCellsIsToldOnce) {
    Packs packs(config_of({100, 100, 100}));
    packs.readings[1].cells.push_back(mv(3300));
    sum_up(packs.readings[1]);
    packs.tick();
    ASSERT_TRUE(packs.happened(EventCode::cell_counts_differ));
    const auto* const told =
        std::find_if(packs.happenings.begin(), packs.happenings.end(),
                     [](const Event& e) { return e.code == EventCode::cell_counts_differ; });
    EXPECT_EQ(*told, (Event{EventCode::cell_counts_differ, 1, 17}));
    packs.happenings.clear();
    packs.run(seconds(30));
    EXPECT_FALSE(packs.happened(EventCode::cell_counts_differ));
    EXPECT_FALSE(packs.state.packs[2].cell_count_differs);
}

TEST(Bank, S1_APackThatTakesHalfHoldsTheBankToTwiceItsLimit) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.highest(1, 3420);  // half of 100 A
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(100));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::cell_high_curve);
    EXPECT_EQ(packs.last.charge.reason().pack, 1);
    EXPECT_EQ(packs.last.charge.reason().index, 3);
    EXPECT_EQ(packs.last.charge.reason().share_ppm, 500'000);
    EXPECT_EQ(packs.last.highest_pack, 1);
}

TEST(Bank, S1_TheSmallerPackOfTwoLimitsByItsCapacity) {
    Packs packs(config_of({300, 100}));
    packs.run(settled);
    // Three quarters of the current go through the large pack, which may take 100 A.
    EXPECT_EQ(packs.last.charge.value(), Milliamps(133'333));
    EXPECT_EQ(packs.last.charge.reason().pack, 0);
    packs.highest(1, 3420);
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), Milliamps(133'333));  // a quarter of it is less than 50 A
    packs.highest(1, 3450);                                    // 15 A
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(60));
}

TEST(Bank, S1_AMeasuredShareCountsWithItsMarginWhenItIsTheLarger) {
    Packs packs(config_of({100, 100}));
    packs.readings[0].current = amps(60);
    packs.readings[1].current = amps(20);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 825'000);
    EXPECT_EQ(packs.part(1).charge_share, 500'000);
    EXPECT_EQ(packs.part(0).discharge_share, 500'000);  // nothing was discharged yet
    EXPECT_EQ(packs.last.charge.value(), for_bank(amps(100), 825'000));
}

TEST(Bank, ASmallCurrentTeachesNoShare) {
    Packs packs(config_of({100, 100}));
    packs.readings[0].current = amps(9);
    packs.readings[1].current = amps(1);  // 0.05 C of 200 Ah in all
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 500'000);
}

TEST(Bank, PacksThatFeedEachOtherTeachNoShare) {
    Packs packs(config_of({100, 100}));
    packs.readings[0].current = amps(60);
    packs.readings[1].current = amps(-5);
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, 500'000);
}

TEST(Bank, AShareIsBelievedOnlyAfterAMinute) {
    Packs packs(config_of({100, 100}));
    packs.run(seconds(5));
    packs.readings[0].current = amps(60);
    packs.readings[1].current = amps(20);
    packs.run(seconds(59));
    EXPECT_EQ(packs.part(0).charge_share, 500'000);
    packs.run(seconds(2));
    EXPECT_EQ(packs.part(0).charge_share, 825'000);
}

TEST(Bank, S2_AnUnknownCapacityMayTakeTheWholeCurrent) {
    Config config = config_of({100, 100});
    config.packs[1].capacity.reset();
    Packs packs(config);
    packs.readings[1].capacity.reset();
    packs.readings[1].settings.capacity.reset();
    packs.run(settled);
    EXPECT_EQ(packs.part(0).charge_share, whole_share);
    EXPECT_EQ(packs.last.charge.value(), amps(100));
}

TEST(Bank, APackAtZeroWithItsSwitchOnHoldsTheBankAtZero) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.highest(0, 3510);
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    EXPECT_FALSE(packs.last.charge_enable);
    EXPECT_EQ(packs.last.discharge.value(), amps(200));
    EXPECT_TRUE(packs.last.discharge_enable);
}

TEST(Bank, APackWithItsChargeSwitchOffLeavesChargingToTheOther) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.highest(0, 3600);
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    packs.readings[0].charge_mos = false;
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(0));  // one sample alone loosens nothing
    packs.run(settled);
    EXPECT_FALSE(packs.part(0).charges);
    EXPECT_TRUE(packs.part(0).discharges);
    EXPECT_EQ(packs.last.charge.value(), amps(100));
    EXPECT_EQ(packs.last.charge.reason().pack, 1);
    EXPECT_TRUE(packs.last.charge_enable);
    EXPECT_EQ(packs.last.discharge.value(), amps(200));
}

TEST(Bank, S2_ASwitchThatOpensGivesItsShareToTheOthersAtOnce) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.readings[0].charge_mos = false;
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(100));
}

TEST(Bank, S2_ASwitchThatClosesCountsAtOnceAndTakesItsShareOnlyWhenConfirmed) {
    Packs packs(config_of({100, 100}));
    packs.readings[0].charge_mos = false;
    packs.run(settled);
    packs.readings[0].charge_mos = true;
    packs.highest(0, 3510);
    packs.tick();
    EXPECT_TRUE(packs.part(0).charges);
    EXPECT_EQ(packs.part(1).charge_share, whole_share);
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    packs.tick();
    EXPECT_EQ(packs.part(1).charge_share, 500'000);
}

TEST(Bank, TheLastSwitchThatOpensStopsTheBank) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.readings[0].charge_mos = packs.readings[1].charge_mos = false;
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::mos_off);
    EXPECT_FALSE(packs.last.charge_enable);
    EXPECT_EQ(packs.last.discharge.value(), amps(200));
}

TEST(Bank, TheBankMaximumLimitsAllPacksTogether) {
    Config config = config_of({100, 100});
    config.bank.max_charge = amps(150);
    Packs packs(config);
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), amps(150));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::bank_maximum);
    EXPECT_EQ(packs.last.discharge.value(), amps(200));
}

TEST(Bank, S8_ManyLargePacksStayWithinTheWire) {
    Config config = config_of(std::vector<int>(64, 600), 300);
    config.dynamics.rise_per_second = amps(200);
    Packs packs(std::move(config));
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), Milliamps(3'276'700));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::bank_maximum);
}

TEST(Bank, S5_WithoutAQuorumEveryPackMustHaveAnswered) {
    Packs packs(config_of({100, 100}));
    packs.silent[1] = true;
    packs.run(minutes(5));
    EXPECT_FALSE(packs.last.complete);
    EXPECT_FALSE(packs.last.transmit);
    packs.silent[1] = false;
    packs.tick();
    EXPECT_TRUE(packs.last.complete);
    EXPECT_EQ(packs.last.charge.value(), amps(0));
}

TEST(Bank, S5_TheQuorumStartsWithoutTheMissingPackAndSaysSo) {
    Config config = config_of({100, 100});
    config.bank.quorum = 1;
    Packs packs(config);
    packs.silent[1] = true;
    packs.run(settled);
    EXPECT_TRUE(packs.last.complete);
    EXPECT_TRUE(packs.happened(EventCode::pack_lost));
    EXPECT_EQ(packs.last.charge.value(), amps(100));
    EXPECT_EQ(packs.last.modules, 1);
    packs.silent[1] = false;
    packs.tick();
    EXPECT_TRUE(packs.happened(EventCode::pack_joined));
    EXPECT_EQ(packs.last.charge.value(), amps(100));  // the first sample of the newcomer loosens nothing
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), amps(200));
}

TEST(Bank, S6_ALostPackWithoutAQuorumBringsTheBankToZero) {
    Packs packs(config_of({100, 100}));
    packs.run(settled);
    packs.silent[1] = true;
    packs.run(seconds(10));
    EXPECT_EQ(packs.last.charge.value(), amps(100));  // half of 200 A at 10 s
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::age);
    packs.run(seconds(5));
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    EXPECT_TRUE(packs.last.protections.has(BatteryFlag::system_error));
    EXPECT_EQ(packs.last.age_stage, AgeStage::zero);
    packs.run(minutes(5));
    EXPECT_EQ(packs.last.discharge.value(), amps(0));
}

TEST(Bank, S6_WithAQuorumALostPackIsLeftOutOnlyAfterTheLadderAndTheRestRisesSlowly) {
    Config config = config_of({100, 100, 100});
    config.bank.quorum = 2;
    Packs packs(config);
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), Milliamps(299'999));  // a third is rounded up
    packs.silent[2] = true;
    packs.run(seconds(14));
    EXPECT_EQ(packs.last.charge.value(), Milliamps(29'999));
    packs.tick();
    EXPECT_TRUE(packs.happened(EventCode::pack_lost));
    EXPECT_FALSE(packs.happened(EventCode::data_zero));
    EXPECT_LE(packs.last.charge.value(), amps(30));
    EXPECT_FALSE(packs.last.protections.has(BatteryFlag::system_error));
    packs.run(seconds(29));
    EXPECT_LE(packs.last.charge.value(), amps(30));
    packs.run(settled);
    EXPECT_EQ(packs.last.charge.value(), amps(200));
    EXPECT_EQ(packs.last.modules, 2);
    packs.silent[1] = true;  // one more than the quorum allows
    packs.run(seconds(15));
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    EXPECT_TRUE(packs.last.protections.has(BatteryFlag::system_error));
}

TEST(Bank, AFaultStopsTheBankAlsoWhenThePacksOwnSwitchesAreOpenOrItIsLost) {
    Config config = config_of({100, 100});
    config.bank.quorum = 1;
    Packs packs(config);
    packs.run(settled);
    packs.highest(1, 3660);
    packs.run(seconds(2));
    EXPECT_EQ(packs.last.phase, Phase::fault);
    packs.readings[1].charge_mos = packs.readings[1].discharge_mos = false;
    packs.run(minutes(2));
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    EXPECT_EQ(packs.last.discharge.value(), amps(0));
    packs.silent[1] = true;
    packs.run(minutes(2));
    EXPECT_FALSE(packs.part(1).present);
    EXPECT_EQ(packs.last.charge.value(), amps(0));
    EXPECT_EQ(packs.last.discharge.value(), amps(0));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::critical_high);
    EXPECT_EQ(packs.last.charge.reason().pack, 1);
}

TEST(Bank, ALowFaultOfALostPackStopsDischarging) {
    Config config = config_of({100, 100});
    config.bank.quorum = 1;
    Packs packs(config);
    packs.run(settled);
    packs.readings[1].cells[4] = mv(2490);
    packs.run(seconds(2));
    packs.silent[1] = true;
    packs.run(minutes(2));
    EXPECT_EQ(packs.last.discharge.value(), amps(0));
    EXPECT_EQ(packs.last.discharge.reason().rule, Rule::critical_low);
    EXPECT_GT(packs.last.charge.value(), amps(0));
}

TEST(Bank, CurrentIsTheSumVoltageTheMeanAndSocWeighted) {
    Packs packs(config_of({300, 100}));
    packs.readings[0].current = amps(30);
    packs.readings[1].current = amps(10);
    packs.readings[0].soc = percent(80);
    packs.readings[1].soc = percent(40);
    packs.tick();
    EXPECT_EQ(packs.last.current, amps(40));
    EXPECT_EQ(packs.last.soc, percent(70));
}

TEST(Bank, TheChargeVoltageFollowsTheWorstPack) {
    Packs packs(config_of({100, 100}));
    packs.readings[1].settings.cell_over_voltage = mv(3450);
    packs.run(seconds(5));
    const Millivolts lowered = thresholds(packs.config, mv(3450)).charge_per_cell;
    EXPECT_EQ(packs.last.charge_voltage, lowered * 16);
}

TEST(Bank, AProtectionNeedsAllPacksAndIsAnAlarmOtherwise) {
    Packs packs(config_of({100, 100}));
    packs.run(seconds(5));
    packs.highest(0, 3580);
    packs.tick();
    EXPECT_FALSE(packs.last.protections.has(BatteryFlag::over_voltage));
    EXPECT_TRUE(packs.last.alarms.has(BatteryFlag::over_voltage));
    packs.highest(1, 3580);
    packs.tick();
    EXPECT_TRUE(packs.last.protections.has(BatteryFlag::over_voltage));
}

}  // namespace
}  // namespace jkp::control::test
