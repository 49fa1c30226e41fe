// SPDX-License-Identifier: MIT
// Stage D: down at once, up slowly (rule S3). One instance per direction.
#pragma once

#include <array>
#include <optional>

#include "control/bound.hpp"
#include "control/config.hpp"

namespace jkp::control {

// The lowest of a value over the last while: what was allowed all the time, in slots of a thirtieth of it.
class RecentLow {
  public:
    static constexpr std::size_t slots = 30;

    // `span`: how far back it looks, in steps of a slot; 0 = only now.
    void observe(Milliamps value, Duration span, TimePoint now);
    [[nodiscard]] Milliamps lowest() const;
    bool operator==(const RecentLow&) const = default;

  private:
    void turn(std::int64_t steps);

    // The newest first, which is still being filled.
    std::array<Milliamps, slots + 1> lows_ = all_max();
    std::optional<TimePoint> begun_;  // the newest slot

    static constexpr std::array<Milliamps, slots + 1> all_max() {
        std::array<Milliamps, slots + 1> result{};
        result.fill(Milliamps::max());
        return result;
    }
};

struct Rising {
    Milliamps output{0};     // what is sent
    TimePoint hold_until{};  // no increase before
    TimePoint moved_at{};    // when the ramp last looked at the clock
    RecentLow allowed;       // by the limiters, over the rise window
    bool climbing = false;   // a rise has begun and goes on until it has arrived
    bool operator==(const Rising&) const = default;
};

// Moves `rising` towards the target and returns the bound to send, with the cause of what it now is.
// `maximum` is Imax of the direction. `started`: the start hold and the first samples are over.
template <Direction D>
Bound<D> move(const Dynamics& rules, Milliamps smallest_useful, Rising& rising, Bound<D> target,
              Milliamps maximum, bool started, TimePoint now);
template <Direction D>
Bound<D> move(const Config& config, Rising& rising, Bound<D> target, Milliamps maximum, bool started,
              TimePoint now) {
    return move(config.dynamics, config.smallest_useful, rising, target, maximum, started, now);
}

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
