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

}  // namespace

Milliamps ramp_step(const Dynamics& rules, Milliamps maximum, Duration elapsed) {
    const Milliamps per_second =
        std::min(rules.rise_per_second, scaled(maximum, rules.rise_per_second_share));
    const auto us = std::clamp(elapsed, Duration{}, longest_step).count();
    return Milliamps(static_cast<std::int32_t>(std::int64_t{per_second.count()} * us / 1'000'000));
}

template <Direction D>
Bound<D> move(const Config& config, Rising& rising, Bound<D> target, Milliamps maximum, bool started,
              TimePoint now) {
    const Dynamics& rules = config.dynamics;
    if (target.value() <= rising.output) {
        const Milliamps fall = rising.output - target.value();
        if (fall > scaled(maximum, rules.hold_restart)) {
            rising.hold_until = std::max(rising.hold_until, now + rules.rise_hold);
        }
        rising.output = target.value();
        rising.moved_at = now;
        return target;
    }
    if (!started || now < rising.hold_until) {
        rising.moved_at = now;
        return with_rule(rising.output, target, started ? Rule::hold : Rule::start);
    }
    const Milliamps smallest = config.smallest_useful;
    if (rising.output < smallest) {
        rising.moved_at = now;
        if (target.value() < smallest) return with_rule(rising.output, target, Rule::smallest_useful);
        rising.output = smallest;
        return with_rule(rising.output, target, Rule::ramp);
    }
    const Milliamps step = ramp_step(rules, maximum, now - rising.moved_at);
    if (step > Milliamps(0)) rising.moved_at = now;  // keep what a very short step could not use
    if (rising.output + step >= target.value()) {
        rising.output = target.value();
        return target;
    }
    rising.output += step;
    return with_rule(rising.output, target, Rule::ramp);
}

template ChargeBound move(const Config&, Rising&, ChargeBound, Milliamps, bool, TimePoint);
template DischargeBound move(const Config&, Rising&, DischargeBound, Milliamps, bool, TimePoint);

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
