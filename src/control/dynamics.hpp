// SPDX-License-Identifier: MIT
// Stage D: down at once, up slowly (rule S3). One instance per direction.
#pragma once

#include <optional>

#include "control/bound.hpp"
#include "control/config.hpp"

namespace jkp::control {

struct Rising {
    Milliamps output{0};     // what is sent
    TimePoint hold_until{};  // no increase before
    TimePoint moved_at{};    // when the ramp last looked at the clock
    bool operator==(const Rising&) const = default;
};

// Moves `rising` towards the target and returns the bound to send, with the cause of what it now is.
// `maximum` is Imax of the direction. `started`: the start hold and the first samples are over.
template <Direction D>
Bound<D> move(const Config& config, Rising& rising, Bound<D> target, Milliamps maximum, bool started,
              TimePoint now);

// The most one step of the ramp may add.
Milliamps ramp_step(const Dynamics& rules, Milliamps maximum, Duration elapsed);

// A rise rule of the stepped presets: what a curve took is given back only under its conditions.
struct RiseGate {
    Milliamps allowed = Milliamps::max();
    std::optional<TimePoint> reduced_at;
    bool operator==(const RiseGate&) const = default;
};

struct RiseView {
    Millivolts highest;
    Permille soc;
    TimePoint at;
};

// The limit after the gate; `curve` is what the curves allow for this sample.
Milliamps pass(RiseGate& gate, const RiseRule& rule, Milliamps curve, const RiseView& view);

}  // namespace jkp::control
