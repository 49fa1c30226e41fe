// SPDX-License-Identifier: MIT
// Hard stop, critical voltages, lockout and recovery.
#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

TEST(HardStop, EndsTheChargeAMarginBeforeTheCellIsThere) {
    Config config = config_of_one();
    config.curves = cell_curves(Preset::original);
    Rig rig(config);
    rig.settle(reading_between(mv(3539), mv(3300)));
    EXPECT_EQ(rig.last.charge.value(), amps(2));
    rig.now += seconds(1);
    rig.feed(reading_between(mv(3540), mv(3300)));
    EXPECT_EQ(rig.last.charge.value(), amps(0));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::hard_stop);
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_FALSE(rig.last.protections.has(BatteryFlag::over_voltage));
    rig.now += seconds(1);
    rig.feed(reading_between(mv(3550), mv(3300)));
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::over_voltage));

    config.cells.hard_stop_margin = mv(0);
    Rig late(config);
    late.settle(reading_between(mv(3549), mv(3300)));
    EXPECT_EQ(late.last.charge.value(), amps(2));
}

const PackLatches& latches(const Rig& rig) {
    return rig.state.packs[0].latches;
}

// Two samples with this highest cell.
void peak(Rig& rig, int high) {
    rig.reading = reading_between(mv(high), mv(3300));
    rig.feed_for(seconds(2));
}

TEST(Latches, AHardStopIsImmediateAndNotLatchedBelow3600) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    rig.now += seconds(1);
    rig.feed(reading_between(mv(3550), mv(3300)));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::over_voltage));
    peak(rig, 3599);
    EXPECT_FALSE(latches(rig).hard_stop);
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    rig.settle(reading_at(mv(3300)));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
}

TEST(Latches, TheHardStopLatchHoldsUntil3450WasLeftForAMinuteWithoutGaps) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    peak(rig, 3600);
    ASSERT_TRUE(latches(rig).hard_stop);
    EXPECT_TRUE(rig.happened(EventCode::hard_stop_latched));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::hard_stop_latched)->reason().value, 3600);
    peak(rig, 3450);
    rig.feed_for(minutes(5));
    EXPECT_TRUE(latches(rig).hard_stop);  // not below 3.45 V
    rig.reading = reading_between(mv(3449), mv(3300));
    rig.feed_for(seconds(60));
    EXPECT_TRUE(latches(rig).hard_stop);  // 59 s
    rig.silent_for(seconds(6));
    rig.feed_for(seconds(60));
    EXPECT_TRUE(latches(rig).hard_stop);  // the gap began it anew
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_FALSE(rig.last.charge_enable);
    rig.feed_for(seconds(1));
    EXPECT_FALSE(latches(rig).hard_stop);
    EXPECT_TRUE(rig.happened(EventCode::hard_stop_released));
}

TEST(Latches, CriticalHighBlocksBothUntilReleasedStepByStep) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    peak(rig, 3650);
    EXPECT_EQ(latches(rig).high, HighFault::blocked);
    EXPECT_EQ(rig.last.phase, Phase::fault);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_FALSE(rig.last.discharge_enable);
    EXPECT_EQ(acknowledge(rig.config, rig.state, 0, rig.now).error(), Refusal::still_critical);

    rig.settle(reading_at(mv(3400)));
    rig.feed_for(minutes(1));
    EXPECT_EQ(latches(rig).high, HighFault::awaiting_operator);
    EXPECT_TRUE(rig.happened(EventCode::critical_high_discharge_freed));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.phase, Phase::fault);
    rig.feed_for(hours(3));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));

    EXPECT_TRUE(acknowledge(rig.config, rig.state, 0, rig.now).has_value());
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    rig.feed_for(seconds(150));
    EXPECT_EQ(rig.last.charge.value(), amps(45));
    EXPECT_EQ(rig.last.phase, Phase::bulk);
    EXPECT_EQ(acknowledge(rig.config, rig.state, 0, rig.now).error(), Refusal::nothing_to_acknowledge);
}

TEST(Latches, CriticalLowBlocksDischargeUntilAcknowledged) {
    Rig rig;
    rig.settle(reading_at(mv(2800)));
    rig.reading = reading_between(mv(2800), mv(2500));
    rig.feed_for(seconds(2));
    EXPECT_TRUE(latches(rig).low);
    EXPECT_EQ(rig.last.phase, Phase::fault);
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::under_voltage));
    rig.settle(reading_at(mv(2999)));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_EQ(acknowledge(rig.config, rig.state, 0, rig.now).error(), Refusal::still_critical);
    rig.settle(reading_at(mv(3250)));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::critical_low)->value(), Milliamps(0));
    EXPECT_TRUE(acknowledge(rig.config, rig.state, 0, rig.now).has_value());
    rig.settle(reading_at(mv(3250)));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
}

Rig locked_out(int low = 2600) {
    Rig rig;
    rig.settle(reading_between(mv(low + 20), mv(low)));
    return rig;
}

TEST(Latches, BelowTwoPointSevenVoltsChargeStaysZeroUntilReleasedLocally) {
    Rig rig = locked_out(2699);
    EXPECT_TRUE(latches(rig).lockout);
    EXPECT_TRUE(rig.happened(EventCode::low_cell_lockout));
    rig.settle(reading_at(mv(3300)));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::low_cell_lockout);
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_TRUE(rig.last.alarms.has(BatteryFlag::under_voltage));

    Rig healthy;
    healthy.settle(reading_at(mv(2700)));
    EXPECT_FALSE(latches(healthy).lockout);
    EXPECT_EQ(recover(healthy.config, healthy.state, 0, healthy.now).error(), Refusal::nothing_to_recover);
}

TEST(Latches, RecoveryIsRefusedWithItsReason) {
    Rig rig = locked_out();
    const auto refusal = [&] { return recover(rig.config, rig.state, 0, rig.now).error(); };
    const PackReading good = rig.reading;
    EXPECT_EQ(recover(rig.config, rig.state, 1, rig.now).error(), Refusal::no_such_pack);
    EXPECT_EQ(recover(rig.config, rig.state, 0, rig.now + seconds(3)).error(), Refusal::no_data);
    rig.reading = reading_between(mv(2100), mv(1999));
    rig.feed_for(seconds(1));
    EXPECT_EQ(refusal(), Refusal::below_floor);
    rig.reading = good;
    rig.reading.temperatures[Probe::t2] = celsius(4.9);
    rig.feed_for(seconds(1));
    EXPECT_EQ(refusal(), Refusal::too_cold);
    rig.reading = good;
    rig.reading.charge_mos = false;
    rig.feed_for(seconds(1));
    EXPECT_EQ(refusal(), Refusal::charge_mos_off);
    rig.reading = good;
    rig.feed_for(seconds(1));
    EXPECT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    EXPECT_EQ(refusal(), Refusal::already_recovering);
}

TEST(Latches, RecoveryChargesWithTwoPercentOfTheCapacityAndAtMostFiveAmperes) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.feed_for(minutes(2));
    EXPECT_EQ(rig.last.charge.value(), amps(2));  // 0.02 x 100 Ah
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::recovery);
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));

    Config large = config_of_one();
    large.packs[0].capacity = MilliampHours(600'000);
    Rig big(large);
    big.settle(reading_between(mv(2620), mv(2600)));
    ASSERT_TRUE(recover(big.config, big.state, 0, big.now).has_value());
    big.feed_for(minutes(2));
    EXPECT_EQ(big.last.charge.value(), amps(5));
}

TEST(Latches, RecoveryPausesWhileTooColdOrWithoutChargeMos) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.feed_for(minutes(2));
    const PackReading good = rig.reading;
    rig.reading.temperatures[Probe::t1] = celsius(4);
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    rig.reading = good;
    rig.feed_for(minutes(2));
    EXPECT_EQ(rig.last.charge.value(), amps(2));
    rig.reading.charge_mos = false;
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_TRUE(latches(rig).recovery.has_value());
}

TEST(Latches, RecoveryEndsWhenTheCellDoesNotRiseWithinHalfAnHour) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.reading = reading_between(mv(2629), mv(2609));  // 9 mV: noise and the current itself
    rig.feed_for(minutes(30) - seconds(1));
    EXPECT_TRUE(latches(rig).recovery.has_value());
    rig.feed_for(seconds(1));
    EXPECT_FALSE(latches(rig).recovery.has_value());
    EXPECT_TRUE(latches(rig).lockout);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_TRUE(rig.happened(EventCode::recovery_ended));
}

TEST(Latches, RecoveryEndsAfterFourHoursOrBelowItsFloor) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.reading = reading_between(mv(2670), mv(2650));
    rig.feed_for(hours(4) - seconds(5), seconds(5));
    EXPECT_TRUE(latches(rig).recovery.has_value());
    EXPECT_EQ(rig.last.charge.value(), amps(2));
    rig.feed_for(seconds(5), seconds(5));
    EXPECT_FALSE(latches(rig).recovery.has_value());
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));

    Rig falling = locked_out();
    ASSERT_TRUE(recover(falling.config, falling.state, 0, falling.now).has_value());
    falling.reading = reading_between(mv(2100), mv(1990));
    falling.feed_for(seconds(1));
    EXPECT_FALSE(latches(falling).recovery.has_value());
    EXPECT_TRUE(latches(falling).lockout);
}

TEST(Latches, RecoverySucceedsWhenTheLowestCellStaysWell) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.reading = reading_between(mv(2920), mv(2900));
    rig.feed_for(seconds(60));
    EXPECT_TRUE(latches(rig).lockout);
    rig.feed_for(seconds(1));
    EXPECT_FALSE(latches(rig).lockout);
    EXPECT_TRUE(rig.happened(EventCode::recovery_succeeded));
    rig.settle(reading_at(mv(3100)));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
}

TEST(Latches, AReloadedConfigurationForgetsNoLatch) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    peak(rig, 3660);
    Config more = rig.config;
    more.packs.push_back(more.packs[0]);
    more.packs[1].name = "B";
    const State adopted = adopt(more, rig.config, rig.state);
    EXPECT_EQ(adopted.packs.size(), 2U);
    EXPECT_EQ(adopted.packs[0].latches, rig.state.packs[0].latches);
    EXPECT_FALSE(adopted.packs[1].sample.has_value());
}

TEST(Latches, WithoutABatteryProbeNobodyKnowsThatItIsWarmEnoughToRecover) {
    Rig rig;
    rig.config.packs[0].battery_probes = {};
    rig.settle(reading_between(mv(2620), mv(2600)));
    EXPECT_EQ(recover(rig.config, rig.state, 0, rig.now).error(), Refusal::too_cold);
}

// The BMS's measured capacity, else its setting; with neither nobody knows what 0.02 C is.
TEST(Latches, RecoveryFindsTheCapacityWhereItIsTold) {
    const auto allowed = [](std::optional<int> measured_ah, std::optional<int> setting_ah) {
        Rig rig;
        rig.config.packs[0].capacity.reset();
        PackReading low = reading_between(mv(2620), mv(2600));
        if (measured_ah) low.capacity = MilliampHours(*measured_ah * 1000);
        if (setting_ah) low.settings.capacity = MilliampHours(*setting_ah * 1000);
        rig.settle(low);
        EXPECT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
        rig.feed_for(minutes(2));
        return rig.last.charge.value();
    };
    EXPECT_EQ(allowed(150, 200), amps(3));
    EXPECT_EQ(allowed(std::nullopt, 200), amps(4));
    EXPECT_EQ(allowed(std::nullopt, std::nullopt), Milliamps(0));
}

// Such a reading is doubted, so the recovery itself does not see it; the limit does.
TEST(Latches, ACellBelowTheFloorStopsRecoveryAtOnceAlsoInAReadingWithAnImpossibleCurrent) {
    Rig rig = locked_out(2050);
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.feed_for(minutes(2));
    ASSERT_EQ(rig.last.charge.value(), amps(2));
    PackReading doubted = reading_between(mv(2020), mv(1999));
    doubted.current = amps(400);
    rig.now += seconds(1);
    rig.feed(doubted);
    EXPECT_TRUE(latches(rig).recovery.has_value());
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
}

TEST(Latches, ALatchIsToldWithTheAgeOfTheReadingItNames) {
    Rig rig;
    rig.reading = reading_between(mv(3610), mv(2400));
    rig.feed_for(seconds(3));
    rig.now += milliseconds(1500);
    rig.silent();
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::hard_stop_latched)->reason().age, milliseconds(1500));
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::critical_low)->reason().age, milliseconds(1500));
}

TEST(Latches, RecoveryDoesNotSucceedAMillivoltTooLow) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.reading = reading_between(mv(2920), mv(2899));
    rig.feed_for(minutes(5));
    EXPECT_TRUE(latches(rig).lockout);
    EXPECT_TRUE(latches(rig).recovery.has_value());
}

TEST(Latches, EachFaultNamesTheCellThatCausedIt) {
    Rig rig;
    rig.reading = reading_between(mv(3660), mv(2490));
    rig.feed_for(seconds(3));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::critical_high)->reason().value, 3660);
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::critical_high)->reason().index, 3);
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::critical_high)->reason().value, 3660);
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::critical_low)->reason().value, 2490);
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::hard_stop_latched)->reason().index, 3);
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::low_cell_lockout)->reason().index, 7);
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::low_cell_lockout)->reason().value, 2490);
}

TEST(Latches, ALowFaultIsOverFromExactlyThreeVoltsOn) {
    Rig rig;
    rig.reading = reading_between(mv(2800), mv(2500));
    rig.feed_for(seconds(2));
    rig.reading = reading_at(mv(3000));
    rig.feed_for(seconds(2));
    EXPECT_TRUE(acknowledge(rig.config, rig.state, 0, rig.now).has_value());
}

TEST(Latches, TenMillivoltsAreARiseAndSuccessEndsTheRecovery) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.reading = reading_between(mv(2630), mv(2610));
    rig.feed_for(minutes(31));
    EXPECT_TRUE(latches(rig).recovery.has_value());
    rig.reading = reading_between(mv(2920), mv(2900));
    rig.feed_for(seconds(61));
    EXPECT_FALSE(latches(rig).lockout);
    EXPECT_FALSE(latches(rig).recovery.has_value());
}

TEST(Latches, RecoveryStartsAndGoesOnAtExactlyItsFloorAndItsTemperature) {
    Rig rig = locked_out(2000);
    rig.reading.temperatures[Probe::t2] = celsius(5);
    rig.feed_for(seconds(1));
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    rig.feed_for(minutes(2));
    EXPECT_EQ(rig.last.charge.value(), amps(2));
}

TEST(Latches, RecoveryAsksForTheSwitchOfCharging) {
    Rig rig = locked_out();
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    Sample sample = *rig.state.packs[0].sample;
    sample.reading.discharge_mos = false;
    EXPECT_EQ(recovery_current(latches(rig), rig.config, 0, sample), amps(2));
    sample.reading.charge_mos = false;
    EXPECT_EQ(recovery_current(latches(rig), rig.config, 0, sample), Milliamps(0));
}

TEST(Since, CountsFromTheFirstSampleAndStartsAnewAfterAGap) {
    Since since;
    EXPECT_EQ(since.observe(true, at(seconds(100)), seconds(5)), Duration{});
    EXPECT_EQ(since.observe(true, at(seconds(105)), seconds(5)), seconds(5));  // no gap yet
    EXPECT_EQ(since.observe(true, at(seconds(110)) + Duration(1), seconds(5)), Duration{});
    EXPECT_EQ(since.observe(true, at(seconds(112)) + Duration(1), seconds(5)), seconds(2));
    EXPECT_EQ(since.observe(false, at(seconds(113)), seconds(5)), Duration{});
    EXPECT_EQ(since.observe(true, at(seconds(114)), seconds(5)), Duration{});
}

TEST(Latches, AnAcknowledgementLooksAtTheCellsOfNow) {
    Rig low;
    low.reading = reading_between(mv(2800), mv(2500));
    low.feed_for(seconds(2));
    low.reading = reading_between(mv(3100), mv(2999));
    low.feed_for(seconds(2));
    EXPECT_EQ(acknowledge(low.config, low.state, 0, low.now).error(), Refusal::still_critical);

    Rig high;
    peak(high, 3650);
    high.settle(reading_at(mv(3300)));
    ASSERT_EQ(latches(high).high, HighFault::awaiting_operator);
    high.now += seconds(1);
    high.feed(reading_between(mv(3650), mv(3300)));  // one sample more
    EXPECT_EQ(acknowledge(high.config, high.state, 0, high.now).error(), Refusal::still_critical);
    high.now += seconds(1);
    high.feed(reading_between(mv(3649), mv(3300)));
    EXPECT_TRUE(acknowledge(high.config, high.state, 0, high.now).has_value());
}

}  // namespace
}  // namespace jkp::control::test
