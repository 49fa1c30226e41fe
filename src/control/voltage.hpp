// SPDX-License-Identifier: MIT
// Stage F: the charge voltage limit (CVL) and discharge voltage limit (DVL). Many hybrids do not regulate
// to CVL; it is the second line behind CCL.
#pragma once

#include <optional>
#include <span>

#include "control/config.hpp"
#include "control/phase.hpp"
#include "control/sample.hpp"
#include "control/thresholds.hpp"

namespace jkp::control {

struct VoltageState {
    std::optional<std::int64_t> cell_microvolts;  // CVL of one cell, moving while floating
    TimePoint moved_at{};
    bool operator==(const VoltageState&) const = default;
};

struct VoltagePack {
    const Sample* sample = nullptr;
    Millivolts charge_per_cell;     // see Thresholds
    Millivolts discharge_per_cell;  // see Thresholds
};

struct VoltageLimits {
    Millivolts charge;     // CVL
    Millivolts discharge;  // DVL
    bool operator==(const VoltageLimits&) const = default;
};

// `hard_stop`: a hard stop is active, so CVL may fall as far as the clip asks for.
// `packs` are those of the bank, at least one; `bank` is its voltage now.
VoltageLimits voltages(VoltageState& state, const Config& config, Phase phase,
                       std::span<const VoltagePack> packs, Millivolts bank, TimePoint at, bool hard_stop);

}  // namespace jkp::control
