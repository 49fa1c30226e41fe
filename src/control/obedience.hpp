// SPDX-License-Identifier: MIT
// Does the inverter charge although its limit is 0? Then only the BMS's switch is left, and the owner must
// know it is the inverter and not the battery.
#pragma once

#include "control/config.hpp"
#include "control/event.hpp"
#include "core/time.hpp"

namespace jkp::control {

struct Obedience {
    Duration against{};  // how long it charged against the limit, with what it obeyed since taken off
    Milliamps lowest = Milliamps::max();  // since the limit is 0, as far as it was a clear fall
    TimePoint seen_at{};
    bool disobeys = false;
    bool operator==(const Obedience&) const = default;
};

// `told`: the charge limit sent before this sample. A current that still falls is on its way down and not
// counted. Tells events when it becomes sure, and when it is over.
void observe(Obedience& s, const AlarmSettings& rules, Milliamps told, Milliamps current, TimePoint at,
             Events& events);

}  // namespace jkp::control
