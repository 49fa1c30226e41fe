// SPDX-License-Identifier: MIT
// Stage G: the SOC that is sent. Follows a source slowly, claims 100 % only when Full was seen and 1 %
// only when a cell is empty, and never says 0.
#pragma once

#include <cstdint>
#include <optional>

#include "control/bank.hpp"
#include "control/event.hpp"
#include "control/phase.hpp"

namespace jkp::control {

// Parts per million of the capacity: fine enough for a minute at 0.1 A.
using Ppm = std::int64_t;

struct SocState {
    std::optional<Ppm> sent;
    std::optional<Ppm> counter;     // own coulomb counter
    std::int64_t counter_rest = 0;  // mA * us not yet counted
    std::uint64_t members = 0;      // the packs that the counter counts for; 0 = not known yet
    Ppm bank_soc = 0;               // what their BMS said last
    Since empty;
    Since recovered;
    bool is_empty = false;
    bool drifting = false;
    std::optional<TimePoint> first;  // sample of this run
    TimePoint moved_at{};
    bool operator==(const SocState&) const = default;
};

// One step on a new sample; returns what to send, in 0.1 %.
Permille follow(SocState& state, const Config& config, const BankView& bank, const PhaseState& phase,
                TimePoint at, Events& events);

}  // namespace jkp::control
