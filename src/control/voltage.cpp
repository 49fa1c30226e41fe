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

Millivolts cell_target(VoltageState& state, const Config& config, Phase phase, Millivolts charge_per_cell,
                       TimePoint at) {
    const std::int64_t charge = charge_per_cell.count() * micro;
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

// Parallel packs have equally many cells; if not, the fewer are charged to their voltage and the more are
// discharged to theirs.
std::int32_t fewest(std::span<const VoltagePack> packs) {
    std::size_t n = packs.front().sample->reading.cells.size();
    for (const VoltagePack& pack : packs) n = std::min(n, pack.sample->reading.cells.size());
    return static_cast<std::int32_t>(n);
}
std::int32_t most(std::span<const VoltagePack> packs) {
    std::size_t n = 0;
    for (const VoltagePack& pack : packs) n = std::max(n, pack.sample->reading.cells.size());
    return static_cast<std::int32_t>(n);
}

// The busbar has the voltage of the packs that are switched on; the mean may hold one that is not.
Millivolts on_the_bar(std::span<const VoltagePack> packs, Millivolts bank) {
    for (const VoltagePack& pack : packs) {
        if (pack.sample->reading.charge_mos) bank = std::min(bank, pack.sample->reading.voltage);
    }
    return bank;
}

}  // namespace

VoltageLimits voltages(VoltageState& state, const Config& config, Phase phase,
                       std::span<const VoltagePack> packs, Millivolts bank, TimePoint at, bool hard_stop) {
    Millivolts per_cell = packs.front().charge_per_cell;
    Millivolts low_per_cell{0};
    for (const VoltagePack& pack : packs) {
        per_cell = std::min(per_cell, pack.charge_per_cell);
        low_per_cell = std::max(low_per_cell, pack.discharge_per_cell);
    }
    Millivolts charge = cell_target(state, config, phase, per_cell, at) * fewest(packs);
    // Also while the voltage still falls to Float: leaving Absorb must not raise CVL.
    for (const VoltagePack& pack : packs) {
        if (pack.sample->highest.voltage <= pack.charge_per_cell) continue;
        charge = std::min(charge, clipped(config, pack.sample->reading.cells, pack.charge_per_cell));
    }
    const Millivolts floor = on_the_bar(packs, bank) - config.voltage.maximum_below_pack;
    if (!hard_stop) charge = std::max(charge, floor);
    return {std::max(charge, Millivolts(0)), low_per_cell * most(packs)};
}

}  // namespace jkp::control
