// SPDX-License-Identifier: MIT
// Learns the resistance of one cell path of a pack from steps of its current: the slope of the voltage of the
// highest cell over the current, by least squares that slowly forgets.
#pragma once

#include <cstdint>
#include <optional>

#include "control/config.hpp"
#include "control/sample.hpp"

namespace jkp::control {

struct Resistance {
    double current2 = 0;  // sum of squared steps, A2
    double product = 0;   // sum of current times voltage steps, A V
    double voltage2 = 0;  // V2
    int steps = 0;
    std::optional<std::int32_t> micro_ohm;  // learned with confidence
    bool operator==(const Resistance&) const = default;
};

// Two consecutive valid samples of one pack. Returns whether this made the value known for the first time.
bool learn(Resistance& state, const ResistanceSettings& rules, MilliampHours capacity, const Sample& before,
           const Sample& now);

// What was learned before a restart, judged anew: sums that convince nobody are a beginning and no value.
Resistance remembered(const Resistance& sums, const ResistanceSettings& rules);

// The over-estimate that the compensated limit uses; absent until learned.
std::optional<std::int32_t> over_estimate(const Resistance& state, const ResistanceSettings& rules);

// The current at which the highest cell would be at the target: I + (Vt - H) / Rhat. `lowered_by`: see
// Thresholds. Source: the project's control rules, section 3.
Milliamps compensated_limit(const ResistanceSettings& rules, const Sample& sample, Millivolts lowered_by,
                            std::int32_t rhat_micro_ohm, Milliamps maximum);

}  // namespace jkp::control
