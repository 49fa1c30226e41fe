// SPDX-License-Identifier: MIT
#include "closed_loop/program/fight_plot.hpp"

#include <cstdio>
#include <fstream>

#include "closed_loop/loop/fight.hpp"
#include "report/chart.hpp"

namespace jkp::closed_loop {
namespace {

using report::Series;

constexpr Duration lead = std::chrono::minutes(1);  // of calm before
constexpr Duration shown = std::chrono::minutes(8);

// What happened in one of the two houses.
struct Recorded {
    Series grid{.name = "grid, + sold", .colour = 0, .points = {}};
    Series own{.name = "our battery, + charge", .colour = 1, .points = {}};
    Series second{.name = "second battery", .colour = 2, .points = {}};
    Series limit{.name = "our discharge limit", .colour = 3, .steps = true, .points = {}};
    std::vector<report::Span> cut;
    std::vector<report::Mark> marks;
};

Recorded record(std::uint64_t seed, Coordination coordination) {
    Recorded r;
    std::optional<double> cut_from;
    const TimePoint from = app::ClosedLoopSettings{}.start + fight_begins - lead;
    watch_fight(seed, coordination, [&](app::ClosedLoop& loop) {
        const Duration since = loop.now() - from;
        if (since < Duration{} || since > shown) return;
        const double x = std::chrono::duration<double>(since).count();
        const sim::Flow& flow = loop.site()->site().flow();
        r.grid.points.push_back({x, flow.grid_w});
        r.own.points.push_back({x, flow.first_w});
        r.second.points.push_back({x, flow.second_w});
        r.limit.points.push_back({x, loop.decision().discharge.value().count() / 1000.0});
        const bool cut = loop.decision().site.oscillation;
        if (cut && !cut_from) {
            cut_from = x;
            r.marks.push_back({x, "found"});
        }
        if (!cut && cut_from) r.cut.push_back({*std::exchange(cut_from, std::nullopt), x, "cut", 3});
    });
    if (cut_from) r.cut.push_back({*cut_from, std::chrono::duration<double>(shown).count(), "cut", 3});
    return r;
}

}  // namespace

int plot_fight(std::uint64_t seed, const std::string& file) {
    const Recorded alone = record(seed, Coordination::none);
    const Recorded ours = record(seed, Coordination::ours);
    report::Chart chart{.title = "Two inverters that chase each other",
                        .seconds = std::chrono::duration<double>(shown).count(),
                        .spans = ours.cut,
                        .marks = ours.marks,
                        .panels = {{"Without coordination", "W", {alone.grid, alone.own, alone.second}},
                                   {"With coordination", "W", {ours.grid, ours.own, ours.second}},
                                   {"Limit", "A", {ours.limit}}}};
    chart.marks.insert(chart.marks.begin(), {std::chrono::duration<double>(lead).count(), "fight begins"});
    std::ofstream out(file);
    out << report::svg(chart);
    if (out.flush()) return 0;
    std::fprintf(stderr, "%s could not be written\n", file.c_str());
    return 2;
}

}  // namespace jkp::closed_loop
