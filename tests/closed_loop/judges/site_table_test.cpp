// SPDX-License-Identifier: MIT
#include "closed_loop/loop/site_table.hpp"

#include <gmock/gmock.h>

namespace jkp::closed_loop {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;

SiteResult good_day(std::uint64_t seed) {
    SiteResult day;
    day.seed = seed;
    day.enough_sun = true;
    day.energy.moved = 20'000;
    day.energy.transfer = 60;
    day.energy.sun = 30'000;
    day.energy.house = 25'000;
    day.peak = Millivolts(3490);
    day.lowest = Millivolts(3010);
    day.fullest_soc = 0.99;
    return day;
}

FightResult good_fight(std::uint64_t seed) {
    FightResult fight;
    fight.seed = seed;
    fight.meter_interval = seconds(1);
    fight.period = seconds(12);
    fight.untouched_w = 3000;
    fight.found_after = seconds(25);
    fight.half_waves = 4;
    fight.before_w = 2400;
    fight.after_w = 500;
    return fight;
}

template <class Change>
bool passes(Change change) {
    SiteResults results;
    for (auto& days : results.days) days = {good_day(1), good_day(2)};
    for (std::uint64_t i = 0; i < 20; ++i) results.fights.push_back(good_fight(i));
    auto& ours = results.days[2];
    change(ours, results.fights);
    return passed(results);
}

TEST(SiteAcceptance, GoodHousesPass) {
    EXPECT_TRUE(passes([](auto&, auto&) {}));
}

TEST(SiteAcceptance, TransferIsJudgedByTheEnergyOfAllDaysTogether) {
    EXPECT_TRUE(passes([](auto& days, auto&) { days[0].energy.transfer = 139; }));
    EXPECT_FALSE(passes([](auto& days, auto&) { days[0].energy.transfer = 141; }));
}

TEST(SiteAcceptance, OneFightOfTwentyMayBeMissedButNotTwo) {
    EXPECT_TRUE(passes([](auto&, auto& fights) { fights[0].half_waves = 6; }));
    EXPECT_FALSE(passes([](auto&, auto& fights) {
        fights[0].half_waves = 6;
        fights[1].found_after.reset();
    }));
    EXPECT_FALSE(passes([](auto&, auto& fights) { fights[0].after_w = fights[1].after_w = 900; }));
}

TEST(SiteAcceptance, WhatNobodyCanSeeAtThisMeterIsNoFight) {
    EXPECT_TRUE(passes([](auto&, auto& fights) {
        for (std::size_t i = 0; i < 10; ++i) {
            fights[i].found_after.reset();
            fights[i].period = seconds(3);  // less than four intervals of the meter
        }
    }));
}

TEST(SiteAcceptance, AFalseAlarmADayFails) {
    EXPECT_TRUE(passes([](auto& days, auto&) { days[0].alarms = 1; }));
    EXPECT_FALSE(passes([](auto& days, auto&) { days[0].alarms = 2; }));
}

TEST(SiteAcceptance, TheCellsAreJudgedAsWithoutAHouse) {
    EXPECT_FALSE(passes([](auto& days, auto&) { days[1].peak = Millivolts(3521); }));
    EXPECT_FALSE(passes([](auto& days, auto&) { days[1].lowest = Millivolts(2799); }));
    EXPECT_FALSE(passes([](auto& days, auto&) { days[1].fullest_soc = 0.97; }));
    EXPECT_TRUE(passes([](auto& days, auto&) {
        days[1].obeys = false;
        days[1].peak = Millivolts(3600);
    }));
}

TEST(SiteText, ShowsEveryWaySideBySideAndWhatFailed) {
    SiteResults results;
    for (auto& days : results.days) days = {good_day(5)};
    results.days[2][0].energy.transfer = 300;
    const std::string text = acceptance_text(results) + table_text(results);
    EXPECT_THAT(text,
                HasSubstr("| transfer, of the energy moved | <= 0.50 % | 1.50 | -1.00 | 1 | 5 | FAIL |"));
    for (const Coordination c : coordinations)
        EXPECT_THAT(text, HasSubstr("| " + std::string(name(c)) + " |"));
}

TEST(SiteText, CountsTheReversalsAndOscillationsOfTheOriginalToo) {
    SiteResults results;
    for (auto& days : results.days) days = {good_day(5), good_day(6)};
    results.days[1][0].charge_reversals = 60;
    results.days[1][1].discharge_reversals = 84;
    results.days[1][1].alarms = 7;
    EXPECT_THAT(table_text(results), HasSubstr("| original | 0.06 | 0.30 % |"));
    EXPECT_THAT(table_text(results), HasSubstr("| 3.00 | 3.50 |\n"));
}

// A swing of so many W in half-waves of 10 s, and then 100 s without.
SwingTime swing(double watts, int half_waves) {
    std::vector<SwingWatch::HalfWave> waves;
    for (int i = 0; i < half_waves; ++i) {
        waves.push_back({TimePoint(seconds(10 * i)), TimePoint(seconds(10 * i + 10)), watts});
    }
    SwingTime time;
    time.add(waves, seconds(10 * half_waves + 100));
    return time;
}

TEST(SiteText, ShowsHowLargeAndHowLongTheGridSwingsInAFightSideBySide) {
    SiteResults results;
    for (std::uint64_t i = 0; i < 3; ++i) {
        FightResult fight = good_fight(i);
        fight.swings = {swing(4000, 140), swing(1000, 20 + 10 * static_cast<int>(i)), swing(500, 5)};
        results.fights.push_back(fight);
    }
    results.fights[1].swings[2] = swing(299, 5);
    results.fights.push_back({.seed = 4, .swings = {swing(9000, 200), swing(9000, 200), swing(9000, 200)}});
    ASSERT_FALSE(results.fights.back().fights());
    EXPECT_THAT(fights_text(results), HasSubstr("| none | 4000 | 4000 | 1400 | 1400 |\n"
                                                "| original | 1000 | 1000 | 300 | 400 |\n"
                                                "| ours | 0 | 500 | 50 | 50 |\n"));
}

TEST(SiteText, WithoutAFightThereIsNoRowOfOne) {
    EXPECT_THAT(fights_text({}), testing::EndsWith("|---|---|---|---|---|\n"));
}

}  // namespace
}  // namespace jkp::closed_loop
