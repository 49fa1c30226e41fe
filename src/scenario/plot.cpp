// SPDX-License-Identifier: MIT
#include "scenario/plot.hpp"

#include <algorithm>

#include "control/phase.hpp"
#include "report/chart.hpp"
#include "scenario/keys.hpp"

namespace jkp::scenario {
namespace {

using report::Panel;
using report::Series;

constexpr unsigned grey = 7;

double seconds_of(Duration at) {
    return std::chrono::duration<double>(at).count();
}

struct Look {
    std::string name;
    unsigned colour = 0;
    bool dashed = false;
    double factor = 1.0;
};

Series series(const Record& record, std::string_view column, const Look& look) {
    const auto found = std::ranges::find(record.numbers, column, &Column::name);
    const auto index = static_cast<std::size_t>(found - record.numbers.begin());
    Series result{look.name, look.colour, look.dashed, false, {}};
    for (const Row& row : record.rows) {
        const auto value = row.numbers[index];
        result.points.push_back({seconds_of(row.at), value ? std::optional(*value * look.factor) : value});
    }
    return result;
}

std::string pack_name(const Scenario& scenario, std::size_t i) {
    return std::string(scenario.gateway.control.packs[i].name.view());
}

// " A" behind a name, where there are several packs.
std::string of_pack(const Scenario& scenario, std::size_t i) {
    return scenario.packs.size() == 1 ? "" : ' ' + pack_name(scenario, i);
}

Panel cells(const Scenario& scenario, const Record& record) {
    Panel panel{"Cells", "V", {}};
    const double per_cell = 1.0 / scenario.packs.front().cells;
    panel.series.push_back(series(record, "cvl_v", {"CVL per cell", grey, true, per_cell}));
    for (std::size_t i = 0; i < scenario.packs.size(); ++i) {
        const std::string name = pack_name(scenario, i);
        const auto colour = static_cast<unsigned>(i) * 2;
        panel.series.push_back(
            series(record, name + ".highest_cell_v", {"highest" + of_pack(scenario, i), colour + 1}));
        panel.series.push_back(
            series(record, name + ".lowest_cell_v", {"lowest" + of_pack(scenario, i), colour}));
    }
    return panel;
}

Panel current(const Scenario& scenario, const Record& record) {
    Panel panel{"Current, + charges", "A", {}};
    panel.series.push_back(series(record, "ccl_a", {"charge limit", 1, true}));
    panel.series.push_back(series(record, "dcl_a", {"discharge limit", 0, true, -1.0}));
    for (std::size_t i = 0; scenario.packs.size() > 1 && i < scenario.packs.size(); ++i) {
        panel.series.push_back(series(record, pack_name(scenario, i) + ".pack_current_a",
                                      {pack_name(scenario, i), static_cast<unsigned>(i) + 3}));
    }
    panel.series.push_back(series(record, "current_a", {"current", 2}));
    return panel;
}

Panel charge(const Scenario& scenario, const Record& record) {
    Panel panel{"State of charge", "%", {}};
    for (std::size_t i = 0; i < scenario.packs.size(); ++i) {
        panel.series.push_back(series(record, pack_name(scenario, i) + ".true_soc_pct",
                                      {"true" + of_pack(scenario, i), static_cast<unsigned>(i) + 2}));
    }
    panel.series.push_back(series(record, "soc_sent_pct", {"sent", 1}));
    return panel;
}

unsigned colour_of(std::string_view phase) {
    for (unsigned i = 0; i <= static_cast<unsigned>(control::Phase::fault); ++i) {
        if (name(static_cast<control::Phase>(i)) == phase) return (i + grey) % 8;
    }
    return grey;
}

}  // namespace

std::string plot_svg(const Scenario& scenario, const Outcome& outcome) {
    report::Chart chart;
    chart.title = scenario.head.title;
    chart.seconds = seconds_of(scenario.duration());
    for (std::size_t i = 0; i < outcome.phases.size(); ++i) {
        const PhaseSpan& span = outcome.phases[i];
        const Duration to = i + 1 < outcome.phases.size() ? outcome.phases[i + 1].from : scenario.duration();
        chart.spans.push_back({seconds_of(span.from), seconds_of(to), span.phase, colour_of(span.phase)});
    }
    for (const Event& event : scenario.events) {
        const Kind& kind = kinds()[static_cast<std::size_t>(event.what)];
        chart.marks.push_back({seconds_of(*event.at), std::string(kind.name)});
    }
    std::ranges::stable_sort(chart.marks, {}, &report::Mark::x);
    chart.panels = {cells(scenario, outcome.record), current(scenario, outcome.record),
                    charge(scenario, outcome.record)};
    return svg(chart);
}

}  // namespace jkp::scenario
