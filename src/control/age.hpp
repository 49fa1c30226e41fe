// SPDX-License-Identifier: MIT
// Rule S6: what old data still allows. One ladder per data source that can go silent (a pack, a probe);
// the tightest counts.
#pragma once

#include <cstdint>

#include "control/bound.hpp"
#include "control/config.hpp"

namespace jkp::control {

enum class AgeStage : std::uint8_t {
    fresh,     // no limit
    falling,   // limits may only fall
    reducing,  // L5 * (zero_at - a) / (zero_at - reduce_from)
    zero,      // 0 and 0, error bits
    lost,      // as configured: zero goes on, or silence
};
std::string_view name(AgeStage stage);

// How long data counts as fresh: the setting, or two polls of the pack, whichever is longer, but never
// past the instant from which limits are reduced.
Duration fresh_for(const AgeSettings& settings, Duration poll_period);
AgeStage age_stage(const AgeSettings& settings, Duration fresh, Duration age);

struct Ladder {
    // The limits when the age passed reduce_from ("L5"); meaningful in stage reducing.
    Milliamps charge_then{0};
    Milliamps discharge_then{0};
    AgeStage stage = AgeStage::fresh;
    Duration age{};  // as of the last step
    bool operator==(const Ladder&) const = default;
};

struct LadderBounds {
    ChargeBound charge;
    DischargeBound discharge;
};

// `charge_now`, `discharge_now`: the limits sent last. The reason is completed by the ladder's own rule.
LadderBounds climb(const AgeSettings& settings, Ladder& ladder, Duration fresh, Duration age,
                   Milliamps charge_now, Milliamps discharge_now, Reason reason);

}  // namespace jkp::control
