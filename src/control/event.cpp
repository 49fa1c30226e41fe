// SPDX-License-Identifier: MIT
#include "control/event.hpp"

#include "core/ensure.hpp"

namespace jkp::control {

std::string_view name(EventCode code) {
    switch (code) {
        case EventCode::first_reading: return "first_reading";
        case EventCode::sample_rejected: return "sample_rejected";
        case EventCode::start_frame_held: return "start_frame_held";
        case EventCode::start_frame_accepted: return "start_frame_accepted";
        case EventCode::probe_missing: return "probe_missing";
        case EventCode::frozen_data: return "frozen_data";
        case EventCode::thresholds_lowered: return "thresholds_lowered";
        case EventCode::over_voltage_unknown: return "over_voltage_unknown";
        case EventCode::discharge_voltage_raised: return "discharge_voltage_raised";
        case EventCode::hard_stop_latched: return "hard_stop_latched";
        case EventCode::hard_stop_released: return "hard_stop_released";
        case EventCode::critical_high: return "critical_high";
        case EventCode::critical_high_discharge_freed: return "critical_high_discharge_freed";
        case EventCode::critical_low: return "critical_low";
        case EventCode::fault_acknowledged: return "fault_acknowledged";
        case EventCode::low_cell_lockout: return "low_cell_lockout";
        case EventCode::recovery_started: return "recovery_started";
        case EventCode::recovery_succeeded: return "recovery_succeeded";
        case EventCode::recovery_ended: return "recovery_ended";
        case EventCode::data_stale: return "data_stale";
        case EventCode::data_zero: return "data_zero";
        case EventCode::data_back: return "data_back";
        case EventCode::inverter_lost: return "inverter_lost";
        case EventCode::inverter_back: return "inverter_back";
        case EventCode::inverter_disobeys: return "inverter_disobeys";
        case EventCode::inverter_obeys: return "inverter_obeys";
        case EventCode::phase_changed: return "phase_changed";
        case EventCode::absorb_gave_up: return "absorb_gave_up";
        case EventCode::full_overdue: return "full_overdue";
        case EventCode::soc_drift: return "soc_drift";
        case EventCode::soc_drift_over: return "soc_drift_over";
        case EventCode::pack_lost: return "pack_lost";
        case EventCode::pack_joined: return "pack_joined";
        case EventCode::resistance_learned: return "resistance_learned";
        case EventCode::cell_counts_differ: return "cell_counts_differ";
        case EventCode::meter_lost: return "meter_lost";
        case EventCode::meter_back: return "meter_back";
        case EventCode::peer_lost: return "peer_lost";
        case EventCode::peer_back: return "peer_back";
        case EventCode::peers_differ: return "peers_differ";
        case EventCode::oscillation_found: return "oscillation_found";
        case EventCode::oscillation_over: return "oscillation_over";
        case EventCode::command_accepted: return "command_accepted";
        case EventCode::command_ended: return "command_ended";
        case EventCode::command_expired: return "command_expired";
        case EventCode::command_refused: return "command_refused";
    }
    broken("an EventCode of the list", std::source_location::current());
}

}  // namespace jkp::control
