// SPDX-License-Identifier: MIT
#include "config/duration_text.hpp"

#include <gtest/gtest.h>

namespace jkp::config {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TEST(DurationText, IsReadInPartsFromTheLargestUnit) {
    EXPECT_EQ(read_duration("0s"), seconds(0));
    EXPECT_EQ(read_duration("90s"), seconds(90));
    EXPECT_EQ(read_duration("10min"), minutes(10));
    EXPECT_EQ(read_duration("1h30min"), minutes(90));
    EXPECT_EQ(read_duration("2d1h1min1s"), hours(49) + seconds(61));
}

TEST(DurationText, AnythingElseIsRefused) {
    for (const char* text :
         {"", "s", "5", "5 s", "-5s", "+5s", "1.5h", "5m", "5sec", "1s1min", "1h1h", "min", "5min ", " 5min",
          "99999999999999999999s", "100001s", "3654d", "1h-5min", "5\xC2\xB5s"}) {
        EXPECT_FALSE(read_duration(text)) << text;
    }
}

TEST(DurationText, IsWrittenAsItIsRead) {
    for (const char* text : {"0s", "1s", "59s", "1min", "1h30min", "2d", "2d1h1min1s", "1d5s"}) {
        EXPECT_EQ(duration_text(*read_duration(text)), text);
    }
    EXPECT_EQ(duration_text(seconds(90)), "1min30s");
}

}  // namespace
}  // namespace jkp::config
