// SPDX-License-Identifier: MIT
#include "sim/inverter.hpp"

#include <gtest/gtest.h>

#include "sim/scene.hpp"

namespace jkp::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

pylontech::BatteryReport report(int charge_a, int discharge_a) {
    pylontech::BatteryReport r;
    r.charge_voltage = Millivolts(55'200);
    r.charge_current_limit = Milliamps(charge_a * 1000);
    r.discharge_current_limit = Milliamps(discharge_a * 1000);
    r.discharge_voltage = Millivolts(44'800);
    r.charge_enable = r.discharge_enable = true;
    return r;
}

// Hears a burst each second; 100 ms steps.
class Site : public testing::Test {
  protected:
    Milliamps wish{60'000};
    Inverter inverter{
        {.dead_time = seconds(2), .slew_per_second = Milliamps(10'000), .can_timeout = seconds(5)},
        [this](TimePoint) { return wish; }};
    TimePoint now{seconds(50)};

    void hear(const pylontech::BatteryReport& r) {
        for (const CanFrame& frame : pylontech::encode(r, {})) inverter.receive(frame, now);
    }
    void pass(Duration time, const pylontech::BatteryReport* battery) {
        const TimePoint end = now + time;
        while (now < end) {
            if (battery != nullptr && milliseconds_since_start() % 1000 == 0) hear(*battery);
            inverter.step(now += milliseconds(100));
        }
    }
    [[nodiscard]] std::int64_t milliseconds_since_start() const {
        return jkp::milliseconds(now.time_since_epoch());
    }
};

TEST_F(Site, DoesNothingBeforeItHasHeardALimit) {
    pass(seconds(10), nullptr);
    EXPECT_EQ(inverter.current(), Milliamps(0));
}

TEST_F(Site, ReactsAfterItsDeadTimeAndNotFasterThanItsSlew) {
    const auto battery = report(40, 40);
    pass(milliseconds(1900), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(0));
    pass(milliseconds(1100), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(11'000));
    pass(seconds(5), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(40'000));
}

TEST_F(Site, ObeysTheDischargeLimitToo) {
    wish = Milliamps(-80'000);
    const auto battery = report(40, 25);
    pass(seconds(10), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(-25'000));
}

TEST_F(Site, AClearedEnableBitIsALimitOfZero) {
    auto battery = report(40, 40);
    battery.charge_enable = false;
    pass(seconds(10), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(0));
}

TEST_F(Site, StopsWhenTheBatteryFallsSilent) {
    const auto battery = report(20, 20);
    pass(seconds(10), &battery);
    ASSERT_EQ(inverter.current(), Milliamps(20'000));
    pass(seconds(3), nullptr);
    EXPECT_EQ(inverter.current(), Milliamps(20'000));
    pass(seconds(5), nullptr);
    EXPECT_EQ(inverter.current(), Milliamps(0));
    EXPECT_FALSE(inverter.hears_battery(now));
}

TEST_F(Site, ALeakingOneGoesOnChargingAtALimitOfZero) {
    inverter.spec.leak = Milliamps(1'500);
    const auto battery = report(0, 0);
    pass(seconds(10), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(1'500));
    wish = Milliamps(-10'000);
    pass(seconds(3), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(0));
}

TEST_F(Site, OneThatIgnoresLimitsTakesWhatItWants) {
    inverter.spec.ignore_limits = true;
    const auto battery = report(5, 5);
    pass(seconds(20), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(60'000));
}

TEST_F(Site, ReadsALimitWithItsOwnError) {
    inverter.spec.limit_gain = Permille(1'020);
    inverter.spec.limit_offset = Milliamps(-500);
    const auto battery = report(40, 40);
    pass(seconds(20), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(40'300));
    const auto none = report(0, 0);
    pass(seconds(20), &none);
    EXPECT_EQ(inverter.current(), Milliamps(0));
}

TEST_F(Site, OneThatObeysCvlHoldsTheBatteryThere) {
    inverter.spec.obeys_cvl = true;
    const auto battery = report(40, 40);
    Milliamps flowing;
    const auto terminal = [&] { return Millivolts(54'500 + flowing.count() * 30 / 1000); };  // 30 mOhm
    for (int i = 0; i < 1200; ++i) {
        if (i % 10 == 0) hear(battery);
        flowing = inverter.step(now += milliseconds(100), terminal());
    }
    EXPECT_NEAR(terminal().count(), 55'200, 20);
    EXPECT_NEAR(flowing.count(), 23'333, 700);
    inverter.spec.obeys_cvl = false;
    pass(seconds(10), &battery);
    EXPECT_EQ(inverter.current(), Milliamps(40'000));
}

TEST_F(Site, TheTaperNeverKeepsItFromDischarging) {
    inverter.spec.obeys_cvl = true;
    wish = Milliamps(-20'000);
    const auto battery = report(40, 40);
    for (int i = 0; i < 600; ++i) {
        if (i % 10 == 0) hear(battery);
        inverter.step(now += milliseconds(100), Millivolts(57'000));
    }
    EXPECT_EQ(inverter.current(), Milliamps(-20'000));
}

TEST_F(Site, SaysItIsAliveOnceASecond) {
    int frames = 0;
    for (int i = 0; i < 100; ++i) {
        if (const auto frame = inverter.frame_due(now)) {
            EXPECT_EQ(frame->id, pylontech::id_inverter_alive);
            ++frames;
        }
        now += milliseconds(100);
    }
    EXPECT_EQ(frames, 10);
}

TEST_F(Site, AnotherInvertersAliveFrameIsNoBattery) {
    inverter.receive(pylontech::encode_inverter_alive(), now);
    EXPECT_FALSE(inverter.hears_battery(now));
}

TEST(Scene, WhatTheInverterAsksForFlowsThroughThePackAsLongAsItsSwitchIsClosed) {
    Scene scene({}, {.dead_time = seconds(0)}, [](TimePoint) { return Milliamps(30'000); });
    TimePoint now{seconds(1)};
    for (int i = 0; i < 100; ++i) {
        for (const CanFrame& frame : pylontech::encode(report(20, 20), {}))
            scene.inverter.receive(frame, now);
        scene.step(now += milliseconds(100));
    }
    EXPECT_EQ(scene.flowing(), Milliamps(20'000));
    EXPECT_EQ(scene.pack.reading(now).current, Milliamps(20'000));
    scene.pack.force_cell(0, Millivolts(3700));
    for (int i = 0; i < 40; ++i) scene.step(now += milliseconds(150));
    EXPECT_EQ(scene.flowing(), Milliamps(0));
}

}  // namespace
}  // namespace jkp::sim
