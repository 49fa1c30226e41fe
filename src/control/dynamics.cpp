// SPDX-License-Identifier: MIT
#include "control/dynamics.hpp"

namespace jkp::control {
namespace {

// A ramp never catches up for more than this, however long the last step is ago.
constexpr Duration longest_step = seconds(2);

template <Direction D>
Bound<D> with_rule(Milliamps value, const Bound<D>& target, Rule rule) {
    Reason reason = target.reason();
    reason.rule = rule;
    reason.input = Input::none;
    return {value, reason};
}

// A rise begins only for a noticeable gain, and then goes all the way: a limit that follows every millivolt
// up and down is of no use to an inverter.
bool worth_it(const Dynamics& rules, const Rising& rising, Milliamps sustained, Milliamps maximum) {
    if (sustained <= rising.output) return false;
    const bool all_of_it = sustained >= maximum;
    const bool from_zero = rising.output == Milliamps(0);
    return rising.climbing || all_of_it || from_zero ||
           sustained - rising.output >= scaled(maximum, rules.rise_from);
}

}  // namespace

void RecentLow::turn(std::int64_t steps) {
    // What was not observed is taken to have been as low as what was seen last.
    const Milliamps before = lows_.front();
    const auto moved = static_cast<std::size_t>(std::min<std::int64_t>(steps, slots + 1));
    std::move_backward(lows_.begin(), lows_.end() - static_cast<std::ptrdiff_t>(moved), lows_.end());
    std::fill_n(lows_.begin(), moved, before);
}

void RecentLow::observe(Milliamps value, Duration span, TimePoint now) {
    const Duration slot = span / static_cast<std::int64_t>(slots);
    if (slot <= Duration{}) {
        lows_.fill(value);
        return;
    }
    if (!begun_) begun_ = now;
    const std::int64_t steps = (now - *begun_) / slot;
    if (steps > 0) {
        turn(steps);
        *begun_ += steps * slot;
        lows_.front() = value;
    }
    lows_.front() = std::min(lows_.front(), value);
}

Milliamps RecentLow::lowest() const {
    return *std::min_element(lows_.begin(), lows_.end());
}

Milliamps ramp_step(const Dynamics& rules, Milliamps maximum, Duration elapsed) {
    const Milliamps per_second =
        std::min(rules.rise_per_second, scaled(maximum, rules.rise_per_second_share));
    const auto us = std::clamp(elapsed, Duration{}, longest_step).count();
    return Milliamps(static_cast<std::int32_t>(std::int64_t{per_second.count()} * us / 1'000'000));
}

template <Direction D>
Bound<D> move(const Dynamics& rules, Milliamps smallest_useful, Rising& rising, Bound<D> target,
              Milliamps maximum, bool started, TimePoint now) {
    rising.allowed.observe(target.value(), rules.rise_window, now);
    if (target.value() <= rising.output) {
        const Milliamps fall = rising.output - target.value();
        if (fall > scaled(maximum, rules.hold_restart)) {
            rising.hold_until = std::max(rising.hold_until, now + rules.rise_hold);
        }
        rising.output = target.value();
        rising.moved_at = now;
        rising.climbing = false;
        return target;
    }
    const Milliamps sustained = rising.allowed.lowest();
    if (!started || now < rising.hold_until || !worth_it(rules, rising, sustained, maximum)) {
        rising.moved_at = now;
        rising.climbing = false;
        return with_rule(rising.output, target, started ? Rule::hold : Rule::start);
    }
    if (rising.output < smallest_useful) {
        rising.moved_at = now;
        if (sustained < smallest_useful) return with_rule(rising.output, target, Rule::smallest_useful);
        rising.output = smallest_useful;
        rising.climbing = true;
        return with_rule(rising.output, target, Rule::ramp);
    }
    const Milliamps step = ramp_step(rules, maximum, now - rising.moved_at);
    if (step > Milliamps(0)) rising.moved_at = now;  // keep what a very short step could not use
    rising.climbing = true;
    rising.output = std::min(rising.output + step, sustained);
    if (rising.output == target.value()) return target;
    return with_rule(rising.output, target, Rule::ramp);
}

template ChargeBound move(const Dynamics&, Milliamps, Rising&, ChargeBound, Milliamps, bool, TimePoint);
template DischargeBound move(const Dynamics&, Milliamps, Rising&, DischargeBound, Milliamps, bool, TimePoint);

Milliamps pass(RiseGate& gate, const RiseRule& rule, Milliamps curve, const RiseView& view) {
    if (curve < gate.allowed) {
        // The first value after a start is where the gate stands, not a reduction.
        if (gate.allowed != Milliamps::max()) gate.reduced_at = view.at;
        gate.allowed = curve;
        return curve;
    }
    const bool waited = !gate.reduced_at || view.at - *gate.reduced_at >= rule.hold;
    const bool low_enough = !rule.highest_below || view.highest < *rule.highest_below;
    const bool charged = !rule.soc_above || view.soc > *rule.soc_above;
    if (waited && low_enough && charged) gate.allowed = curve;
    return gate.allowed;
}

}  // namespace jkp::control
