// SPDX-License-Identifier: MIT
#include "sim/day.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

namespace jkp::sim {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

template <class Value>
void expect_spread(const std::vector<Value>& values, Value low, Value high, Value near_low, Value near_high) {
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    EXPECT_GE(*least, low);
    EXPECT_LE(*most, high);
    EXPECT_LE(*least, near_low);
    EXPECT_GE(*most, near_high);
}

TEST(Day, TheSameSeedIsTheSameDayAndAnotherSeedAnother) {
    EXPECT_EQ(draw_day(7).wish, draw_day(7).wish);
    EXPECT_EQ(draw_day(7).packs[0].spec.seed, draw_day(7).packs[0].spec.seed);
    EXPECT_NE(draw_day(7).wish, draw_day(8).wish);
}

TEST(Day, TheDrawsFillTheRangesOfTheRules) {
    std::vector<double> capacity;
    std::vector<double> rate;
    std::vector<double> maximum;
    std::vector<double> dead;
    std::vector<double> slew;
    std::vector<double> cells;
    std::vector<double> ambient;
    std::vector<double> poll;
    std::vector<double> packs;
    for (std::uint64_t seed = 0; seed < 600; ++seed) {
        const Day day = draw_day(seed);
        packs.push_back(static_cast<double>(day.packs.size()));
        dead.push_back(std::chrono::duration<double>(day.inverter.dead_time).count());
        slew.push_back(day.inverter.slew_per_second.count() / 1000.0);
        poll.push_back(std::chrono::duration<double>(day.poll_period).count());
        for (const DayPack& pack : day.packs) {
            capacity.push_back(static_cast<double>(pack.spec.capacity.count()) / 1000.0);
            maximum.push_back(pack.maximum.count() / 1000.0);
            rate.push_back(maximum.back() / capacity.back());
            cells.push_back(pack.spec.cells);
            ambient.push_back(pack.spec.ambient.count() / 10.0);
        }
    }
    expect_spread(capacity, 50.0, 600.0, 70.0, 560.0);
    expect_spread(maximum, 30.0, 200.0, 32.0, 195.0);
    expect_spread(rate, 0.195, 0.705, 0.22, 0.68);
    expect_spread(dead, 1.0, 12.0, 1.2, 11.8);
    expect_spread(slew, 1.0, 20.0, 1.3, 19.7);
    expect_spread(cells, 8.0, 24.0, 8.0, 24.0);
    expect_spread(ambient, 10.0, 35.0, 10.5, 34.5);
    expect_spread(poll, 0.5, 2.0, 0.55, 1.95);
    expect_spread(packs, 1.0, 3.0, 1.0, 3.0);
}

TEST(Day, EveryWeatherAndEveryConductComes) {
    int weather[3] = {};
    int conduct[3] = {};
    int sunny = 0;
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const Day day = draw_day(seed);
        ++weather[static_cast<int>(day.weather)];
        ++conduct[static_cast<int>(day.conduct)];
        sunny += day.enough_sun ? 1 : 0;
        EXPECT_EQ(day.inverter.leak > Milliamps(0), day.conduct == Conduct::leaks);
    }
    EXPECT_GT(*std::min_element(weather, weather + 3), 150);
    EXPECT_GT(*std::min_element(conduct, conduct + 3), 15);
    EXPECT_GT(conduct[0], 880);
    EXPECT_GT(sunny, 150);
    EXPECT_LT(sunny, 850);
}

TEST(Day, TheNightHasNoSurplusAndADullDayLess) {
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        const Day day = draw_day(seed);
        EXPECT_LE(day.wish_at(hours(2)), Milliamps(0));
        const Milliamps most = *std::max_element(day.wish.begin(), day.wish.end());
        if (day.weather == Weather::dull) {
            EXPECT_LT(most, day.maximum() / 2) << seed;
        } else if (day.weather == Weather::clear) {
            EXPECT_GT(most, day.maximum() / 4) << seed;
        }
    }
}

Day flat(int start_permille, std::vector<Milliamps> wish) {
    Day day;
    PackSpec spec;
    spec.soc = Permille(start_permille);
    day.packs = {{spec, Milliamps(50'000)}};
    day.wish = std::move(wish);
    return day;
}

TEST(IdealDay, IsLimitedByTheMaximumAndByFullAndEmpty) {
    const std::size_t hour = hours(1) / wish_step;
    std::vector<Milliamps> wish(hour, Milliamps(80'000));
    wish.insert(wish.end(), 2 * hour, Milliamps(20'000));
    wish.insert(wish.end(), 3 * hour, Milliamps(-40'000));
    const IdealDay result = ideal(flat(300, wish));
    EXPECT_NEAR(result.charged_ah, 70.0, 0.1);
    EXPECT_NEAR(result.discharged_ah, 100.0, 0.1);
    EXPECT_NEAR(std::chrono::duration<double>(result.full_for).count(), 3600.0, 10.0);
}

TEST(IdealDay, AColdBatteryTakesItsShareOnly) {
    const std::vector<Milliamps> wish(hours(1) / wish_step, Milliamps(80'000));
    EXPECT_NEAR(ideal(flat(300, wish), 0.5).charged_ah, 25.0, 0.1);
}

}  // namespace
}  // namespace jkp::sim
