// SPDX-License-Identifier: MIT
#include "control/voltage.hpp"

#include <algorithm>

namespace jkp::control {
namespace {

constexpr std::int64_t micro = 1000;  // mV -> uV

bool floats(Phase phase) { return phase == Phase::floating || phase == Phase::idle; }

Millivolts cell_target(VoltageState& state, const Config& config, Phase phase, const Thresholds& limits,
                       TimePoint at) {
    const std::int64_t charge = limits.charge_per_cell.count() * micro;
    const std::int64_t low = std::min(charge, config.voltage.float_per_cell.count() * micro);
    std::int64_t& now = state.cell_microvolts.emplace(state.cell_microvolts.value_or(charge));
    if (floats(phase)) {
        const std::int64_t ms = std::max<std::int64_t>(milliseconds(at - state.moved_at), 0);
        now = std::max(low, std::min(now, charge) - config.voltage.float_ramp_per_second.count() * ms);
    } else {
        now = charge;
    }
    state.moved_at = at;
    return Millivolts(static_cast<std::int32_t>(now / micro));
}

// Above the target of one cell the others must not be pulled up further: the pack voltage at which every
// cell stays at or below its target.
Millivolts clipped(const Config& config, const Cells& cells, Millivolts target) {
    Millivolts sum{0};
    for (const Millivolts cell : cells) sum += std::min(cell, target);
    return sum + config.voltage.clip_margin;
}

}  // namespace

VoltageLimits voltages(VoltageState& state, const Config& config, Phase phase, const Sample& sample,
                       const Thresholds& limits, bool hard_stop) {
    const Cells& cells = sample.reading.cells;
    const auto count = static_cast<std::int32_t>(cells.size());
    const Millivolts target = cell_target(state, config, phase, limits, sample.at);
    Millivolts charge = target * count;
    if (!floats(phase) && sample.highest.voltage > target) charge = std::min(charge, clipped(config, cells, target));
    const Millivolts floor = sample.reading.voltage - config.voltage.maximum_below_pack;
    if (!hard_stop) charge = std::max(charge, floor);
    return {charge, config.voltage.discharge_per_cell * count};
}

}  // namespace jkp::control
