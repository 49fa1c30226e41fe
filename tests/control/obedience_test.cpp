// SPDX-License-Identifier: MIT
// An inverter that charges although the limit is 0 is named.
#include "control/obedience.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

struct Watch {
    AlarmSettings rules;
    Obedience state;
    Events events;
    TimePoint now = at(seconds(100));

    // One sample each second; the last limit was `told`.
    void pass(Duration time, double told, double current) {
        for (const TimePoint end = now + time; now < end;) {
            now += seconds(1);
            observe(state, rules, amps(told), amps(current), now, events);
        }
    }
    [[nodiscard]] bool named() const { return has(events, EventCode::inverter_disobeys); }
};

TEST(Obedience, AnInverterThatChargesForAMinuteAgainstALimitOfZeroIsNamed) {
    Watch w;
    w.pass(seconds(10), 0, 0);
    w.pass(seconds(59), 0, 1.2);
    EXPECT_FALSE(w.named());
    w.pass(seconds(1), 0, 1.2);
    ASSERT_TRUE(w.named());
    EXPECT_EQ(w.events.back().value, 1200);
    w.pass(minutes(10), 0, 1.2);
    EXPECT_EQ(w.events.size(), 1U);
}

TEST(Obedience, WhoMayChargeOrChargesNextToNothingIsNotNamed) {
    Watch w;
    w.pass(minutes(10), 5, 5);
    w.pass(minutes(10), 0.1, 5);
    w.pass(minutes(10), 0, 0.5);
    w.pass(minutes(10), 0, -5);
    EXPECT_FALSE(w.named());
}

TEST(Obedience, ALimitThatIsSentAsZeroCountsAsZero) {
    Watch w;
    w.pass(minutes(2), 0.099, 1.2);
    EXPECT_TRUE(w.named());
}

TEST(Obedience, ASlowInverterOnItsWayDownIsNotNamed) {
    Watch w;
    for (double current = 200; current > 0; current -= 1) w.pass(seconds(1), 0, current);
    w.pass(seconds(57), 0, 1);
    EXPECT_FALSE(w.named());
}

TEST(Obedience, NoiseHidesNobody) {
    Watch w;
    for (int i = 0; i < 60 && !w.named(); ++i) {
        w.pass(seconds(3), 0, 1.4);
        w.pass(seconds(1), 0, 0.3);
    }
    EXPECT_TRUE(w.named());
    EXPECT_LT(w.now, at(seconds(100)) + minutes(2) + seconds(5));
}

TEST(Obedience, TheNoiseOfTheSensorIsNoFall) {
    Watch w;
    const double noise[] = {0.4, -0.3, 0.1, -0.4, 0.0, 0.35, -0.2};
    for (int i = 0; i < 70; ++i) w.pass(seconds(1), 0, 1.6 + 2 * noise[i % 7]);
    EXPECT_TRUE(w.named());
}

TEST(Obedience, AGapInTheDataIsNoEvidence) {
    Watch w;
    w.pass(seconds(30), 0, 1.2);
    w.now += hours(1);
    w.pass(seconds(20), 0, 1.2);
    EXPECT_FALSE(w.named());
}

TEST(Obedience, ItIsOverAfterAMinuteOfObedience) {
    Watch w;
    w.pass(minutes(2), 0, 1.2);
    w.pass(seconds(59), 0, 0);
    EXPECT_FALSE(has(w.events, EventCode::inverter_obeys));
    w.pass(seconds(1), 0, 0);
    EXPECT_TRUE(has(w.events, EventCode::inverter_obeys));
    EXPECT_FALSE(w.state.disobeys);
}

TEST(Obedience, TheSettingsDecide) {
    Watch w;
    w.rules.disobeyed_after = seconds(10);
    w.rules.disobeyed_current = amps(2);
    w.pass(minutes(2), 0, 1.9);
    EXPECT_FALSE(w.named());
    w.pass(seconds(10), 0, 2.1);
    EXPECT_TRUE(w.named());
}

TEST(Obedience, TheWarningStandsOnTheBusWhileItLasts) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    PackReading full = reading_at(mv(3510));
    full.current = amps(2);
    rig.feed(full);
    EXPECT_FALSE(rig.last.alarms.has(BatteryFlag::charge_over_current));
    rig.feed_for(seconds(61));
    EXPECT_TRUE(rig.happened(EventCode::inverter_disobeys));
    EXPECT_TRUE(rig.last.alarms.has(BatteryFlag::charge_over_current));
    EXPECT_FALSE(rig.last.protections.has(BatteryFlag::charge_over_current));
    full.current = amps(0);
    rig.feed(full);
    rig.feed_for(seconds(61));
    EXPECT_TRUE(rig.happened(EventCode::inverter_obeys));
    EXPECT_FALSE(rig.last.alarms.has(BatteryFlag::charge_over_current));
}

TEST(Obedience, BetweenTwoReadingsAtMostFiveSecondsCount) {
    const auto named_after = [](int readings, Duration apart) {
        Watch w;
        w.pass(seconds(1), 0, 0);
        for (int i = 0; i < readings; ++i) {
            w.now += apart;
            observe(w.state, w.rules, amps(0), amps(1.2), w.now, w.events);
        }
        return w.named();
    };
    EXPECT_FALSE(named_after(11, seconds(5)));
    EXPECT_TRUE(named_after(12, seconds(5)));
    EXPECT_FALSE(named_after(11, seconds(6)));
}

TEST(Obedience, MoreThanTwoAmperesLessIsAFallAndBeginsAnew) {
    const auto named_with = [](double then) {
        Watch w;
        w.pass(seconds(50), 0, 10);
        w.pass(seconds(10), 0, then);
        return w.named();
    };
    EXPECT_TRUE(named_with(8));
    EXPECT_FALSE(named_with(7.999));
}

TEST(Obedience, ALimitOfATenthOfAnAmpereIsOneAndAClockThatStepsBackIsNoEvidence) {
    Watch w;
    w.rules.disobeyed_after = seconds(1);
    w.pass(seconds(10), 0.1, 5);
    EXPECT_FALSE(w.named());
    Watch back;
    back.pass(seconds(30), 0, 1.2);
    const Duration before = back.state.against;
    observe(back.state, back.rules, amps(0), amps(1.2), back.now - seconds(10), back.events);
    EXPECT_EQ(back.state.against, before);
}

TEST(Obedience, WhatFlowedBeforeTheInverterMayChargeAgainIsForgotten) {
    for (const double told : {50.0, 0.1}) {
        Watch w;
        w.pass(seconds(5), 0, 0.6);
        w.pass(seconds(5), told, 100);
        for (double current = 100; current > 0; current -= 1) w.pass(seconds(1), 0, current);
        w.pass(seconds(50), 0, 1);
        EXPECT_FALSE(w.named()) << told;
    }
}

TEST(Obedience, TheEventConcernsTheBank) {
    Watch w;
    w.pass(minutes(2), 0, 1.2);
    ASSERT_TRUE(w.named());
    EXPECT_EQ(w.events.back(), (Event{EventCode::inverter_disobeys, 0, 1200}));
}

}  // namespace
}  // namespace jkp::control::test
