// SPDX-License-Identifier: MIT
#include "core/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace jkp {
namespace {

using std::chrono::seconds;

TEST(RateLimiter, TheFirstIsSaidAndTheNextOnlyAfterThePeriodWithTheCountOfTheQuietOnes) {
    RateLimiter limiter(seconds(10));
    EXPECT_EQ(limiter.say(TimePoint(seconds(5))), 0U);
    EXPECT_EQ(limiter.say(TimePoint(seconds(6))), std::nullopt);
    EXPECT_EQ(limiter.say(TimePoint(seconds(14))), std::nullopt);
    EXPECT_EQ(limiter.say(TimePoint(seconds(15))), 2U);
    EXPECT_EQ(limiter.say(TimePoint(seconds(30))), 0U);
}

}  // namespace
}  // namespace jkp
