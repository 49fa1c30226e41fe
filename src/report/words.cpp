// SPDX-License-Identifier: MIT
#include "report/words.hpp"

#include <array>
#include <cstdio>

namespace jkp::report {
namespace {

using control::CommandKind;
using control::CommandRefusal;
using control::Event;
using control::EventCode;
using control::Input;
using control::Reason;
using control::Refusal;
using control::Rejection;
using control::Rule;

// A decimal number of `count` / 10^digits, shown with `shown` digits; exact, no floating point surprise.
std::string decimal(std::int64_t count, int digits, int shown) {
    std::array<char, 40> text{};
    double value = static_cast<double>(count);
    for (int i = 0; i < digits; ++i) value /= 10.0;
    std::snprintf(text.data(), text.size(), "%.*f", shown, value);
    return text.data();
}

std::string pack_name(std::uint8_t index, const control::Config& config) {
    if (index >= config.packs.size()) return "pack " + std::to_string(index + 1);
    return std::string(config.packs[index].name.view());
}

std::string rule_words(Rule rule) {
    switch (rule) {
        case Rule::user_maximum: return "configured maximum";
        case Rule::bms_over_current: return "share of the BMS over-current setting";
        case Rule::cell_high_curve: return "curve of the highest cell";
        case Rule::cell_low_curve: return "curve of the lowest cell";
        case Rule::battery_temperature: return "battery temperature";
        case Rule::mosfet_temperature: return "MOSFET temperature";
        case Rule::mos_off: return "the BMS has its MOSFET off";
        case Rule::bms_alarm: return "BMS alarm";
        case Rule::hard_stop: return "hard stop";
        case Rule::soc_window: return "window of the state of charge";
        case Rule::cell_high_compensated: return "resistance-compensated voltage of the highest cell";
        case Rule::hard_stop_latched: return "hard stop, latched";
        case Rule::critical_high: return "fault: critical high cell";
        case Rule::critical_low: return "fault: critical low cell";
        case Rule::low_cell_lockout: return "lockout after deep discharge";
        case Rule::latches_unknown: return "fault: what was latched before the start is not known";
        case Rule::recovery: return "recovery charge after deep discharge";
        case Rule::rise_rule: return "waiting to give back what the step curve took";
        case Rule::age: return "old data";
        case Rule::probe_age: return "missing temperature probe";
        case Rule::no_pack: return "no pack";
        case Rule::bank_maximum: return "configured maximum of the bank";
        case Rule::bank_sum: return "sum of the limits of the packs";
        case Rule::inverter_lost: return "the inverter is not heard";
        case Rule::peer_charging: return "the second battery charges, so this one does not discharge";
        case Rule::peer_discharging:
            return "the second battery discharges, so this one charges only from a surplus";
        case Rule::peer_unknown: return "what the second battery does is not known";
        case Rule::oscillation: return "both inverters chase each other";
        case Rule::site_release: return "given back step by step after the second inverter";
        case Rule::user_current: return "maximum by command";
        case Rule::paused: return "paused by command";
        case Rule::command_release: return "given back slowly after a command";
        case Rule::start: return "just started";
        case Rule::hold: return "waiting before an increase";
        case Rule::ramp: return "rising slowly";
        case Rule::smallest_useful: return "less than the smallest useful current";
    }
    broken("a Rule of the list", std::source_location::current());
}

std::string input_words(const Reason& r) {
    switch (r.input) {
        case Input::none: return {};
        case Input::cell: return "cell " + std::to_string(r.index) + " at " + cell_volts(Millivolts(r.value));
        case Input::temperature:
            return std::string(name(static_cast<Probe>(r.index))) + " at " + celsius(Decicelsius(r.value));
        case Input::current: return "setting " + amps(Milliamps(r.value));
        case Input::alarm: return std::string(words(static_cast<PackAlarm>(r.index)));
        case Input::soc: return percent(Permille(r.value));
        case Input::peer_current: return "its battery at " + amps(Milliamps(r.value));
        case Input::period: return "period " + decimal(r.value, 3, 1) + " s";
    }
    broken("an Input of the list", std::source_location::current());
}

// Whether the rule speaks of one pack; the others of the bank or of its limit as it moves.
bool of_a_pack(Rule rule) {
    return rule < Rule::no_pack;
}

std::string pack_words(const Reason& reason, const control::Config& config) {
    const std::string name = pack_name(reason.pack, config);
    if (reason.share_ppm == 1'000'000) return name;
    return name + ", which takes " + decimal(reason.share_ppm, 4, 0) + " % of the current";
}

std::string value_words(const Event& event) {
    return cell_volts(Millivolts(event.value));
}

std::string evidence_words(const control::OscillationEvidence& evidence) {
    return " with a period of " + seconds_text(evidence.period) + ", " + std::to_string(evidence.half_waves) +
           " half-waves alike; our battery swings along by " + std::to_string(evidence.own.count()) +
           " W; both limits are cut to " + decimal(evidence.cap.count(), 3, 1) + " A";
}

std::string command_words(const Event& event) {
    return "command " + std::string(name(event.command));
}
std::string by_whom(const Event& event) {
    return event.who.empty() ? "" : " by " + std::string(event.who.view());
}

}  // namespace

std::string amps(Milliamps value) {
    return decimal(value.count(), 3, 1) + " A";
}
std::string volts(Millivolts value) {
    return decimal(value.count(), 3, 2) + " V";
}
std::string cell_volts(Millivolts value) {
    return decimal(value.count(), 3, 3) + " V";
}
std::string celsius(Decicelsius value) {
    return decimal(value.count(), 1, 1) + " C";
}
std::string percent(Permille value) {
    return decimal(value.count(), 1, 1) + " %";
}
std::string seconds_text(Duration value) {
    return decimal(milliseconds(value), 3, 1) + " s";
}

std::string no_limit(Rule rule) {
    switch (rule) {
        case Rule::mos_off: return "MOSFET switch of the BMS: no limit";
        case Rule::bms_alarm: return "alarms of the BMS: no limit";
        case Rule::hard_stop: return "hard stop of the highest cell: no limit";
        case Rule::user_maximum:
        case Rule::bms_over_current:
        case Rule::cell_high_curve:
        case Rule::cell_low_curve:
        case Rule::battery_temperature:
        case Rule::mosfet_temperature:
        case Rule::soc_window:
        case Rule::cell_high_compensated:
        case Rule::bank_maximum:
        case Rule::bank_sum:
        case Rule::hard_stop_latched:
        case Rule::critical_high:
        case Rule::critical_low:
        case Rule::low_cell_lockout:
        case Rule::latches_unknown:
        case Rule::recovery:
        case Rule::rise_rule:
        case Rule::age:
        case Rule::probe_age:
        case Rule::no_pack:
        case Rule::inverter_lost:
        case Rule::peer_charging:
        case Rule::peer_discharging:
        case Rule::peer_unknown:
        case Rule::oscillation:
        case Rule::site_release:
        case Rule::user_current:
        case Rule::paused:
        case Rule::command_release:
        case Rule::start:
        case Rule::hold:
        case Rule::ramp:
        case Rule::smallest_useful: return rule_words(rule) + ": no limit";
    }
    broken("a Rule of the list", std::source_location::current());
}

std::string explain(const Reason& reason, const control::Config& config) {
    std::string text = rule_words(reason.rule);
    const std::string input = input_words(reason);
    if (!input.empty()) text += ": " + input;
    if (config.packs.size() > 1 && of_a_pack(reason.rule)) text += " (" + pack_words(reason, config) + ")";
    if (reason.age > control::seconds(1)) text += ", " + seconds_text(reason.age) + " old";
    return text;
}

std::string describe(const Event& e, const control::Config& config) {
    const std::string pack = pack_name(e.pack, config);
    switch (e.code) {
        case EventCode::first_reading: return "first complete reading of every pack; limits start to rise";
        case EventCode::sample_rejected:
            return pack + ": reading rejected: " + describe(static_cast<Rejection>(e.value));
        case EventCode::start_frame_held:
            return pack + ": the BMS is still starting (SOC 0, cycles 0, healthy cells); waiting for it";
        case EventCode::start_frame_accepted:
            return pack + ": SOC 0 and cycles 0 for long; taken as true. Check the SOC in the JK app";
        case EventCode::probe_missing:
            return pack + ": reading rejected: temperature probe " +
                   std::string(name(static_cast<Probe>(e.value))) +
                   " has never given a valid value; correct temperature_sensors or the probe";
        case EventCode::frozen_data:
            return pack + ": the same values for two minutes while current flows; treated as old data";
        case EventCode::thresholds_lowered:
            return pack + ": charge voltages lowered by " + std::to_string(e.value) +
                   " mV per cell, because the over-voltage protection (OVP) of the BMS is set low. "
                   "Set the cell OVP in the JK app to 3.65 V to use the whole charge curve";
        case EventCode::over_voltage_unknown:
            return pack +
                   ": the BMS does not tell its over-voltage protection; charging to 3.40 V per cell only";
        case EventCode::discharge_voltage_raised:
            return pack + ": discharge voltage raised to " + value_words(e) +
                   " per cell, because the under-voltage protection (UVP) of the BMS is set high. Set the "
                   "cell UVP in the JK app to 2.6 V to use the whole battery";
        case EventCode::hard_stop_latched:
            return pack + ": a cell reached " + value_words(e) +
                   "; charging stopped until every cell is lower for a minute";
        case EventCode::hard_stop_released:
            return pack + ": hard stop released, highest cell " + value_words(e);
        case EventCode::critical_high:
            return pack + ": FAULT, a cell reached " + value_words(e) +
                   "; charging and discharging stopped. Look at the cells, then `jk-pylon ack`";
        case EventCode::critical_high_discharge_freed:
            return pack + ": highest cell back at " + value_words(e) +
                   "; discharging is free, charging needs `jk-pylon ack`";
        case EventCode::critical_low:
            return pack + ": FAULT, a cell fell to " + value_words(e) +
                   "; discharging stopped until it has recovered and `jk-pylon ack` was given";
        case EventCode::fault_acknowledged: return pack + ": fault acknowledged";
        case EventCode::low_cell_lockout:
            return pack + ": a cell fell to " + value_words(e) +
                   "; charging is locked. Find the cause, then `jk-pylon recover --pack " + pack + "`";
        case EventCode::recovery_started:
            return pack + ": recovery charge released, a slow one for a limited time";
        case EventCode::recovery_succeeded: return pack + ": recovered, lowest cell " + value_words(e);
        case EventCode::recovery_ended:
            return pack + ": recovery ended without success (started at " + value_words(e) +
                   "); charging is locked again. Check the cell before trying once more";
        case EventCode::data_stale:
            return "no new data for " + std::to_string(e.value) + " s; limits are being reduced";
        case EventCode::data_zero:
            return "no new data for " + std::to_string(e.value) +
                   " s; limits are 0. Check the BMS cable and `jk-pylon status`";
        case EventCode::data_back: return "data is back; limits rise again after the hold";
        case EventCode::inverter_lost:
            return "the inverter has not been heard for " + std::to_string(e.value) +
                   " s (0x305). Check the CAN cable and the battery type set in the inverter";
        case EventCode::inverter_back: return "the inverter is heard again (0x305)";
        case EventCode::inverter_disobeys:
            return "the inverter charges with " + decimal(e.value, 3, 1) +
                   " A although the charge limit is 0; only the BMS can stop it. Check the battery settings "
                   "of "
                   "the inverter";
        case EventCode::inverter_obeys: return "the inverter obeys the charge limit of 0 again";
        case EventCode::phase_changed:
            return "charge phase: " + std::string(name(static_cast<control::Phase>(e.value)));
        case EventCode::absorb_gave_up: return "full was not reached within the absorb time; floating";
        case EventCode::full_overdue: return "no full charge for a long time; the SOC may drift";
        case EventCode::soc_drift:
            return "own coulomb counter and BMS differ by " + percent(Permille(e.value)) +
                   "; a full charge corrects both";
        case EventCode::pack_lost:
            return pack + ": lost, no data for " + std::to_string(e.value) +
                   " s; the bank goes on without it, as the quorum allows. Check its cable and its BMS";
        case EventCode::pack_joined: return pack + ": is part of the bank";
        case EventCode::resistance_learned:
            return pack + ": resistance of a cell path learned, " + decimal(e.value, 3, 2) + " mOhm";
        case EventCode::cell_counts_differ:
            return pack + ": has " + std::to_string(e.value) +
                   " cells, other packs have another number. Packs in parallel must have equally many: "
                   "disconnect it";
        case EventCode::meter_lost:
            return "the grid meter has told nothing for " + std::to_string(e.value) +
                   " s; surplus and oscillations are not seen. Check it and the network";
        case EventCode::meter_back: return "the grid meter is heard again";
        case EventCode::peer_lost:
            return "the second battery has told nothing for " + std::to_string(e.value) +
                   " s; the limits stay for a while and then follow control.coordination.on_unknown. Check "
                   "its inverter and the network";
        case EventCode::peer_back: return "the second battery is known again";
        case EventCode::peers_differ:
            return "two sources of the second battery contradict each other by " + decimal(e.value, 3, 1) +
                   " A; both limits follow the worse. Check the sign of each source";
        case EventCode::oscillation_found:
            return "both inverters chase each other: the power at the meter swings by " +
                   std::to_string(e.value) + " W" + evidence_words(e.evidence) +
                   ". Give one of them a slower control or another target";
        case EventCode::oscillation_over: return "the oscillation is over; both limits are given back";
        case EventCode::soc_drift_over: return "own coulomb counter and BMS agree again";
        case EventCode::command_accepted:
            return command_words(e) + " " + command_value(e.command, e.value) + by_whom(e);
        case EventCode::command_ended: return command_words(e) + " released" + by_whom(e);
        case EventCode::command_expired:
            return command_words(e) + " " + command_value(e.command, e.value) + " is over; it was ordered" +
                   by_whom(e);
        case EventCode::command_refused:
            return command_words(e) + by_whom(e) +
                   " refused: " + describe(static_cast<CommandRefusal>(e.value));
    }
    broken("an EventCode of the list", std::source_location::current());
}

Severity severity(EventCode code) {
    switch (code) {
        case EventCode::first_reading:
        case EventCode::start_frame_held:
        case EventCode::hard_stop_released:
        case EventCode::fault_acknowledged:
        case EventCode::recovery_started:
        case EventCode::recovery_succeeded:
        case EventCode::data_back:
        case EventCode::inverter_back:
        case EventCode::inverter_obeys:
        case EventCode::phase_changed:
        case EventCode::pack_joined:
        case EventCode::resistance_learned:
        case EventCode::meter_back:
        case EventCode::peer_back:
        case EventCode::oscillation_over:
        case EventCode::soc_drift_over:
        case EventCode::command_accepted:
        case EventCode::command_ended:
        case EventCode::command_expired: return Severity::info;
        case EventCode::sample_rejected:
        case EventCode::start_frame_accepted:
        case EventCode::probe_missing:
        case EventCode::frozen_data:
        case EventCode::thresholds_lowered:
        case EventCode::over_voltage_unknown:
        case EventCode::discharge_voltage_raised:
        case EventCode::critical_high_discharge_freed:
        case EventCode::recovery_ended:
        case EventCode::data_stale:
        case EventCode::inverter_lost:
        case EventCode::absorb_gave_up:
        case EventCode::full_overdue:
        case EventCode::pack_lost:
        case EventCode::meter_lost:
        case EventCode::peer_lost:
        case EventCode::peers_differ:
        case EventCode::oscillation_found:
        case EventCode::command_refused:
        case EventCode::soc_drift: return Severity::warning;
        case EventCode::hard_stop_latched:
        case EventCode::critical_high:
        case EventCode::critical_low:
        case EventCode::low_cell_lockout:
        case EventCode::cell_counts_differ:
        case EventCode::inverter_disobeys:
        case EventCode::data_zero: return Severity::error;
    }
    broken("an EventCode of the list", std::source_location::current());
}

std::string describe(Rejection rejection) {
    switch (rejection) {
        case Rejection::cell_voltage: return "a cell voltage is impossible";
        case Rejection::cell_sum: return "the cells do not add up to the pack voltage";
        case Rejection::cell_count: return "the number of cells is not the configured or earlier one";
        case Rejection::soc: return "the SOC is not within 0..100 %";
        case Rejection::current: return "the current is more than the BMS could measure";
        case Rejection::start_frame: return "the BMS is still starting";
        case Rejection::probe_missing:
            return "a probe named in temperature_sensors has never given a valid value; correct the list or "
                   "the probe";
    }
    broken("a Rejection of the list", std::source_location::current());
}

std::string describe(Refusal refusal) {
    switch (refusal) {
        case Refusal::nothing_to_acknowledge: return "there is no fault to acknowledge";
        case Refusal::still_critical:
            return "the voltage is still critical; wait until every cell has been in its range for a minute";
        case Refusal::nothing_to_recover: return "charging is not locked; there is nothing to recover from";
        case Refusal::already_recovering: return "a recovery is running already";
        case Refusal::no_data: return "there is no fresh data of this pack; see `jk-pylon status`";
        case Refusal::below_floor:
            return "a cell is below 2.00 V: do not charge it here; it must be examined";
        case Refusal::too_cold: return "the battery is too cold; recovery needs at least 5 C";
        case Refusal::charge_mos_off:
            return "the BMS has its charge MOSFET off; switch charging on in the JK app";
        case Refusal::no_such_pack: return "there is no such pack";
    }
    broken("a Refusal of the list", std::source_location::current());
}

std::string command_value(CommandKind kind, std::optional<std::int32_t> value) {
    if (!value) return "released";
    if (is_current(kind)) return amps(Milliamps(*value));
    return *value == 0 ? "off" : "on";
}

std::string describe(CommandRefusal refusal) {
    switch (refusal) {
        case CommandRefusal::out_of_range: return "the value or the time is out of range";
        case CommandRefusal::not_configured:
            return "profile.force_charge_requests is false in the configuration, because some inverters then "
                   "charge from the grid";
        case CommandRefusal::no_data:
            return "there are no fresh readings of every pack; see `jk-pylon status`";
        case CommandRefusal::latched:
            return "a pack has a fault, a lockout or a latched hard stop; see `jk-pylon status`";
    }
    broken("a CommandRefusal of the list", std::source_location::current());
}

std::string describe(control::CommandCut cut, Milliamps maximum) {
    switch (cut) {
        case control::CommandCut::none: return "";
        case control::CommandCut::configured_maximum: return "the configured maximum is " + amps(maximum);
        case control::CommandCut::without_request:
            return "a charge cycle begins, but nothing is requested of the inverter, because "
                   "profile.full_charge_requests is false in the configuration";
        case control::CommandCut::one_minute:
            return "a command that asks for more ends 60 s after it was last sent";
    }
    broken("a CommandCut of the list", std::source_location::current());
}

}  // namespace jkp::report
