// SPDX-License-Identifier: MIT
// What is an oscillation in the power at the meter, and what is not.
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "builders.hpp"
#include "control/swing.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint start = at(seconds(10'000));
constexpr Millivolts pack = mv(50'000);
const OscillationSettings settings;

// Samples each `interval` for `length`; `grid` in W and `own` in A of the seconds since the start.
template <class Grid, class Own>
std::vector<SwingSample> record(Duration length, Duration interval, Grid grid, Own own) {
    std::vector<SwingSample> samples;
    for (Duration t{}; t <= length; t += interval) {
        const double s = std::chrono::duration<double>(t).count();
        samples.push_back({start + t, Watts(static_cast<std::int32_t>(std::lround(grid(s)))), amps(own(s))});
    }
    return samples;
}

double square(double s, double period) {
    return std::fmod(s, period) < period / 2 ? 1 : -1;
}
double sine(double s, double period) {
    return std::sin(2 * std::numbers::pi * s / period);
}
constexpr auto idle = [](double) { return 0.0; };

// A square wave of +-`amplitude` W and our current in step with it.
std::vector<SwingSample> fight(double period, double amplitude, double offset = 0,
                               Duration interval = milliseconds(1000), double periods = 3) {
    const auto length = milliseconds(static_cast<int>(period * periods * 1000));
    return record(
        length, interval, [=](double s) { return offset + amplitude * square(s, period); },
        [=](double s) { return -10 * square(s, period); });
}

std::optional<Swing> find(const std::vector<SwingSample>& samples, Duration window = seconds(60)) {
    return find_swing(settings, samples, window, pack);
}

TEST(Swing, ASquareWaveIsFoundWithItsPeriodSwingAndPeak) {
    const auto swing = find(fight(10, 600));
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->period, seconds(10));
    EXPECT_EQ(swing->swing, watts(1200));
    EXPECT_EQ(swing->peak, amps(10));
    EXPECT_GE(swing->half_waves, 4);
    EXPECT_TRUE(swing->ours);
}

TEST(Swing, ASwingOnOneSideOfZeroCountsAsWell) {
    for (const double offset : {5000.0, -5000.0, 275.0}) EXPECT_TRUE(find(fight(10, 325, offset))) << offset;
}

TEST(Swing, ASineIsFoundToo) {
    const auto samples = record(
        seconds(60), milliseconds(600), [](double s) { return 400 * sine(s, 20); },
        [](double s) { return -8 * sine(s - 2, 20); });
    const auto swing = find(samples);
    ASSERT_TRUE(swing);
    EXPECT_NEAR(static_cast<double>(jkp::milliseconds(swing->period)), 20'000, 600);
    EXPECT_TRUE(swing->ours);
}

TEST(Swing, EachRateOfAMeterGivesTheSamePeriod) {
    for (const int interval : {200, 600, 1000}) {
        const auto swing = find(fight(12, 500, 0, milliseconds(interval)));
        ASSERT_TRUE(swing) << interval;
        EXPECT_NEAR(static_cast<double>(jkp::milliseconds(swing->period)), 12'000, 2.0 * interval / 4);
    }
}

TEST(Swing, LessThanThreeHundredWattIsNone) {
    EXPECT_TRUE(find(fight(10, 150)));
    EXPECT_FALSE(find(fight(10, 149)));
}

TEST(Swing, TheBandAboutTheMiddleMustBeCrossed) {
    OscillationSettings wide = settings;
    wide.crossing = watts(200);
    EXPECT_TRUE(find_swing(wide, fight(10, 200), seconds(60), pack));
    EXPECT_FALSE(find_swing(wide, fight(10, 199), seconds(60), pack)) << "both sides inside of the band";
}

TEST(Swing, FourHalfWavesAreNeededAndThreeAreNone) {
    // Quiet at -500, then half-waves of 5 s that begin with a rise.
    const auto lasting = [](double half_waves) {
        return record(
            milliseconds(12'000 + static_cast<int>(half_waves * 5000)), milliseconds(500),
            [](double s) { return s < 12 ? -500 : 500 * square(s - 12, 10); },
            [](double s) { return s < 12 ? 0 : 10 * square(s - 12, 10); });
    };
    EXPECT_FALSE(find(lasting(3.9)));
    const auto swing = find(lasting(4.1));
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->half_waves, 4);
    EXPECT_EQ(find(lasting(5.1))->half_waves, 5);
}

TEST(Swing, SaysThePartOfOurBatteryInWatts) {
    const auto grid = [](double s) { return 600 * square(s, 10); };
    const auto own = [](double s) { return 9 * square(s, 10); };
    const auto swing = find(record(seconds(60), milliseconds(500), grid, own));
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->swing, watts(1200));
    EXPECT_EQ(swing->own, power_of(amps(18), pack));
}

TEST(Swing, OneStepOfALoadIsNone) {
    const auto step = [](double from, double to) {
        return record(seconds(60), seconds(1), [=](double s) { return s < 30 ? from : to; }, idle);
    };
    EXPECT_FALSE(find(step(0, -3000)));
    EXPECT_FALSE(find(step(-300, 300)));
    EXPECT_FALSE(find(record(seconds(60), seconds(1), [](double s) { return s * 20 - 600; }, idle)));
}

TEST(Swing, AKettleThatRunsOnceIsNone) {
    const auto kettle = [](double s) { return s > 20 && s < 40 ? -2000.0 : 0.0; };
    EXPECT_FALSE(find(record(seconds(60), seconds(1), kettle, idle)));
}

TEST(Swing, HalfWavesOfDifferentLengthAreNone) {
    // Loads that come and go: turns at these seconds.
    const std::array uneven{5, 8, 20, 24, 38, 41, 55};
    const auto grid = [&](double s) {
        double side = -500;
        for (const int turn : uneven) {
            if (s >= turn) side = -side;
        }
        return side;
    };
    EXPECT_FALSE(find(record(seconds(58), seconds(1), grid, idle)));
}

TEST(Swing, LengthsWithinThirtyPercentAreAlike) {
    const auto with_long = [](double longer) {
        // Half-waves of 10 s; every second one longer, by as much as the other is shorter.
        return record(
            seconds(100), milliseconds(200),
            [=](double s) { return std::fmod(s, 20) < 10 + longer ? 500.0 : -500.0; },
            [](double s) { return std::fmod(s, 20) < 10 ? 10.0 : -10.0; });
    };
    EXPECT_TRUE(find(with_long(2.8), seconds(100)));
    EXPECT_FALSE(find(with_long(3.6), seconds(100))) << "30 % and the interval of the meter";
    EXPECT_TRUE(find(with_long(-2.8), seconds(100)));
    EXPECT_FALSE(find(with_long(-3.6), seconds(100)));
}

TEST(Swing, OneThatHasEndedIsNone) {
    const auto ended = [](double quiet) {
        return record(
            milliseconds(30'000 + static_cast<int>(quiet * 1000)), milliseconds(500),
            [](double s) { return s < 30 ? 500 * square(s, 10) : 500.0; },
            [](double s) { return s < 30 ? 10 * square(s, 10) : 10.0; });
    };
    EXPECT_TRUE(find(ended(6.5)));
    EXPECT_FALSE(find(ended(8)));
}

TEST(Swing, AShortestAndALongestPeriod) {
    EXPECT_TRUE(find(fight(2, 500, 0, milliseconds(200))));
    EXPECT_FALSE(find(fight(1.6, 500, 0, milliseconds(200)))) << "below 2 s";
    EXPECT_TRUE(find(fight(4, 500, 0, seconds(1), 6)));
    EXPECT_FALSE(find(fight(3, 500, 0, seconds(1), 6))) << "below four intervals of the meter";
    const Duration long_window = seconds(1500);
    EXPECT_TRUE(find(fight(600, 500, 0, seconds(4), 2.5), long_window));
    EXPECT_FALSE(find(fight(620, 500, 0, seconds(4), 3), seconds(1600))) << "above 10 min";
}

TEST(Swing, AWindowFindsOnlyWhatItHoldsTwoAndAHalfTimes) {
    EXPECT_TRUE(find(fight(10, 500), seconds(25)));
    EXPECT_FALSE(find(fight(10, 500), seconds(24)));
}

TEST(Swing, ASpikeDoesNotMoveTheMiddle) {
    auto samples = fight(10, 400);
    samples[3].grid = watts(20'000);
    samples[17].grid = watts(-20'000);
    const auto swing = find(samples);
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->swing, watts(800));
}

// --- whose it is ---------------------------------------------------------------------------------------

TEST(Swing, ANeighboursKettleIsNotOurs) {
    const auto swing = find(record(
        seconds(60), seconds(1), [](double s) { return 1000 * square(s, 20); },
        [](double) { return -12.0; }));
    ASSERT_TRUE(swing);
    EXPECT_FALSE(swing->ours);
    EXPECT_EQ(swing->peak, amps(12));
}

TEST(Swing, OursWhenOurPowerSwingsWithAQuarterOfIt) {
    const auto with = [](double current) {
        return find(record(
            seconds(60), seconds(1), [](double s) { return 1000 * square(s, 20); },
            [=](double s) { return current * square(s, 20); }));
    };
    EXPECT_TRUE(with(5)->ours) << "+-250 W of +-1000 W";
    EXPECT_FALSE(with(4.99)->ours);
}

TEST(Swing, OursAtEachLagAndSign) {
    for (const double sign : {1.0, -1.0}) {
        for (int lag = 0; lag <= 5; ++lag) {
            const auto swing = find(record(
                seconds(60), seconds(1), [](double s) { return 1000 * square(s, 24); },
                [=](double s) { return 10 * sign * square(s - lag + 24, 24); }));
            ASSERT_TRUE(swing);
            EXPECT_TRUE(swing->ours) << "lag " << lag << " sign " << sign;
        }
    }
}

TEST(Swing, AnotherRhythmIsNotOurs) {
    const auto swing = find(record(
        seconds(60), seconds(1), [](double s) { return 1000 * square(s, 20); },
        [](double s) { return 10 * square(s, 54); }));
    ASSERT_TRUE(swing);
    EXPECT_FALSE(swing->ours);
}

TEST(Swing, ThePeakIsOfTheLastTwoPeriods) {
    const auto samples = record(
        seconds(60), seconds(1), [](double s) { return 1000 * square(s, 20); },
        [](double s) { return (s < 20.5 ? 50 : 10) * square(s, 20); });
    EXPECT_EQ(find(samples)->peak, amps(50)) << "40 s ago is within";
    const auto earlier = record(
        seconds(60), seconds(1), [](double s) { return 1000 * square(s, 20); },
        [](double s) { return (s < 20 ? 50 : 10) * square(s, 20); });
    EXPECT_EQ(find(earlier)->peak, amps(10));
}

}  // namespace
}  // namespace jkp::control::test
