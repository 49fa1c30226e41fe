// SPDX-License-Identifier: MIT
#include "control/thresholds.hpp"

#include <algorithm>

namespace jkp::control {
namespace {

constexpr Millivolts margin{20};
constexpr Millivolts curve_zero{3500};      // where the default charge curve reaches 0
constexpr Millivolts low_curve_zero{3000};  // where the default discharge curve does

}  // namespace

Thresholds thresholds(const Config& config, std::optional<Millivolts> bms_over_voltage,
                      std::optional<Millivolts> bms_under_voltage) {
    const CellLimits& cells = config.cells;
    const Millivolts latch =
        bms_over_voltage ? std::min(cells.latch, *bms_over_voltage - margin) : cells.latch;
    const Millivolts hard_stop = std::min(cells.hard_stop, latch - margin);
    const Millivolts lowered = std::max(Millivolts(0), curve_zero - (hard_stop - margin));
    const Millivolts per_cell = bms_over_voltage ? config.voltage.charge_per_cell
                                                 : std::min(config.voltage.charge_per_cell,
                                                            config.voltage.charge_per_cell_unknown_ovp);
    const Millivolts lowest = bms_under_voltage.value_or(Millivolts(0)) + margin;
    return {
        .hard_stop = hard_stop,
        .latch = latch,
        .latch_release = cells.latch_release - lowered,
        .lowered_by = lowered,
        .charge_per_cell = per_cell - lowered,
        .over_voltage_known = bms_over_voltage.has_value(),
        .raised_by = std::max(Millivolts(0), lowest - low_curve_zero),
        .discharge_per_cell = std::max(config.voltage.discharge_per_cell, lowest),
    };
}

}  // namespace jkp::control
