// SPDX-License-Identifier: MIT
// The exact edges of what counts as an oscillation, with series written by hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "builders.hpp"
#include "control/swing.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint start = at(seconds(10'000));
constexpr Millivolts pack = mv(50'000);

// One sample each `interval`: + and - are 600 W to both sides, 0 is the middle; `own` likewise with 12 A, or
// as the grid when it is empty.
std::vector<SwingSample> series(std::string_view grid, std::string_view own = {},
                                Duration interval = seconds(1)) {
    const auto sign = [](char c) { return c == '+' ? 1 : c == '-' ? -1 : 0; };
    std::vector<SwingSample> samples;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        const int own_sign = sign(own.empty() ? grid[i] : own[i]);
        samples.push_back(
            {start + static_cast<int>(i) * interval, watts(600 * sign(grid[i])), amps(12 * own_sign)});
    }
    return samples;
}

std::optional<Swing> find(const std::vector<SwingSample>& samples, const OscillationSettings& settings = {},
                          Duration window = seconds(600)) {
    return find_swing(settings, samples, window, pack);
}

int half_waves(const std::vector<SwingSample>& samples, const OscillationSettings& settings) {
    const auto swing = find(samples, settings);
    return swing ? swing->half_waves : 0;
}

OscillationSettings alike(int permille) {
    OscillationSettings settings;
    settings.alike = Permille(permille);
    return settings;
}

// --- levels and turns ------------------------------------------------------------------------------------

// A square wave of half-waves of five samples, whose values are all different.
std::vector<SwingSample> uneven(std::size_t count) {
    std::vector<SwingSample> samples;
    for (std::size_t i = 0; i < count; ++i) {
        const int side = i / 5 % 2 == 0 ? -1 : 1;
        const int power = side * (500 + static_cast<int>(i * 7 % 100));
        samples.push_back({start + seconds(i), watts(power), amps(side * 10)});
    }
    return samples;
}

TEST(SwingEdges, ATenthOfTheValuesAtEachEndDoesNotCount) {
    for (const auto& [count, left_out] : {std::pair<std::size_t, std::size_t>{31, 3}, {36, 3}, {40, 4}}) {
        const auto samples = uneven(count);
        std::vector<int> sorted;
        for (const SwingSample& sample : samples) sorted.push_back(sample.grid.count());
        std::sort(sorted.begin(), sorted.end());
        const auto swing = find(samples);
        ASSERT_TRUE(swing) << count;
        EXPECT_EQ(swing->swing, watts(sorted[count - 1 - left_out] - sorted[left_out])) << count;
    }
}

TEST(SwingEdges, TheMiddleIsHalfWayBetweenBothLevels) {
    OscillationSettings settings;
    settings.swing = watts(1);
    auto samples = series("-----+++++-----+++++-----+");
    for (SwingSample& sample : samples) sample.grid = watts(sample.grid.count() < 0 ? 1000 : 1300);
    settings.crossing = watts(150);
    EXPECT_TRUE(find(samples, settings));
    settings.crossing = watts(151);
    EXPECT_FALSE(find(samples, settings)) << "150 W on each side";
    for (SwingSample& sample : samples) {
        if (sample.grid == watts(1300)) sample.grid = watts(1301);
    }
    EXPECT_FALSE(find(samples, settings)) << "151 W on one side, 150 W on the other";
}

TEST(SwingEdges, FromTheMiddleToASideIsATurn) {
    EXPECT_EQ(half_waves(series("0-----+++++-----+++++-"), {}), 4);
    EXPECT_EQ(half_waves(series("0+++++-----+++++-----+"), {}), 4);
    EXPECT_EQ(half_waves(series("------+++++-----+++++-"), {}), 0) << "where it begins is none";
    EXPECT_EQ(half_waves(series("++++++-----+++++-----+"), {}), 0);
}

TEST(SwingEdges, BackToTheMiddleIsNoTurn) {
    const auto swing = find(series("-----+++00---00+++00---00+++00"));
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->period, seconds(10));
    EXPECT_EQ(swing->half_waves, 4);
}

TEST(SwingEdges, AFewSamplesAreNoneWhateverTheySay) {
    EXPECT_FALSE(find({}));
    EXPECT_FALSE(find(series("+")));
    EXPECT_FALSE(find(series("+-")));
    EXPECT_FALSE(find(series("-+-+-+")));
}

// --- half-waves ------------------------------------------------------------------------------------------

TEST(SwingEdges, AlikeIncludesTheIntervalOfTheMeterExactly) {
    // The last four are 5 s long, so that nothing but one interval is tolerated.
    EXPECT_EQ(half_waves(series("--+++++-----+++++-----+++++-"), alike(0)), 5);
    EXPECT_EQ(half_waves(series("--++++++-----+++++-----+++++-"), alike(0)), 5) << "6 s";
    EXPECT_EQ(half_waves(series("--+++++++-----+++++-----+++++-"), alike(0)), 4) << "7 s";
    EXPECT_EQ(half_waves(series("--++++-----+++++-----+++++-"), alike(0)), 5) << "4 s";
    EXPECT_EQ(half_waves(series("--+++-----+++++-----+++++-"), alike(0)), 4) << "3 s";
}

TEST(SwingEdges, ThirtyPercentOfTheMeanAreAlike) {
    // Half-waves of 10 s: 3 s, and 1 s for the interval. The first turn is moved by milliseconds.
    const auto first_lasts = [](int ms) {
        auto samples = series("--++++++++++++++----------++++++++++----------++++++++++-");
        samples[2].at += seconds(14) - milliseconds(ms);
        return half_waves(samples, {});
    };
    EXPECT_EQ(first_lasts(14'000), 5);
    EXPECT_EQ(first_lasts(14'001), 4);
    EXPECT_EQ(first_lasts(14'002), 4);
}

TEST(SwingEdges, ThirtyPercentShorterAreAlikeAsWell) {
    const auto first_lasts = [](int ms) {
        auto samples = series("--++++++----------++++++++++----------++++++++++-");
        samples[2].at += seconds(6) - milliseconds(ms);
        return half_waves(samples, {});
    };
    EXPECT_EQ(first_lasts(6'000), 5);
    EXPECT_EQ(first_lasts(5'999), 4);
    EXPECT_EQ(first_lasts(5'998), 4);
}

TEST(SwingEdges, TheLatestMayLastAsLongAsOneThatIsAlike) {
    // 5 s, 20 % of it, and 1 s for the interval.
    EXPECT_TRUE(find(series("-+++++-----+++++-----+++++++ "), alike(200)));
    EXPECT_TRUE(find(series("-+++++-----+++++-----++++++++"), alike(200))) << "seen for 7 s";
    EXPECT_FALSE(find(series("-+++++-----+++++-----+++++++++"), alike(200))) << "8 s";
}

TEST(SwingEdges, APeriodIsAtLeastFourIntervalsOfTheMeter) {
    EXPECT_FALSE(find(series("-++--++-+"))) << "3.5";
    EXPECT_TRUE(find(series("-++--++--+"))) << "4";
}

// --- whose it is -----------------------------------------------------------------------------------------

// The meter tells each 6 s: no lag but 0 is looked at. 17 samples of four half-waves.
constexpr Duration rare = seconds(6);

OscillationSettings agreeing(int permille) {
    OscillationSettings settings;
    settings.own_agreement = Permille(permille);
    return settings;
}

bool is_ours(std::string_view grid, std::string_view own, const OscillationSettings& settings) {
    const auto swing = find(series(grid, own, rare), settings);
    return swing && swing->ours;
}

TEST(SwingEdges, OursFromTheNeededAgreementOn) {
    // 20 of 20, 16 of 20 and 15 of 20 during the half-waves; before them ours was always at +.
    const std::string_view grid = "---++++----++++----++++";
    EXPECT_TRUE(is_ours(grid, "+++++++----++++----++++", agreeing(1000)));
    EXPECT_TRUE(is_ours(grid, "+++--++--++++++----++++", agreeing(800)));
    EXPECT_FALSE(is_ours(grid, "+++--++--++++++----++++", agreeing(801)));
    EXPECT_TRUE(is_ours(grid, "+++--++--++-+++----++++", agreeing(750)));
    EXPECT_FALSE(is_ours(grid, "+++--++--++-+++----++++", agreeing(751)));
    EXPECT_TRUE(is_ours(grid, "+++++--++--+---++++----", agreeing(750))) << "always on the other side";
}

TEST(SwingEdges, ThePartOfTheTimeIsRoundedDown) {
    // 14 of 21: 666.7 per mille.
    const std::string_view grid = "---++++----++++----+++++";
    const std::string_view own = "-----++--++-+++---+-++++";
    EXPECT_TRUE(is_ours(grid, own, agreeing(666)));
    EXPECT_FALSE(is_ours(grid, own, agreeing(667)));
}

TEST(SwingEdges, WhatWasBeforeTheHalfWavesDoesNotCount) {
    EXPECT_TRUE(
        is_ours("------------++++----++++----++++", "++++++++++++++++----++++----++++", agreeing(950)));
}

TEST(SwingEdges, OnTheMiddleCountsAsAbove) {
    // 4 of 20 of the meter are on its middle while ours is at +, then 4 of ours while the meter is at +.
    EXPECT_TRUE(is_ours("---+00+----+00+----++++", "---++++----++++----++++", agreeing(1000)));
    EXPECT_TRUE(is_ours("---++++----++++----++++", "---+00+----+00+----++++", agreeing(1000)));
}

// Half-waves of 14 s: up to 3 s beside a lag that is looked at are within three quarters.
bool ours_with_lag(int lag) {
    const auto side = [](int s) { return (s + 280) % 28 < 14 ? 1 : -1; };
    std::vector<SwingSample> samples;
    for (int s = 0; s <= 84; ++s) {
        samples.push_back({start + seconds(s), watts(600 * side(s)), amps(12 * side(s - lag))});
    }
    const auto swing = find(samples);
    return swing && swing->ours;
}

TEST(SwingEdges, OursFollowsWithinFiveSeconds) {
    for (int lag = -3; lag <= 8; ++lag) EXPECT_TRUE(ours_with_lag(lag)) << lag;
    EXPECT_FALSE(ours_with_lag(9)) << "4 s beside the longest lag";
    EXPECT_FALSE(ours_with_lag(10));
    for (int lag = 11; lag <= 22; ++lag) EXPECT_TRUE(ours_with_lag(lag)) << "with the other sign: " << lag;
    EXPECT_FALSE(ours_with_lag(23));
    EXPECT_FALSE(ours_with_lag(24));
}

// The meter told often before the half-waves and seldom during them: lags are counted in samples of theirs.
TEST(SwingEdges, AMeterThatBecameSlowIsNoTrouble) {
    std::vector<SwingSample> samples;
    TimePoint now = start;
    const auto tell = [&](int side, Duration interval) {
        samples.push_back({now, watts(600 * side), amps(12 * side)});
        now += interval;
    };
    for (int i = 0; i < 200; ++i) tell(i % 50 < 25 ? 1 : -1, milliseconds(200));
    for (int i = 0; i < 12; ++i) tell(i / 2 % 2 == 0 ? 1 : -1, milliseconds(2500));
    const auto swing = find(samples);
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->period, seconds(10));
    EXPECT_TRUE(swing->ours);
}

TEST(SwingEdges, APowerJustBelowTheQuarterIsNotOurs) {
    const auto ours = [](int high) {
        auto samples = series("-----+++++-----+++++-----+++++");
        for (SwingSample& sample : samples) {
            sample.grid = watts(sample.grid.count() > 0 ? high : -2000);
            sample.own = amps(sample.grid.count() > 0 ? 10 : -10);
        }
        return find(samples)->ours;
    };
    EXPECT_TRUE(ours(2000)) << "1000 W of 4000 W";
    EXPECT_FALSE(ours(2001));
}

TEST(SwingEdges, ThePeakOfAnIdleBatteryIsNothing) {
    const auto swing = find(series("-----+++++-----+++++-----+++++", "000000000000000000000000000000"));
    ASSERT_TRUE(swing);
    EXPECT_EQ(swing->peak, amps(0));
    EXPECT_FALSE(swing->ours);
}

}  // namespace
}  // namespace jkp::control::test
