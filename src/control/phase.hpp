// SPDX-License-Identifier: MIT
// Stage E: where the charge cycle stands. Drives CVL, the SOC that is sent and the request flags; never
// raises a current limit.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "control/bank.hpp"
#include "control/event.hpp"
#include "control/latches.hpp"

namespace jkp::control {

enum class Phase : std::uint8_t {
    init,      // before the first complete reading
    idle,      // charged not long ago and in use; no new charge cycle wanted yet
    bulk,      // charging as far as the limits allow
    absorb,    // near the end; waiting for the current to tail off
    full,      // the end of charge was seen
    floating,  // full, at the lower float voltage
    balance,   // full, voltage kept so that the balancer can work
    fault,     // a critical voltage was reached and is not yet acknowledged
};
std::string_view name(Phase phase);

struct PhaseState {
    Phase phase = Phase::init;
    TimePoint since{};
    Since absorb;
    Since end_certain;
    Since rebulk;
    Duration end_credit{};           // integral of "x is high enough", with a leak
    std::optional<TimePoint> first;  // step of this run
    std::optional<TimePoint> stepped_at;
    std::optional<TimePoint> last_full;  // absent = not known
    std::optional<TimePoint> last_end;   // of a charge, full or given up
    std::int64_t discharged = 0;         // since Absorb or Full, net, mA * ms
    bool full_claimed = false;           // the present full, balance or float phase followed a real Full
    bool overdue_told = false;
    bool asked = false;  // Bulk or Absorb were begun by a command only
    bool operator==(const PhaseState&) const = default;

    [[nodiscard]] bool claims_full() const {
        return full_claimed && (phase == Phase::full || phase == Phase::balance || phase == Phase::floating);
    }
};

struct PhaseInputs {
    TimePoint at;  // of the newest sample
    CellExtreme highest;
    Milliamps pack_current;       // of the pack that holds the highest cell
    MilliampHours pack_capacity;  // of that pack
    Milliamps bank_current;
    MilliampHours bank_capacity;
    Millivolts difference;          // the largest between two cells of the same pack
    Millivolts lowered_by;          // see Thresholds
    std::int32_t micro_ohm = 1000;  // of one cell path of that pack
    bool fault = false;
    bool full_charge = false;  // a command asks for a full charge
};

// One step on a new sample.
void advance(PhaseState& state, const Config& config, const PhaseInputs& in, Events& events);

}  // namespace jkp::control
