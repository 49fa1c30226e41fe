// SPDX-License-Identifier: MIT
#include "control/bound.hpp"

#include "core/ensure.hpp"

namespace jkp::control {

std::string_view name(Rule rule) {
    switch (rule) {
        case Rule::user_maximum: return "user_maximum";
        case Rule::bms_over_current: return "bms_over_current";
        case Rule::cell_high_curve: return "cell_high_curve";
        case Rule::cell_low_curve: return "cell_low_curve";
        case Rule::battery_temperature: return "battery_temperature";
        case Rule::mosfet_temperature: return "mosfet_temperature";
        case Rule::mos_off: return "mos_off";
        case Rule::bms_alarm: return "bms_alarm";
        case Rule::hard_stop: return "hard_stop";
        case Rule::soc_window: return "soc_window";
        case Rule::cell_high_compensated: return "cell_high_compensated";
        case Rule::hard_stop_latched: return "hard_stop_latched";
        case Rule::critical_high: return "critical_high";
        case Rule::critical_low: return "critical_low";
        case Rule::low_cell_lockout: return "low_cell_lockout";
        case Rule::latches_unknown: return "latches_unknown";
        case Rule::recovery: return "recovery";
        case Rule::rise_rule: return "rise_rule";
        case Rule::age: return "age";
        case Rule::probe_age: return "probe_age";
        case Rule::no_pack: return "no_pack";
        case Rule::bank_maximum: return "bank_maximum";
        case Rule::bank_sum: return "bank_sum";
        case Rule::inverter_lost: return "inverter_lost";
        case Rule::peer_charging: return "peer_charging";
        case Rule::peer_discharging: return "peer_discharging";
        case Rule::peer_unknown: return "peer_unknown";
        case Rule::oscillation: return "oscillation";
        case Rule::site_release: return "site_release";
        case Rule::user_current: return "user_current";
        case Rule::paused: return "paused";
        case Rule::command_release: return "command_release";
        case Rule::start: return "start";
        case Rule::hold: return "hold";
        case Rule::ramp: return "ramp";
        case Rule::smallest_useful: return "smallest_useful";
    }
    broken("a Rule of the list", std::source_location::current());
}

}  // namespace jkp::control
