// SPDX-License-Identifier: MIT
#include "meter/source_clock.hpp"

#include <gtest/gtest.h>

namespace jkp::meter {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t start_ms = 1'800'000'000'000;

// Both clocks of this machine at a time since the start.
struct Bench {
    SourceClock clock;
    Duration age(std::chrono::milliseconds measured, std::chrono::milliseconds now) {
        return clock.age(start_ms + measured.count(), start_ms + now.count(), TimePoint(now));
    }
};

TEST(SourceClock, AValueOfTheSameClockIsAsOldAsItSays) {
    Bench bench;
    EXPECT_EQ(bench.age(0s, 3s), 3s);
    EXPECT_EQ(bench.age(10s, 10s), 0s);
    EXPECT_EQ(bench.age(10s, 25s), 15s);
}

TEST(SourceClock, UpToTwoSecondsAheadMeansNew) {
    Bench bench;
    EXPECT_EQ(bench.age(12s, 10s), 0s);
    EXPECT_EQ(bench.age(12s, 11s), 0s);
    EXPECT_EQ(bench.age(12s, 20s), 8s);
}

TEST(SourceClock, AValueThatStandsStillAgesAlthoughItsClockIsAhead) {
    Bench bench;
    EXPECT_EQ(bench.age(40s, 10s), 0s);
    EXPECT_EQ(bench.age(40s, 15s), 5s);
    EXPECT_EQ(bench.age(40s, 50s), 40s);
}

TEST(SourceClock, ALateValueOfAClockThatIsAheadIsOld) {
    Bench bench;
    EXPECT_EQ(bench.age(40s, 10s), 0s);
    EXPECT_EQ(bench.age(41s, 20s), 9s);
}

TEST(SourceClock, AClockThatWasSetRightIsBelievedAgainInTime) {
    Bench bench;
    EXPECT_EQ(bench.age(40s, 10s), 0s);
    EXPECT_EQ(bench.age(20s, 20s), 30s) << "it cannot be told from a late one";
    Duration last = 0s;
    for (auto now = 30s; now < 21min; now += 10s) last = bench.age(now, now);
    EXPECT_EQ(last, 0s);
}

}  // namespace
}  // namespace jkp::meter
