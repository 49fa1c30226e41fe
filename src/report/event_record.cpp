// SPDX-License-Identifier: MIT
#include "report/event_record.hpp"

#include <array>
#include <utility>

#include "report/words_de.hpp"

namespace jkp::report {
namespace {

using control::EventCode;

constexpr std::array<std::string_view, 3> severities{"info", "warning", "error"};

std::string pack_of(const control::Event& event, const control::Config& config) {
    if (!of_a_pack(event.code)) return {};
    if (event.pack >= config.packs.size()) return "pack" + std::to_string(event.pack + 1);
    return std::string(config.packs[event.pack].name.view());
}

}  // namespace

std::string_view name(Severity severity) {
    return severities[static_cast<std::size_t>(severity)];
}

std::optional<Severity> severity_from(std::string_view word) {
    for (std::size_t i = 0; i < severities.size(); ++i) {
        if (severities[i] == word) return static_cast<Severity>(i);
    }
    return std::nullopt;
}

std::string_view topic(EventCode code) {
    switch (code) {
        case EventCode::first_reading: return "start";
        case EventCode::sample_rejected: return "reading";
        case EventCode::start_frame_held:
        case EventCode::start_frame_accepted: return "start_frame";
        case EventCode::probe_missing: return "probe";
        case EventCode::frozen_data: return "frozen_data";
        case EventCode::thresholds_lowered:
        case EventCode::over_voltage_unknown: return "charge_voltage";
        case EventCode::discharge_voltage_raised: return "discharge_voltage";
        case EventCode::hard_stop_latched:
        case EventCode::hard_stop_released: return "hard_stop";
        case EventCode::critical_high:
        case EventCode::critical_high_discharge_freed:
        case EventCode::critical_low:
        case EventCode::fault_acknowledged: return "fault";
        case EventCode::low_cell_lockout:
        case EventCode::recovery_started:
        case EventCode::recovery_succeeded:
        case EventCode::recovery_ended: return "lockout";
        case EventCode::data_stale:
        case EventCode::data_zero:
        case EventCode::data_back: return "data";
        case EventCode::inverter_lost:
        case EventCode::inverter_back: return "inverter";
        case EventCode::inverter_disobeys:
        case EventCode::inverter_obeys: return "obedience";
        case EventCode::phase_changed: return "phase";
        case EventCode::absorb_gave_up: return "absorb";
        case EventCode::full_overdue: return "full";
        case EventCode::soc_drift:
        case EventCode::soc_drift_over: return "drift";
        case EventCode::pack_lost:
        case EventCode::pack_joined: return "pack";
        case EventCode::resistance_learned: return "resistance";
        case EventCode::cell_counts_differ: return "cell_count";
        case EventCode::meter_lost:
        case EventCode::meter_back: return "meter";
        case EventCode::peer_lost:
        case EventCode::peer_back: return "peer";
        case EventCode::peers_differ: return "peers_differ";
        case EventCode::oscillation_found:
        case EventCode::oscillation_over: return "oscillation";
        case EventCode::command_accepted:
        case EventCode::command_ended:
        case EventCode::command_expired: return "command";
        case EventCode::command_refused: return "command_refused";
    }
    broken("an EventCode of the list", std::source_location::current());
}

bool of_a_pack(EventCode code) {
    switch (code) {
        case EventCode::sample_rejected:
        case EventCode::start_frame_held:
        case EventCode::start_frame_accepted:
        case EventCode::probe_missing:
        case EventCode::frozen_data:
        case EventCode::thresholds_lowered:
        case EventCode::over_voltage_unknown:
        case EventCode::discharge_voltage_raised:
        case EventCode::hard_stop_latched:
        case EventCode::hard_stop_released:
        case EventCode::critical_high:
        case EventCode::critical_high_discharge_freed:
        case EventCode::critical_low:
        case EventCode::fault_acknowledged:
        case EventCode::low_cell_lockout:
        case EventCode::recovery_started:
        case EventCode::recovery_succeeded:
        case EventCode::recovery_ended:
        case EventCode::pack_lost:
        case EventCode::pack_joined:
        case EventCode::resistance_learned:
        case EventCode::cell_counts_differ: return true;
        case EventCode::first_reading:
        case EventCode::data_stale:
        case EventCode::data_zero:
        case EventCode::data_back:
        case EventCode::inverter_lost:
        case EventCode::inverter_back:
        case EventCode::inverter_disobeys:
        case EventCode::inverter_obeys:
        case EventCode::phase_changed:
        case EventCode::absorb_gave_up:
        case EventCode::full_overdue:
        case EventCode::soc_drift:
        case EventCode::soc_drift_over:
        case EventCode::meter_lost:
        case EventCode::meter_back:
        case EventCode::peer_lost:
        case EventCode::peer_back:
        case EventCode::peers_differ:
        case EventCode::oscillation_found:
        case EventCode::oscillation_over:
        case EventCode::command_accepted:
        case EventCode::command_ended:
        case EventCode::command_expired:
        case EventCode::command_refused: return false;
    }
    broken("an EventCode of the list", std::source_location::current());
}

EventRecord event_record(const control::Event& event, const control::Config& config) {
    return {.code = std::string(control::name(event.code)),
            .severity = severity(event.code),
            .pack = pack_of(event, config),
            .text_en = describe(event, config),
            .text_de = describe_de(event, config),
            .topic = std::string(topic(event.code))};
}

EventRecord link_record(std::string code, Severity severity, std::string pack, std::string text_en,
                        std::string text_de) {
    if (text_de.empty()) text_de = link_words_de(code, severity, text_en);
    std::string topic = code;
    return {.code = std::move(code),
            .severity = severity,
            .pack = std::move(pack),
            .text_en = std::move(text_en),
            .text_de = std::move(text_de),
            .topic = std::move(topic)};
}

}  // namespace jkp::report
