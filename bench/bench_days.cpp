// SPDX-License-Identifier: MIT
// How fast whole days pass in the closed loop: simulated packs and inverter, the real controller and codecs.
//   bench_days [--smoke] [--no-header]
// Exit code: 0, 2 the days did not happen.
#include <ctime>
#include <iostream>
#include <string>

#include "app/closed_loop.hpp"
#include "figures.hpp"
#include "sim/day.hpp"

namespace jkp::bench {
namespace {

constexpr double seconds_of_a_day = 86'400;

app::ClosedLoopSettings site_of(const sim::Day& day) {
    app::ClosedLoopSettings site;
    for (const sim::DayPack& pack : day.packs) {
        control::PackConfig config;
        config.name = std::string_view("pack" + std::to_string(site.packs.size() + 1));
        config.max_charge = config.max_discharge = pack.maximum;
        config.poll_period = day.poll_period;
        site.controller.control.packs.push_back(config);
        site.packs.push_back(pack.spec);
    }
    site.inverter = day.inverter;
    site.wish = [&day, midnight = site.start](TimePoint now) { return day.wish_at(now - midnight); };
    return site;
}

struct Totals {
    double days = 0;
    double pack_days = 0;
    double steps = 0;
};

void live(std::uint64_t seed, Duration time, Totals& totals) {
    const sim::Day day = sim::draw_day(seed);
    app::ClosedLoop loop(site_of(day));
    loop.advance(loop.now() + time);
    const double days = std::chrono::duration<double>(time).count() / seconds_of_a_day;
    totals.days += days;
    totals.pack_days += days * static_cast<double>(day.packs.size());
    totals.steps += static_cast<double>(loop.cycles());
}

// False when the controller slept through them.
bool measure_days(Table& table, std::uint64_t seeds, Duration time) {
    Totals totals;
    const std::clock_t before = std::clock();
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) live(seed, time, totals);
    const double used = static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC;
    table.add({.name = "simulated days in a second of one core", .measured = totals.days / used, .unit = ""});
    table.add({.name = "  processor time of a day of one pack",
               .measured = used / totals.pack_days * 1e3,
               .unit = "ms"});
    table.add(
        {.name = "  control steps in a second of one core", .measured = totals.steps / used, .unit = ""});
    return totals.steps >= totals.days * seconds_of_a_day / 3;
}

}  // namespace
}  // namespace jkp::bench

int main(int argc, char** argv) {
    using namespace jkp::bench;
    bool smoke = false;
    bool header = true;
    for (int i = 1; i < argc; ++i) {
        smoke = smoke || argv[i] == std::string("--smoke");
        header = header && argv[i] != std::string("--no-header");
    }
    if (header) Table::print_header();
    Table table(!smoke);
    const bool happened = smoke ? measure_days(table, 1, std::chrono::minutes(10))
                                : measure_days(table, 16, std::chrono::hours(24));
    if (!happened) std::cerr << "bench_days: hardly a control step was made\n";
    return happened ? table.exit_code() : 2;
}
