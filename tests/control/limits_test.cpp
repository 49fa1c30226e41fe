// SPDX-License-Identifier: MIT
// The rules that always hold, one direct test each; properties over random inputs are in properties_test.
#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

TEST(Limits, S1_TheTightestLimiterWinsInEachDirection) {
    Rig rig;
    PackReading reading = reading_between(mv(3450), mv(3100));
    const Decision& d = rig.settle(reading);
    EXPECT_EQ(d.charge.value(), amps(9));  // 0.15 x 60 A at 3.45 V
    EXPECT_EQ(d.charge.reason().rule, Rule::cell_high_curve);
    EXPECT_EQ(d.discharge.value().count(), 60'000 * 250 / 1000);  // 0.15 + 20/70 * 0.35 at 3.10 V
    EXPECT_EQ(d.discharge.reason().rule, Rule::cell_low_curve);
    for (const ChargeBound& bound : d.charge_limiters) EXPECT_LE(d.charge.value(), bound.value());
    for (const DischargeBound& bound : d.discharge_limiters) EXPECT_LE(d.discharge.value(), bound.value());
}

TEST(Limits, S1_TheUsersMaximumAndNineTenthsOfTheBmsSettingCap) {
    Rig rig;
    PackReading reading = reading_at(mv(3300));
    reading.settings.charge_over_current = amps(50);
    EXPECT_EQ(rig.settle(reading).charge.value(), amps(45));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::bms_over_current);
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    EXPECT_EQ(rig.last.discharge.reason().rule, Rule::user_maximum);
}

TEST(Limits, S2_ARejectedSampleChangesNoLimitAndTheOldOneKeepsAgeing) {
    Rig rig;
    rig.settle(reading_at(mv(3440)));
    const Milliamps before = rig.last.charge.value();
    PackReading impossible = reading_at(mv(3300));
    impossible.cells[4] = mv(19'000);
    for (int i = 0; i < 4; ++i) {
        rig.now += seconds(1);
        rig.feed(impossible);
        EXPECT_LE(rig.last.charge.value(), before);
    }
    EXPECT_EQ(rig.last.age, seconds(4));
    EXPECT_TRUE(rig.happened(EventCode::sample_rejected));
}

TEST(Limits, S2_AGapInTheDataDoesNotMakeOneSampleEnoughToLoosen) {
    Rig rig;
    rig.settle(reading_at(mv(3440)));
    rig.now += seconds(7);  // nobody stepped meanwhile
    rig.feed(reading_at(mv(3300)));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::cell_high_curve)->reason().value, 3440);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::cell_high_curve)->reason().value, 3300);
}

TEST(Limits, S2_SettingsThatAreMissingLaterKeepTheirLastValue) {
    Rig rig;
    PackReading reading = reading_at(mv(3350));
    reading.settings.cell_over_voltage = mv(3450);
    rig.settle(reading);
    const Milliamps limit = rig.last.charge.value();
    const Millivolts voltage = rig.last.charge_voltage;
    EXPECT_EQ(rig.state.packs[0].limits.lowered_by, mv(110));
    reading.settings = {};
    rig.settle(reading);
    EXPECT_EQ(rig.state.packs[0].limits.lowered_by, mv(110));
    EXPECT_EQ(rig.last.charge.value(), limit);
    EXPECT_EQ(rig.last.charge_voltage, voltage);
}

TEST(Limits, S3_ADecreaseIsImmediateAndAnIncreaseWaits) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    ASSERT_EQ(rig.last.charge.value(), amps(60));
    rig.now += seconds(1);
    EXPECT_EQ(rig.feed(reading_at(mv(3450))).charge.value(), amps(9));
    rig.reading = reading_at(mv(3300));
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), amps(9));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::hold);
    EXPECT_EQ(rig.last.charge_rise, (Rise{amps(60), seconds(1)}));
    rig.feed_for(seconds(59));
    EXPECT_EQ(rig.last.charge.value(), amps(9));  // for the whole window
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::hold);
    rig.feed_for(seconds(10));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::ramp);
    EXPECT_GE(rig.last.charge.value(), amps(14));
    EXPECT_LE(rig.last.charge.value(), amps(16));
}

TEST(Limits, S4_WithNothingButCellsToCompareTheCellLimitIsNeverExceeded) {
    for (int h = 3300; h <= 3560; h += 7) {
        Rig rig;
        rig.config.packs[0].max_charge = amps(200);
        rig.settle(reading_at(mv(h)));
        const Milliamps cell = evaluate(rig.config.curves.charge_by_highest, h, amps(200));
        EXPECT_LE(rig.last.charge.value(), cell) << h;
    }
}

TEST(Limits, S5_NothingIsSentBeforeTheFirstCompleteReading) {
    Rig rig;
    rig.silent_for(seconds(30));
    EXPECT_FALSE(rig.last.complete);
    EXPECT_FALSE(rig.last.transmit);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    PackReading without_probe = reading_at(mv(3300));
    without_probe.temperatures[Probe::t2].reset();
    EXPECT_FALSE(rig.feed(without_probe).transmit);
}

TEST(Limits, S5_TheFirstBurstsCarryTrueValuesAndNoLimits) {
    Rig rig;
    PackReading reading = reading_at(mv(3310));
    reading.current = amps(-12.2);
    const Decision& d = rig.feed(reading);
    EXPECT_TRUE(d.transmit);
    EXPECT_EQ(d.voltage, mv(16 * 3310));
    EXPECT_EQ(d.current, amps(-12.2));
    EXPECT_EQ(d.soc, percent(50));
    EXPECT_EQ(d.temperature, celsius(20));
    EXPECT_EQ(d.charge.value(), Milliamps(0));
    EXPECT_EQ(d.discharge.value(), Milliamps(0));
    EXPECT_EQ(d.charge.reason().rule, Rule::start);
    EXPECT_TRUE(d.charge_enable);
}

TEST(Limits, S5_AProbeThatIsNamedLaterMakesThePackIncompleteUntilItAnswers) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    Config changed = rig.config;
    changed.packs[0].battery_probes.push_back(Probe::t3);
    rig.state = adopt(changed, rig.config, rig.state);
    rig.config = changed;
    rig.now += seconds(1);
    EXPECT_FALSE(rig.feed().transmit);
    rig.reading.temperatures[Probe::t3] = celsius(20);
    rig.now += seconds(1);
    EXPECT_TRUE(rig.feed().transmit);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
}

TEST(Limits, S7_AStepThatIsNotCompleteForThisInstantNeverAllowsFrames) {
    Rig rig;
    for (int i = 0; i < 10; ++i) {
        rig.now += seconds(1);
        EXPECT_EQ(rig.silent().transmit, false);
        EXPECT_EQ(rig.last.at, rig.now);
    }
    rig.feed();
    EXPECT_TRUE(rig.last.transmit);
    EXPECT_EQ(rig.last.at, rig.now);
}

TEST(Limits, S8_AnAbsurdOverVoltageSettingLeavesEveryOutputInRange) {
    for (const int ovp : {0, -5, 500, 1000, 5000, 65'535}) {
        Rig rig;
        PackReading reading = reading_at(mv(3300));
        reading.settings.cell_over_voltage = mv(ovp);
        rig.settle(reading);
        EXPECT_GE(rig.last.charge_voltage, mv(0)) << ovp;
        EXPECT_LE(rig.last.charge_voltage, mv(16 * 3450)) << ovp;
        EXPECT_GE(rig.last.charge.value(), Milliamps(0)) << ovp;
    }
}

TEST(Limits, S9_AHigherCellNeverAllowsMoreChargeAndALowerCellNeverMoreOfAnything) {
    const Config config = config_of_one();
    Milliamps before = Milliamps::max();
    for (int h = 3200; h <= 3700; ++h) {
        Rig rig;
        rig.settle(reading_between(mv(h), mv(3200)));
        EXPECT_LE(rig.last.charge.value(), before) << h;
        before = rig.last.charge.value();
    }
    DischargeBound lower;
    for (int l = 3300; l >= 2400; l -= 3) {
        const Milliamps allowed = evaluate(config.curves.discharge_by_lowest, l, amps(60));
        EXPECT_LE(allowed, lower.value()) << l;
        lower = {allowed, {}};
    }
}

TEST(Limits, S10_ALocalReleaseNeverRaisesALimitInTheSameInstant) {
    Rig rig;
    rig.settle(reading_at(mv(2600)));
    ASSERT_TRUE(rig.state.packs[0].latches.lockout);
    ASSERT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
    EXPECT_EQ(rig.silent().charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
}

TEST(Limits, S11_EachLimitNamesRulePackCellValueAndAge) {
    Rig rig;
    rig.settle(reading_between(mv(3460), mv(3090)));
    rig.now += milliseconds(700);
    const Decision& d = rig.silent();
    EXPECT_EQ(d.charge.reason(), (Reason{.rule = Rule::cell_high_curve,
                                         .input = Input::cell,
                                         .pack = 0,
                                         .index = 3,
                                         .value = 3460,
                                         .age = milliseconds(700)}));
    EXPECT_EQ(d.discharge.reason(), (Reason{.rule = Rule::cell_low_curve,
                                            .input = Input::cell,
                                            .pack = 0,
                                            .index = 7,
                                            .value = 3090,
                                            .age = milliseconds(700)}));
}

TEST(Limits, S12_TheSameInputsGiveTheSameDecisionAndState) {
    const auto play = [] {
        Rig rig;
        rig.settle(reading_at(mv(3300)));
        rig.settle(reading_between(mv(3560), mv(3200)));
        rig.silent_for(seconds(20));
        rig.feed();
        return rig;
    };
    const Rig one = play();
    const Rig two = play();
    EXPECT_EQ(one.last, two.last);
    EXPECT_EQ(one.state, two.state);
}

TEST(Limits, AnInverterThatWasNeverHeardIsNoLossAndIsToldWhenItComesAndGoes) {
    Rig rig;
    rig.config.inverter_lost = InverterLost::stop;
    const auto step_seen = [&](std::optional<TimePoint> seen) {
        rig.now += seconds(1);
        const Arrival arrival{0, {rig.reading, rig.now}};
        return step(rig.config, rig.state, {rig.now, {&arrival, 1}, seen});
    };
    for (int i = 0; i < 30; ++i) {
        const Decision d = step_seen(std::nullopt);
        EXPECT_TRUE(d.transmit);
        EXPECT_FALSE(has(d.events, EventCode::inverter_lost) || has(d.events, EventCode::inverter_back));
    }
    const TimePoint first = rig.now;
    EXPECT_FALSE(has(step_seen(first).events, EventCode::inverter_back));
    for (int i = 2; i <= 10; ++i) step_seen(first);
    const Decision lost = step_seen(first);
    EXPECT_FALSE(lost.transmit);
    ASSERT_TRUE(has(lost.events, EventCode::inverter_lost));
    EXPECT_EQ(lost.events.back().value, 11);
    const Decision back = step_seen(rig.now);
    EXPECT_TRUE(back.transmit);
    ASSERT_TRUE(has(back.events, EventCode::inverter_back));
    EXPECT_EQ(back.events.back().value, 0);
}

TEST(Limits, S2_TheSecondReadingOfAllDoesNotLoosenWhatTheFirstSaid) {
    Rig rig;
    rig.feed(reading_at(mv(3440)));
    rig.now += seconds(1);
    rig.feed(reading_at(mv(3300)));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::cell_high_curve)->reason().value, 3440);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::cell_high_curve)->reason().value, 3300);
}

TEST(Limits, OfTwoEarlierReadingsThatAgreeTheNewerIsTheCause) {
    Rig rig;
    rig.reading = reading_at(mv(3440));
    rig.feed_for(seconds(5));
    rig.now += seconds(1);
    rig.feed(reading_at(mv(3300)));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::cell_high_curve)->reason().age, seconds(1));
}

TEST(Limits, NoLimiterOfASampleAllowsMoreThanTheMaximumOfItsDirection) {
    Rig rig;
    rig.config.packs[0].max_charge = amps(50);
    rig.config.packs[0].max_discharge = amps(70);
    rig.config.packs[0].mosfet_probe = false;
    rig.config.packs[0].battery_probes = {};
    rig.reading.settings.charge_over_current.reset();
    rig.reading.settings.discharge_over_current.reset();
    rig.feed();
    for (std::size_t i = 0; i < sample_limiters; ++i) {
        const auto rule = static_cast<Rule>(i);
        EXPECT_EQ(find(rig.last.charge_limiters, rule)->value(), amps(50)) << name(rule);
        EXPECT_EQ(find(rig.last.discharge_limiters, rule)->value(), amps(70)) << name(rule);
    }
}

}  // namespace
}  // namespace jkp::control::test
