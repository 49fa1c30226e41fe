// SPDX-License-Identifier: MIT
// "The second battery does the opposite": with hysteresis, and a hold that doubles when it comes back soon,
// so that two loops with contrary offsets meet less and less often.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::control {

struct Contrary {
    bool active = false;
    TimePoint last_above{};  // when it last did more than the leaving threshold
    std::optional<TimePoint> left_at{};
    std::uint8_t strikes = 0;  // how often it came back soon
    bool operator==(const Contrary&) const = default;
};

struct ContraryRules {
    Milliamps enter;
    Milliamps leave;
    Duration hold{};           // below `leave` for so long, times 2 for each strike
    Duration repeat_within{};  // back so soon is a strike
};

// `value`: what the second battery does in the contrary direction.
void watch(Contrary& cause, const ContraryRules& rules, Milliamps value, TimePoint now);
void leave(Contrary& cause, TimePoint now);
// What it does is not known now: this time is no evidence for leaving.
void hold(Contrary& cause, TimePoint now);

}  // namespace jkp::control
