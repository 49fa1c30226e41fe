// SPDX-License-Identifier: MIT
// What happened in a control step and is worth a line in the log. Codes are stable; words are made by
// the report room.
#pragma once

#include <cstdint>
#include <string_view>

#include "control/command_kind.hpp"
#include "core/fixed_vector.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::control {

enum class EventCode : std::uint8_t {
    first_reading,     // pack: complete for the first time
    sample_rejected,   // value: Rejection
    start_frame_held,  // SOC 0 and cycles 0 with healthy cells
    start_frame_accepted,
    probe_missing,  // value: Probe
    frozen_data,
    thresholds_lowered,        // value: mV, because of the BMS's OVP
    over_voltage_unknown,      // the BMS does not tell its OVP
    discharge_voltage_raised,  // value: mV per cell, because of the BMS's UVP
    hard_stop_latched,         // value: mV
    hard_stop_released,
    critical_high,  // value: mV
    critical_high_discharge_freed,
    critical_low,  // value: mV
    fault_acknowledged,
    low_cell_lockout,  // value: mV
    recovery_started,
    recovery_succeeded,
    recovery_ended,  // time was up, or the cell did not rise, or fell below the floor
    data_stale,      // value: seconds
    data_zero,       // limits are 0 because of age
    data_back,
    inverter_lost,  // value: seconds
    inverter_back,
    inverter_disobeys,  // value: mA that it charges although the limit is 0
    inverter_obeys,     // it does not any more
    phase_changed,      // value: Phase
    absorb_gave_up,     // full was not reached in time
    full_overdue,
    soc_drift,  // value: 0.1 %
    soc_drift_over,
    pack_lost,           // value: seconds; the bank goes on without it (quorum)
    pack_joined,         // it is part of the bank (again)
    resistance_learned,  // value: micro-ohm
    cell_counts_differ,  // value: cells of this pack; parallel packs must have equally many
    meter_lost,          // value: seconds
    meter_back,
    peer_lost,  // value: seconds; of every source of the second battery
    peer_back,
    peers_differ,       // value: mA between two sources, one says charging and one discharging
    oscillation_found,  // value: W from side to side; evidence
    oscillation_over,   // everything that was taken because of it is given back
    command_accepted,   // value: mA or 1, as far as it is in force; of the commands: command, who
    command_ended,      // by a command; value: mA or 1
    command_expired,    // by itself; value: mA or 1
    command_refused,    // value: CommandRefusal
};
std::string_view name(EventCode code);

// What an oscillation was told by, and what was taken because of it.
struct OscillationEvidence {
    Duration period{};
    int half_waves{};  // alike, up to then
    Watts own;         // the part of our battery, from side to side
    Milliamps cap;     // of both limits
    bool operator==(const OscillationEvidence&) const = default;
};

struct Event {
    EventCode code = EventCode::first_reading;
    std::uint8_t pack = 0;
    std::int32_t value = 0;
    CommandKind command = CommandKind::max_charge;  // of the events command_*
    Who who{};                                      // the same
    OscillationEvidence evidence{};                 // of oscillation_found
    bool operator==(const Event&) const = default;
};

// More than fit in one step are dropped; state, not events, carries safety.
using Events = FixedVector<Event, 48>;

}  // namespace jkp::control
