// SPDX-License-Identifier: MIT
// Rule S6, step by step.
#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

// Settled at 60 A / 60 A; the last reading is of now.
Rig settled(Config config = config_of_one()) {
    Rig rig(std::move(config));
    rig.reading.current = amps(3);
    rig.settle(rig.reading);
    rig.forget();
    return rig;
}

TEST(Age, S6_TheLadderIsWalkedExactlyInHalfSeconds) {
    Rig rig = settled();
    const Decision before = rig.last;
    ASSERT_EQ(before.charge.value(), amps(60));
    for (int half = 1; half <= 180; ++half) {
        rig.now += milliseconds(500);
        const Decision& d = rig.silent();
        const double age = half * 0.5;
        const double expected = age <= 5 ? 60 : age < 15 ? 60 * (15 - age) / 10 : 0;
        EXPECT_EQ(d.charge.value(), amps(expected)) << age;
        EXPECT_EQ(d.discharge.value(), amps(expected)) << age;
        const bool dead = age >= 15;
        EXPECT_EQ(d.charge_enable, !dead) << age;
        EXPECT_EQ(d.discharge_enable, !dead) << age;
        EXPECT_EQ(d.protections.has(BatteryFlag::system_error), dead) << age;
        EXPECT_EQ(d.alarms.has(BatteryFlag::internal_communication), dead) << age;
        EXPECT_EQ(d.current, dead ? Milliamps(0) : amps(3)) << age;
        EXPECT_EQ(d.voltage, before.voltage);
        EXPECT_EQ(d.soc, before.soc);
        EXPECT_EQ(d.temperature, before.temperature);
        EXPECT_EQ(d.charge_voltage, before.charge_voltage);
        EXPECT_EQ(d.discharge_voltage, before.discharge_voltage);
        EXPECT_TRUE(d.transmit);
        const AgeStage stage = age <= 2   ? AgeStage::fresh
                               : age < 5  ? AgeStage::falling
                               : age < 15 ? AgeStage::reducing
                               : age < 60 ? AgeStage::zero
                                          : AgeStage::lost;
        EXPECT_EQ(d.age_stage, stage) << age;
    }
    EXPECT_TRUE(rig.happened(EventCode::data_stale));
    EXPECT_TRUE(rig.happened(EventCode::data_zero));
}

TEST(Age, S6_TheLadderIsTheSameWhateverThePollPeriod) {
    AgeSettings settings;
    EXPECT_EQ(fresh_for(settings, milliseconds(200)), seconds(2));
    EXPECT_EQ(fresh_for(settings, milliseconds(1500)), seconds(3));
    EXPECT_EQ(fresh_for(settings, seconds(30)), seconds(5));
    EXPECT_EQ(age_stage(settings, seconds(5), seconds(16)), AgeStage::zero);
}

TEST(Age, S6_WhileTheDataIsOldALimitMayOnlyFall) {
    Rig rig;
    rig.reading = reading_at(mv(3300));
    rig.feed();
    rig.feed_for(seconds(20));  // in the middle of the ramp
    const Milliamps reached = rig.last.charge.value();
    ASSERT_LT(reached, amps(60));
    rig.silent_for(seconds(2));
    const Milliamps fresh = rig.last.charge.value();
    EXPECT_GT(fresh, reached);
    rig.silent_for(milliseconds(2500));
    EXPECT_EQ(rig.last.charge.value(), fresh);
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::age);
}

TEST(Age, S6_FromAMinuteOnTheBusFallsSilentWhenConfigured) {
    Config config = config_of_one();
    config.age.on_lost = OnLost::silence;
    Rig rig = settled(config);
    EXPECT_TRUE(rig.silent_for(milliseconds(59'500)).transmit);
    EXPECT_FALSE(rig.silent_for(milliseconds(500)).transmit);
    rig.now += seconds(10);
    EXPECT_TRUE(rig.feed().transmit);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
}

TEST(Age, S6_ReturningDataIsFollowedByAHoldAndARamp) {
    Rig rig = settled();
    rig.silent_for(seconds(20));
    rig.now += seconds(1);
    rig.feed();
    EXPECT_TRUE(rig.happened(EventCode::data_back));
    EXPECT_TRUE(rig.last.charge_enable);
    EXPECT_EQ(rig.last.current, amps(3));
    rig.feed_for(seconds(88));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    rig.feed_for(seconds(3));
    EXPECT_EQ(rig.last.charge.value(), amps(1));
    rig.feed_for(seconds(10));
    EXPECT_EQ(rig.last.charge.value(), amps(11));
}

TEST(Age, S6_DataThatComesBackInTwoStepsIsHeldAsWell) {
    Rig rig = settled();
    rig.silent_for(seconds(6), milliseconds(50));  // small steps: no single fall is above 1 %
    const Arrival late{0, {rig.reading, rig.now - seconds(3)}};
    rig.last = step(rig.config, rig.state, {rig.now, {&late, 1}, rig.now});
    ASSERT_EQ(rig.last.age_stage, AgeStage::falling);
    const Milliamps reduced = rig.last.charge.value();
    rig.now += milliseconds(100);
    rig.feed();
    EXPECT_TRUE(rig.happened(EventCode::data_back));
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), reduced);
}

TEST(Age, S6_ANamedProbeThatGoesInvalidWalksItsOwnLadder) {
    Rig rig = settled();
    rig.reading.temperatures[Probe::t2].reset();
    rig.feed_for(seconds(4));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    rig.feed_for(seconds(6));
    EXPECT_EQ(rig.last.charge.value(), amps(30));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::probe_age);
    EXPECT_EQ(rig.last.charge.reason().index, static_cast<std::uint8_t>(Probe::t2));
    EXPECT_EQ(rig.last.age, Duration{});
    rig.feed_for(seconds(5));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::system_error));
}

TEST(Age, S6_AProbeOutOfRangeIsAnInvalidProbe) {
    Rig rig = settled();
    rig.reading.temperatures[Probe::mosfet] = celsius(120.1);
    rig.feed_for(seconds(15));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.discharge.reason().rule, Rule::probe_age);
}

TEST(Age, S6_AnUnnamedProbeThatFailsMattersToNobody) {
    Rig rig = settled();
    rig.config.packs[0].battery_probes = {Probe::t1};
    rig.reading.temperatures[Probe::t2].reset();
    rig.feed_for(seconds(30));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
}

TEST(Age, S6_AProbeThatIsNoLongerNamedEndsItsLadder) {
    Rig rig = settled();
    rig.reading.temperatures[Probe::t2].reset();
    rig.feed_for(seconds(30));
    ASSERT_EQ(rig.last.charge.value(), Milliamps(0));
    Config changed = rig.config;
    changed.packs[0].battery_probes = {Probe::t1};
    rig.state = adopt(changed, rig.config, rig.state);
    rig.config = changed;
    rig.feed_for(seconds(150));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    EXPECT_FALSE(rig.last.protections.any());
}

TEST(Age, S6_FrozenDataAgesFromItsFirstSample) {
    Rig rig = settled();
    rig.reading.current = amps(-5);
    rig.feed_for(seconds(120));
    EXPECT_FALSE(rig.happened(EventCode::frozen_data));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    rig.feed_for(seconds(1));
    EXPECT_TRUE(rig.happened(EventCode::frozen_data));
    EXPECT_EQ(rig.last.age, seconds(120));
    EXPECT_EQ(rig.last.age_stage, AgeStage::lost);
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::system_error));
    rig.reading.current = amps(-5.1);
    rig.feed_for(seconds(1));
    EXPECT_TRUE(rig.happened(EventCode::data_back));
    EXPECT_EQ(rig.last.age_stage, AgeStage::fresh);
}

TEST(Age, S6_EqualReadingsAtASmallCurrentAreNotFrozen) {
    Rig rig = settled();
    rig.reading.current = amps(4.9);
    rig.feed_for(minutes(10));
    EXPECT_FALSE(rig.happened(EventCode::frozen_data));
    EXPECT_EQ(rig.last.age_stage, AgeStage::fresh);
}

TEST(Age, S6_CellsThatStandStillAtAVoltageThatMovesAreNotFrozen) {
    Rig rig = settled();
    rig.reading.current = amps(-20);
    for (int s = 0; s < 300; ++s) {
        rig.reading.voltage = rig.reading.voltage + mv(s % 2 == 0 ? 1 : -1);
        rig.feed_for(seconds(1));
    }
    EXPECT_FALSE(rig.happened(EventCode::frozen_data));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
}

TEST(Age, S6_EachDirectionIsReducedFromWhatItSentLastAndSaysHowOldTheDataIs) {
    const AgeSettings settings;
    Ladder ladder;
    const auto bounds = [&](Duration age, double charge, double discharge) {
        return climb(settings, ladder, seconds(2), age, amps(charge), amps(discharge), {.rule = Rule::age});
    };
    const LadderBounds falling = bounds(seconds(4), 60, 40);
    EXPECT_EQ(falling.charge.value(), amps(60));
    EXPECT_EQ(falling.discharge.value(), amps(40));
    EXPECT_EQ(falling.charge.reason().age, seconds(4));
    const LadderBounds at_6 = bounds(seconds(6), 50, 30);  // both fell meanwhile
    EXPECT_EQ(at_6.charge.value(), amps(45));
    EXPECT_EQ(at_6.discharge.value(), amps(27));
    const LadderBounds at_10 = bounds(seconds(10), 45, 27);
    EXPECT_EQ(at_10.charge.value(), amps(25));
    EXPECT_EQ(at_10.discharge.value(), amps(15));
    EXPECT_EQ(at_10.discharge.reason().age, seconds(10));
    EXPECT_EQ(bounds(seconds(15), 1, 1).discharge.value(), Milliamps(0));
}

TEST(Age, S6_OldDataReducesEachDirectionFromItsOwnLimit) {
    Config config = config_of_one();
    config.packs[0].max_discharge = amps(40);
    Rig rig = settled(config);
    rig.silent_for(seconds(10));
    EXPECT_EQ(rig.last.charge.value(), amps(30));
    EXPECT_EQ(rig.last.discharge.value(), amps(20));
}

}  // namespace
}  // namespace jkp::control::test
