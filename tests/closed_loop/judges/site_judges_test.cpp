// SPDX-License-Identifier: MIT
#include "closed_loop/loop/site_judges.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace jkp::closed_loop {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint start{seconds(1000)};

TEST(Transfer, IsWhatOneBatteryGivesAndTheOtherTakes) {
    EXPECT_EQ(transfer_w(-2000, 1500), 1500.0);
    EXPECT_EQ(transfer_w(-700, 1500), 700.0);
    EXPECT_EQ(transfer_w(900, -400), 400.0);
    EXPECT_EQ(transfer_w(900, 1500), 0.0);
    EXPECT_EQ(transfer_w(-900, -1500), 0.0);
    EXPECT_EQ(transfer_w(-900, 0), 0.0);
}

TEST(SiteEnergy, CountsWhereTheEnergyWent) {
    SiteEnergy e;
    e.add({.sun_w = 3000, .house_w = 1000, .first_w = 1200, .second_w = 400, .grid_w = 400}, hours(1));
    e.add({.sun_w = 0, .house_w = 800, .first_w = -300, .second_w = 200, .grid_w = -700}, hours(1));
    EXPECT_DOUBLE_EQ(e.transfer, 200.0);
    EXPECT_DOUBLE_EQ(e.moved, 2100.0);
    EXPECT_DOUBLE_EQ(e.first, 1500.0);
    EXPECT_DOUBLE_EQ(e.imported, 700.0);
    EXPECT_DOUBLE_EQ(e.exported, 400.0);
    EXPECT_DOUBLE_EQ(e.self_consumption(), 1.0 - 400.0 / 3000.0);
    EXPECT_DOUBLE_EQ(e.self_sufficiency(), 1.0 - 700.0 / 1800.0);
}

void sine(SwingWatch& watch, double swing_w, Duration period, Duration lasts) {
    for (Duration t{}; t < lasts; t += milliseconds(100)) {
        const double turns = std::chrono::duration<double>(t) / std::chrono::duration<double>(period);
        watch.see(start + t, 500.0 + swing_w / 2 * std::sin(2 * std::numbers::pi * turns));
    }
}

TEST(SwingWatch, CountsHalfWavesAndTheirSizeAndLength) {
    SwingWatch watch;
    sine(watch, 1000, seconds(10), seconds(100));
    // The way from the middle to the first extreme counts as one.
    EXPECT_NEAR(watch.count(start, start + seconds(100)), 20, 1);
    EXPECT_NEAR(watch.largest_w(start, start + seconds(100)), 1000, 1);
    EXPECT_NEAR(std::chrono::duration<double>(*watch.period(start, start + seconds(100))).count(), 10, 0.4);
    EXPECT_EQ(watch.count(start, start + seconds(20)), 4);
}

TEST(SwingWatch, SeesNothingInASwingBelowItsThresholdOrASlowSlope) {
    SwingWatch watch;
    sine(watch, 290, seconds(10), seconds(100));
    EXPECT_TRUE(watch.half_waves().empty());
    SwingWatch slope;
    for (int s = 0; s < 100; ++s) slope.see(start + seconds(s), 30.0 * s);
    EXPECT_TRUE(slope.half_waves().empty());
}

TEST(SwingWatch, OneStepThereAndBackIsOneHalfWaveAtMost) {
    SwingWatch watch;
    for (int s = 0; s < 100; ++s) watch.see(start + seconds(s), s < 30 || s >= 60 ? 0.0 : -2000.0);
    EXPECT_LE(watch.half_waves().size(), 1U);
}

SwingWatch::HalfWave half_wave(Duration begin, Duration lasts, double swing_w) {
    return {start + begin, start + begin + lasts, swing_w};
}

TEST(SwingTime, WeighsEachSwingByTheTimeItLastsAndTheRestAsCalm) {
    SwingTime time;
    const std::vector waves{half_wave(seconds(0), seconds(5), 2000), half_wave(seconds(5), seconds(15), 800),
                            half_wave(seconds(20), seconds(40), 200)};
    time.add(waves, seconds(100));
    EXPECT_EQ(time.quantile_w(0.30), 0) << "40 of 100 s nothing swings";
    EXPECT_EQ(time.quantile_w(0.50), 200);
    EXPECT_EQ(time.quantile_w(0.79), 200);
    EXPECT_EQ(time.quantile_w(0.81), 800);
    EXPECT_EQ(time.quantile_w(0.96), 2000);
    EXPECT_EQ(time.at_least(300), seconds(20));
    EXPECT_EQ(time.at_least(800), seconds(20));
    EXPECT_EQ(time.at_least(801), seconds(5));
}

TEST(SwingTime, ASlopeOfMoreThanFiveMinutesIsNoSwing) {
    SwingTime time;
    time.add(std::vector{half_wave(seconds(0), seconds(300), 500)}, seconds(700));
    EXPECT_EQ(time.at_least(300), seconds(300));
    time.add(std::vector{half_wave(seconds(0), seconds(301), 500)}, seconds(700));
    EXPECT_EQ(time.at_least(300), seconds(300));
}

TEST(SwingTime, OfSeveralFightsIsThatOfAllTheirTime) {
    SwingTime one;
    one.add(std::vector{half_wave(seconds(0), seconds(60), 900)}, seconds(100));
    EXPECT_EQ(one.quantile_w(0.5), 900);
    SwingTime calm;
    calm.add({}, seconds(100));
    EXPECT_EQ(calm.quantile_w(0.99), 0);
    one.add(calm);
    EXPECT_EQ(one.quantile_w(0.5), 0);
    EXPECT_EQ(one.quantile_w(0.71), 900);
    EXPECT_EQ(SwingTime().quantile_w(0.5), 0);
}

}  // namespace
}  // namespace jkp::closed_loop
