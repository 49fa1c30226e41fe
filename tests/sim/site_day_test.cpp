// SPDX-License-Identifier: MIT
#include "sim/site_day.hpp"

#include <gtest/gtest.h>

#include <set>

namespace jkp::sim {
namespace {

double reach(const SelfUseSpec& loop) {
    return loop.gain_per_s * std::chrono::duration<double>(loop.delay).count();
}

TEST(SiteDay, TheSameSeedIsTheSameHouseAndItsBatteryDayIsTheOneWithoutAHouse) {
    const SiteDay a = draw_site_day(7);
    const SiteDay b = draw_site_day(7);
    EXPECT_EQ(a.site.second.capacity, b.site.second.capacity);
    EXPECT_EQ(a.site.first.delay, b.site.first.delay);
    EXPECT_NE(a.site.first.gain_per_s, draw_site_day(8).site.first.gain_per_s);
    EXPECT_EQ(a.day.wish, draw_day(7).wish);
    EXPECT_EQ(a.day.packs[0].spec.seed, draw_day(7).packs[0].spec.seed);
}

TEST(SiteDay, OneTruthInWattsStandsBehindTheWishOfTheBattery) {
    const Day day = draw_day(11);
    for (std::size_t i = 0; i < day.wish.size(); i += 97) {
        const double surplus_w = day.power[i].sun.count() - day.power[i].house.count();
        const double wish_w = day.wish[i].count() / 1000.0 * day.nominal_volts();
        // The wish ends at the inverter's rating.
        EXPECT_LE(std::abs(wish_w), std::abs(surplus_w) + 1.5);
        EXPECT_GE(wish_w * surplus_w, -2.0 * std::abs(surplus_w));
    }
}

TEST(SiteDay, CalmLoopsAreStableTogetherAndFightingOnesOnlyAlone) {
    std::set<std::int64_t> intervals;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const SiteDay calm = draw_site_day(seed);
        EXPECT_LT(reach(calm.site.first) + reach(calm.site.second.self_use), 0.75) << seed;
        EXPECT_GE(calm.site.first.delay, std::chrono::milliseconds(200));
        EXPECT_LE(calm.site.first.delay, std::chrono::seconds(10));
        intervals.insert(milliseconds(calm.meter_interval));
        const SiteDay fights = draw_site_day(seed, Manner::fights);
        EXPECT_LT(reach(fights.site.first), 1.4) << seed;
        EXPECT_LT(reach(fights.site.second.self_use), 1.4) << seed;
        EXPECT_GT(reach(fights.site.first) + reach(fights.site.second.self_use), 1.75) << seed;
    }
    EXPECT_EQ(intervals, (std::set<std::int64_t>{200, 600, 1000}));
}

TEST(SiteDay, SomeDaysHaveSunEnoughForBothBatteries) {
    int sunny = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) sunny += draw_site_day(seed).enough_sun ? 1 : 0;
    EXPECT_GT(sunny, 20);
    EXPECT_LT(sunny, 250);
}

}  // namespace
}  // namespace jkp::sim
