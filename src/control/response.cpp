// SPDX-License-Identifier: MIT
#include "control/response.hpp"

namespace jkp::control {
namespace {

using std::chrono::seconds;

constexpr Duration longest = seconds(15);
constexpr Duration shortest = seconds(1);
constexpr Duration given_up = seconds(30);
constexpr Milliamps clear_cut{5000};    // a cut by more teaches the response
constexpr Milliamps near_target{2000};  // and is followed when the current is so near

Milliamps in_direction(bool charging, Milliamps current) {
    return charging ? current : -current;
}

}  // namespace

void expect_answer(Response& response, bool charging, Milliamps target, Milliamps current, TimePoint now) {
    const bool waiting = response.cut_at.has_value();
    if (waiting || in_direction(charging, current) - target <= clear_cut) return;
    response.cut_at = now;
    response.target = target;
    response.charging = charging;
}

void learn_answer(Response& response, Duration standard, Milliamps current, TimePoint at) {
    if (!response.cut_at || at <= *response.cut_at) return;
    const Duration lasted = at - *response.cut_at;
    if (in_direction(response.charging, current) <= response.target + near_target) {
        const Duration before = response.learned.value_or(standard);
        response.learned = before + (std::clamp(lasted, shortest, longest) - before) / 4;
        response.cut_at.reset();
    } else if (lasted > given_up) {
        response.cut_at.reset();
    }
}

}  // namespace jkp::control
