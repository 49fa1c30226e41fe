// SPDX-License-Identifier: MIT
#include "control/voltage.hpp"

#include <algorithm>

namespace jkp::control {
namespace {

constexpr std::int64_t micro = 1000;           // mV -> uV
constexpr Duration longest_step = seconds(5);  // the ramp does not catch up after a gap in the data

bool floats(Phase phase) {
    return phase == Phase::floating || phase == Phase::idle;
}

Millivolts cell_target(VoltageState& state, const Config& config, Phase phase, const Thresholds& limits,
                       TimePoint at) {
    const std::int64_t charge = limits.charge_per_cell.count() * micro;
    const std::int64_t low = std::min(charge, config.voltage.float_per_cell.count() * micro);
    // A restart while floating goes on at the float voltage: nothing higher was sent before it.
    if (!state.cell_microvolts) state.cell_microvolts = floats(phase) ? low : charge;
    std::int64_t& now = *state.cell_microvolts;
    if (floats(phase)) {
        const std::int64_t ms = milliseconds(std::clamp(at - state.moved_at, Duration{}, longest_step));
        now = std::max(low, std::min(now, charge) - config.voltage.float_ramp_per_second.count() * ms);
    } else {
        now = charge;
    }
    state.moved_at = at;
    return Millivolts(static_cast<std::int32_t>(now / micro));
}

// One cell above its charge voltage must not be pulled up further: the pack voltage at which it would be
// back and the others stay where they are.
Millivolts clipped(const Config& config, const Cells& cells, Millivolts per_cell) {
    Millivolts sum{0};
    for (const Millivolts cell : cells) sum += std::min(cell, per_cell);
    return sum + config.voltage.clip_margin;
}

}  // namespace

VoltageLimits voltages(VoltageState& state, const Config& config, Phase phase, const Sample& sample,
                       const Thresholds& limits, bool hard_stop) {
    const Cells& cells = sample.reading.cells;
    const auto count = static_cast<std::int32_t>(cells.size());
    const Millivolts target = cell_target(state, config, phase, limits, sample.at);
    Millivolts charge = target * count;
    // Also while the voltage still falls to Float: leaving Absorb must not raise CVL.
    if (sample.highest.voltage > limits.charge_per_cell) {
        charge = std::min(charge, clipped(config, cells, limits.charge_per_cell));
    }
    const Millivolts floor = sample.reading.voltage - config.voltage.maximum_below_pack;
    if (!hard_stop) charge = std::max(charge, floor);
    return {std::max(charge, Millivolts(0)), config.voltage.discharge_per_cell * count};
}

}  // namespace jkp::control
