// SPDX-License-Identifier: MIT
#include "core/token_bucket.hpp"

#include <gtest/gtest.h>

namespace jkp {
namespace {

using std::chrono::milliseconds;

TEST(TokenBucket, LetsABurstPassAndThenSoManyASecond) {
    TokenBucket bucket(3, 10);
    TimePoint now(std::chrono::hours(1));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now)) << i;
    EXPECT_FALSE(bucket.take(now));
    EXPECT_FALSE(bucket.take(now + milliseconds(99)));
    EXPECT_TRUE(bucket.take(now + milliseconds(101)));
    EXPECT_FALSE(bucket.take(now + milliseconds(101)));
    now += std::chrono::hours(1);
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take(now)) << "never more than the burst";
    EXPECT_FALSE(bucket.take(now));
}

TEST(TokenBucket, ATimeInThePastGivesNothing) {
    TokenBucket bucket(1, 10);
    const TimePoint now(std::chrono::hours(1));
    EXPECT_TRUE(bucket.take(now));
    EXPECT_FALSE(bucket.take(now - std::chrono::hours(1)));
    EXPECT_FALSE(bucket.take(now));
    EXPECT_TRUE(bucket.take(now + milliseconds(200)));
}

}  // namespace
}  // namespace jkp
