// SPDX-License-Identifier: MIT
// In which window an oscillation is found, and what the slow windows are made of.
#include <gtest/gtest.h>

#include <vector>

#include "builders.hpp"
#include "control/oscillation.hpp"

namespace jkp::control::test {
namespace {

constexpr Millivolts pack = mv(50'000);
constexpr std::array windows{5,  8,   12,  18,  27,  40,  60,           // over all samples
                             90, 135, 200, 300, 450, 675, 1000, 1500};  // over means of 2 s

// Whether +-600 W, with half-waves of `samples` intervals, is found within `most` after a long time at 5 kW.
// What is left of that in a window hides what comes after, unless it is less than a tenth.
bool found_within(Duration most, Duration interval, int samples, Duration before) {
    OscillationSettings settings;
    settings.longest_period = minutes(20);
    Observer observer;
    TimePoint now = at(hours(1));
    const auto tell = [&](int power) {
        observer.take(settings, {now, watts(power), amps(power / 50.0)}, pack);
        now += interval;
    };
    for (const TimePoint end = now + before; now < end;) tell(5000);
    const TimePoint begun = now;
    for (int i = 0; now - begun <= most; ++i) {
        tell(i / samples % 2 == 0 ? -600 : 600);
        if (observer.swing()) return true;
    }
    return false;
}

TEST(ObserverWindows, EachFindsWhatItHoldsTwoAndAHalfTimesAndNothingSlower) {
    for (const int window : windows) {
        // Means of two seconds are the samples themselves when these are no closer.
        const int samples = window <= 60 ? 5 : window <= 450 ? 8 : 25;
        const Duration fits = milliseconds(window * 200) / samples;
        const Duration slower = milliseconds(window * 200 + 100) / samples;
        const Duration most = milliseconds(window * 1250);
        const Duration before = seconds(window * 2);
        EXPECT_TRUE(found_within(most, fits, samples, before)) << window;
        EXPECT_FALSE(found_within(most, slower, samples, before)) << "only in the next one: " << window;
    }
}

// A slot holds one sample each 6 s.
std::optional<Swing> slow_swing(std::string_view grid, std::string_view own) {
    const auto sign = [](char c) { return c == '+' ? 1 : c == '-' ? -1 : 0; };
    Observer observer;
    TimePoint now = at(hours(1));
    for (int i = 0; i < 60; ++i) {
        const std::size_t place = static_cast<std::size_t>(i) % grid.size();
        observer.take({}, {now, watts(600 * sign(grid[place])), amps(12 * sign(own[place]))}, pack);
        now += seconds(6);
    }
    return observer.swing();
}

// On the middle is above: with another sign it would be on the wrong side for almost half of the time.
TEST(ObserverWindows, TheMeansKeepTheirSign) {
    for (const auto& [grid, own] : {std::pair{"+++0000---", "+++++++---"}, {"+++++++---", "+++0000---"}}) {
        const auto swing = slow_swing(grid, own);
        ASSERT_TRUE(swing) << grid;
        EXPECT_EQ(swing->period, seconds(60));
        EXPECT_TRUE(swing->ours) << grid << " " << own;
    }
}

TEST(ObserverWindows, OneSampleIsAMeanOfItsOwnWhenTheNextComesLater) {
    Observer observer;
    TimePoint now = at(hours(1));
    for (int i = 0; i < 40; ++i) {
        observer.take({}, {now, watts(i % 4 < 2 ? 600 : -600), amps(0)}, pack);
        now += seconds(7);
    }
    ASSERT_TRUE(observer.swing());
    EXPECT_EQ(observer.swing()->period, seconds(28)) << "four values, more than the quick windows hold";
}

TEST(SampleRing, GivesThoseFromATimeOnOldestFirst) {
    SampleRing<3> ring;
    const auto seen = [&](TimePoint since) {
        std::vector<int> powers;
        for (const SwingSample& sample : ring.since(since)) powers.push_back(sample.grid.count());
        return powers;
    };
    EXPECT_EQ(seen({}), std::vector<int>{});
    for (int i = 1; i <= 2; ++i) ring.push({at(seconds(i)), watts(i), amps(0)});
    EXPECT_EQ(seen({}), (std::vector{1, 2}));
    for (int i = 3; i <= 5; ++i) ring.push({at(seconds(i)), watts(i), amps(0)});
    EXPECT_EQ(seen({}), (std::vector{3, 4, 5})) << "the oldest are gone";
    EXPECT_EQ(seen(at(seconds(4))), (std::vector{4, 5}));
    EXPECT_EQ(seen(at(milliseconds(4001))), std::vector{5});
}

TEST(ObserverWindows, AMeanIsOfAllSamplesOfTwoSeconds) {
    Observer observer;
    TimePoint now = at(hours(1));
    // Pairs of samples, 30 of them at each side; the second of a pair tells more.
    for (int i = 0; i < 400; ++i) {
        const int side = i / 60 % 2 == 0 ? 1 : -1;
        const int more = i % 2;
        observer.take({}, {now, watts(side * (600 + 100 * more)), Milliamps(side * (10'000 + 4001 * more))},
                      pack);
        now += seconds(1);
    }
    ASSERT_TRUE(observer.swing());
    EXPECT_EQ(observer.swing()->period, seconds(120));
    EXPECT_EQ(observer.swing()->swing, watts(1300));
    EXPECT_EQ(observer.swing()->peak, amps(12)) << "12000.5 mA on both sides";
    EXPECT_TRUE(observer.swing()->ours);
}

}  // namespace
}  // namespace jkp::control::test
