// SPDX-License-Identifier: MIT
#include "control/resistance.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::control {
namespace {

constexpr Duration longest_gap = std::chrono::milliseconds(2500);
constexpr double kept = 0.984375;  // 63/64 of the earlier steps, with each new one
constexpr double least_ohm = 0.05e-3;
constexpr double most_ohm = 10e-3;

struct StepSeen {
    double amps;
    double volts;
};

std::optional<StepSeen> step_between(const ResistanceSettings& rules, MilliampHours capacity,
                                     const Sample& before, const Sample& now) {
    if (now.at - before.at > longest_gap || before.reading.cells.size() != now.reading.cells.size()) {
        return std::nullopt;
    }
    const Milliamps step = now.reading.current - before.reading.current;
    const std::int64_t by_capacity = capacity.count() * rules.step_from.count() / 1000;
    if (magnitude(step).count() < std::max<std::int64_t>(by_capacity, rules.step_minimum.count())) {
        return std::nullopt;
    }
    const std::size_t cell = now.highest.number - 1U;
    const Millivolts rise = now.reading.cells[cell] - before.reading.cells[cell];
    return StepSeen{step.count() / 1000.0, rise.count() / 1000.0};
}

bool convincing(const Resistance& s, const ResistanceSettings& rules) {
    if (s.steps < rules.steps || s.voltage2 <= 0) return false;
    const double explained = s.product * s.product / (s.current2 * s.voltage2);
    const double ohm = s.product / s.current2;
    return explained * 1000.0 >= rules.confidence.count() && ohm >= least_ohm && ohm <= most_ohm;
}

void judge(Resistance& s, const ResistanceSettings& rules) {
    if (convincing(s, rules)) {
        s.micro_ohm = static_cast<std::int32_t>(std::lround(s.product / s.current2 * 1e6));
    } else {
        s.micro_ohm.reset();
    }
}

}  // namespace

Resistance remembered(const Resistance& sums, const ResistanceSettings& rules) {
    Resistance s = sums;
    s.steps = std::min(s.steps, rules.steps);
    judge(s, rules);
    return s;
}

bool learn(Resistance& s, const ResistanceSettings& rules, MilliampHours capacity, const Sample& before,
           const Sample& now) {
    const auto step = step_between(rules, capacity, before, now);
    if (!step) return false;
    s.current2 = s.current2 * kept + step->amps * step->amps;
    s.product = s.product * kept + step->amps * step->volts;
    s.voltage2 = s.voltage2 * kept + step->volts * step->volts;
    s.steps = std::min(s.steps + 1, rules.steps);
    const bool known = s.micro_ohm.has_value();
    judge(s, rules);
    return !known && s.micro_ohm;
}

std::optional<std::int32_t> over_estimate(const Resistance& s, const ResistanceSettings& rules) {
    if (!s.micro_ohm) return std::nullopt;
    const std::int64_t rhat = std::int64_t{*s.micro_ohm} * rules.over_estimate.count() / 1000;
    return static_cast<std::int32_t>(std::max<std::int64_t>(rhat, 1));
}

Milliamps compensated_limit(const ResistanceSettings& rules, const Sample& sample, Millivolts lowered_by,
                            std::int32_t rhat_micro_ohm, Milliamps maximum) {
    const std::int64_t room = (rules.target - lowered_by - sample.highest.voltage).count();  // mV
    const std::int64_t more = room * 1'000'000 / rhat_micro_ohm;                             // mA
    return Milliamps(static_cast<std::int32_t>(
        std::clamp<std::int64_t>(sample.reading.current.count() + more, 0, maximum.count())));
}

}  // namespace jkp::control
