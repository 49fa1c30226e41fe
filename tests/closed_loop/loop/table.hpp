// SPDX-License-Identifier: MIT
// Many days of one preset: the acceptance lines with their margins, and the row of the table.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "closed_loop/loop/day_run.hpp"

namespace jkp::closed_loop {

inline constexpr std::array presets{control::Preset::smooth, control::Preset::original,
                                    control::Preset::original_strict};
std::string_view name(control::Preset preset);

enum class Side : std::uint8_t { at_most, at_least };

// One line of the acceptance: the worst day against what is required.
struct Line {
    std::string_view what;
    Side side = Side::at_most;
    double required = 0.0;
    std::string_view unit;
    int decimals = 0;
    int days = 0;  // that were judged
    double measured = 0.0;
    std::uint64_t worst_seed = 0;

    [[nodiscard]] double margin() const {
        return side == Side::at_most ? required - measured : measured - required;
    }
    // No day to judge proves nothing, but it is no failure either.
    [[nodiscard]] bool passed() const { return days == 0 || margin() >= 0.0; }
};

// Those that concern this preset. Days on which the inverter does not obey are judged by the levers alone.
std::vector<Line> acceptance(control::Preset preset, std::span<const DayResult> days);

// The row of the table, from the days on which the inverter obeys.
struct Row {
    Millivolts peak;
    Millivolts lowest = Millivolts::max();
    Duration above_3500{};  // of all days together
    Duration above_3550{};
    double mean_reversals_per_hour = 0.0;
    double worst_reversals_per_hour = 0.0;
    double least_soc = 0.0;  // of the fullest cell on days with enough sun
    double median_soc = 0.0;
    double charge_lost = 0.0;  // share of what the ideal battery takes in
    double discharge_lost = 0.0;
};
Row row(std::span<const DayResult> days);

struct PresetResult {
    control::Preset preset = control::Preset::smooth;
    std::vector<DayResult> days;  // in the order of their seeds
};
bool passed(std::span<const PresetResult> results);
// Markdown, as in docs/control.md.
std::string acceptance_text(std::span<const PresetResult> results);
std::string table_text(std::span<const PresetResult> results);

}  // namespace jkp::closed_loop
