// SPDX-License-Identifier: MIT
#include "control/contrary.hpp"

namespace jkp::control {
namespace {

constexpr int most_strikes = 3;

void enter(Contrary& cause, const ContraryRules& rules, TimePoint now) {
    const bool again = cause.left_at && now - *cause.left_at < rules.repeat_within;
    const int strikes = again ? std::min(cause.strikes + 1, most_strikes) : 0;
    cause.strikes = static_cast<std::uint8_t>(strikes);
    cause.active = true;
}

}  // namespace

void watch(Contrary& cause, const ContraryRules& rules, Milliamps value, TimePoint now) {
    if (value >= rules.leave) cause.last_above = now;
    if (!cause.active) {
        if (value > rules.enter) enter(cause, rules, now);
    } else if (now - cause.last_above >= rules.hold * (1 << cause.strikes)) {
        leave(cause, now);
    }
}

void leave(Contrary& cause, TimePoint now) {
    if (!cause.active) return;
    cause.active = false;
    cause.left_at = now;
}

void hold(Contrary& cause, TimePoint now) {
    cause.last_above = now;
}

}  // namespace jkp::control
