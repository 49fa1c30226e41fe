// SPDX-License-Identifier: MIT
// The edges of "the second battery does the opposite".
#include <gtest/gtest.h>

#include "builders.hpp"
#include "control/contrary.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint start = at(seconds(1000));
constexpr ContraryRules rules{amps(2), amps(1), seconds(20), minutes(15)};

TEST(Contrary, EntersAboveOneThresholdAndLeavesBelowTheOther) {
    Contrary cause;
    watch(cause, rules, amps(2), start);
    EXPECT_FALSE(cause.active);
    watch(cause, rules, Milliamps(2001), start);
    EXPECT_TRUE(cause.active);
    watch(cause, rules, amps(1), start + seconds(30));
    watch(cause, rules, Milliamps(999), start + seconds(50) - milliseconds(1));
    EXPECT_TRUE(cause.active) << "at the leaving threshold 20 s ago, but for a millisecond";
    watch(cause, rules, Milliamps(999), start + seconds(50));
    EXPECT_FALSE(cause.active);
    EXPECT_EQ(cause.left_at, start + seconds(50));
}

TEST(Contrary, BackWithinAQuarterOfAnHourIsAStrike) {
    for (const auto& [later, strikes] :
         {std::pair<Duration, int>{minutes(15) - milliseconds(1), 1}, {minutes(15), 0}}) {
        Contrary cause;
        watch(cause, rules, amps(3), start);
        leave(cause, start + seconds(20));
        EXPECT_FALSE(cause.active);
        watch(cause, rules, amps(3), start + seconds(20) + later);
        EXPECT_EQ(cause.strikes, strikes);
        EXPECT_TRUE(cause.active);
    }
}

TEST(Contrary, AHoldBeginsAnewAfterATimeInWhichNothingIsKnown) {
    Contrary cause;
    watch(cause, rules, amps(3), start);
    hold(cause, start + seconds(50));
    watch(cause, rules, amps(0), start + seconds(69));
    EXPECT_TRUE(cause.active);
    watch(cause, rules, amps(0), start + seconds(70));
    EXPECT_FALSE(cause.active);
}

TEST(Contrary, LeavingTwiceKeepsTheFirstTime) {
    Contrary cause;
    watch(cause, rules, amps(3), start);
    leave(cause, start + seconds(1));
    leave(cause, start + seconds(2));
    EXPECT_EQ(cause.left_at, start + seconds(1));
}

}  // namespace
}  // namespace jkp::control::test
