// SPDX-License-Identifier: MIT
#include "meter/meter_filter.hpp"

#include <gtest/gtest.h>

#include <set>

#include "meter/support.hpp"

namespace jkp::meter {
namespace {

using std::chrono::milliseconds;

MeterReading at(std::uint32_t serial, std::uint32_t ticker_ms) {
    MeterReading reading = sample();
    reading.serial = serial;
    reading.ticker_ms = ticker_ms;
    return reading;
}

TEST(MeterFilter, FollowsTheFirstMeterWhenNoneIsNamedAndSaysWhich) {
    MeterFilter filter;
    EXPECT_EQ(filter.serial(), std::nullopt);
    EXPECT_EQ(filter.take(at(7, 1000)), Verdict::news);
    EXPECT_EQ(filter.serial(), 7U);
    EXPECT_EQ(filter.take(at(8, 2000)), Verdict::foreign);
    EXPECT_EQ(filter.take(at(7, 2000)), Verdict::news);
    EXPECT_EQ(filter.serial(), 7U);
}

TEST(MeterFilter, ANamedMeterIsTheOnlyOne) {
    MeterFilter filter(8);
    EXPECT_EQ(filter.take(at(7, 1000)), Verdict::foreign);
    EXPECT_EQ(filter.take(at(8, 500)), Verdict::news);
    EXPECT_EQ(filter.take(at(7, 2000)), Verdict::foreign);
    EXPECT_EQ(filter.serial(), 8U);
    EXPECT_EQ(filter.counters(), (MeterFilterCounters{.news = 1, .foreign = 2}));
}

// The ticker of a foreign meter must not make ours look late.
TEST(MeterFilter, EachMeterHasItsOwnClock) {
    MeterFilter filter(8);
    filter.take(at(8, 1000));
    filter.take(at(7, 4'000'000));
    EXPECT_EQ(filter.take(at(8, 2000)), Verdict::news);
    EXPECT_EQ(filter.counters().restarts, 0U);
}

TEST(MeterFilter, TheSameTickerTwiceIsOneReading) {
    MeterFilter filter;
    filter.take(at(7, 1000));
    EXPECT_EQ(filter.take(at(7, 1000)), Verdict::repeat);
    EXPECT_EQ(filter.take(at(7, 1600)), Verdict::news);
    EXPECT_EQ(filter.counters(), (MeterFilterCounters{.news = 2, .repeats = 1}));
}

TEST(MeterFilter, AReadingThatWasOvertakenIsNotUsed) {
    MeterFilter filter;
    filter.take(at(7, 20'000));
    EXPECT_EQ(filter.take(at(7, 19'400)), Verdict::overtaken);
    EXPECT_EQ(filter.take(at(7, 10'000)), Verdict::overtaken);
    EXPECT_EQ(filter.take(at(7, 20'000)), Verdict::repeat);
    EXPECT_EQ(filter.counters(), (MeterFilterCounters{.news = 1, .repeats = 1, .overtaken = 2}));
}

TEST(MeterFilter, AMeterThatStartsAnewIsFollowed) {
    MeterFilter filter;
    filter.take(at(7, 20'000));
    EXPECT_EQ(filter.take(at(7, 9'999)), Verdict::news);
    EXPECT_EQ(filter.interval(), std::nullopt);
    EXPECT_EQ(filter.take(at(7, 10'999)), Verdict::news);
    EXPECT_EQ(filter.interval(), milliseconds(1000));
    EXPECT_EQ(filter.counters(), (MeterFilterCounters{.news = 3, .restarts = 1}));
}

TEST(MeterFilter, TheTickerMayWrap) {
    MeterFilter filter;
    filter.take(at(7, 0xFFFF'FF00));
    EXPECT_EQ(filter.take(at(7, 0x0000'0100)), Verdict::news);
    EXPECT_EQ(filter.interval(), milliseconds(0x200));
    EXPECT_EQ(filter.take(at(7, 0xFFFF'FF80)), Verdict::overtaken);
    EXPECT_EQ(filter.counters(), (MeterFilterCounters{.news = 2, .overtaken = 1}));
}

TEST(MeterFilter, TheIntervalIsThatOfTheMeter) {
    MeterFilter filter;
    EXPECT_EQ(filter.interval(), std::nullopt);
    filter.take(at(7, 1000));
    EXPECT_EQ(filter.interval(), std::nullopt);
    filter.take(at(7, 1600));
    EXPECT_EQ(filter.interval(), milliseconds(600));
    filter.take(at(7, 1600));
    EXPECT_EQ(filter.interval(), milliseconds(600));
}

TEST(MeterFilter, EveryMeterThatIsHeardIsListedOnce) {
    MeterFilter filter(7);
    filter.take(at(9, 1));
    filter.take(at(7, 1));
    filter.take(at(9, 2));
    ASSERT_EQ(filter.heard().size(), 2U);
    EXPECT_EQ(filter.heard()[0], (HeardMeter{9, 372, 2}));
    EXPECT_EQ(filter.heard()[1], (HeardMeter{7, 372, 1}));
}

TEST(MeterFilter, AFloodOfSerialsFillsNothing) {
    MeterFilter filter(7);
    for (std::uint32_t serial = 100; serial < 300; ++serial) filter.take(at(serial, 1));
    EXPECT_EQ(filter.heard().size(), most_heard_meters);
    EXPECT_EQ(filter.take(at(7, 1)), Verdict::news);
    EXPECT_EQ(filter.counters().foreign, 200U);
}

TEST(MeterFilter, VerdictsHaveNames) {
    std::set<std::string_view> names;
    for (const auto v : {Verdict::news, Verdict::repeat, Verdict::overtaken, Verdict::foreign}) {
        names.insert(name(v));
    }
    EXPECT_EQ(names.size(), 4U);
}

}  // namespace
}  // namespace jkp::meter
