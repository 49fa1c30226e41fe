// SPDX-License-Identifier: MIT
#include "control/obedience.hpp"

#include <algorithm>

namespace jkp::control {
namespace {

constexpr Duration longest_step = seconds(5);  // nothing is counted over a gap in the data
constexpr Milliamps on_the_wire{100};          // 0x351 carries 0.1 A: less is sent as 0
constexpr Milliamps falling{2000};             // more than the noise of a sensor

}  // namespace

void observe(Obedience& s, const AlarmSettings& rules, Milliamps told, Milliamps current, TimePoint at,
             Events& events) {
    const Duration dt = std::clamp(at - s.seen_at, Duration{}, longest_step);
    s.seen_at = at;
    const bool against = told < on_the_wire && current > rules.disobeyed_current;
    if (told >= on_the_wire) s.lowest = Milliamps::max();
    if (current < s.lowest - falling) {
        s.lowest = current;
        if (!s.disobeys) s.against = {};
    }
    s.against =
        against ? std::min(s.against + dt, rules.disobeyed_after) : std::max(Duration{}, s.against - dt);
    const bool sure = s.against == (s.disobeys ? Duration{} : rules.disobeyed_after);
    if (!sure) return;
    s.disobeys = !s.disobeys;
    events.offer({s.disobeys ? EventCode::inverter_disobeys : EventCode::inverter_obeys, 0, current.count()});
}

}  // namespace jkp::control
