// SPDX-License-Identifier: MIT
// A seeded day of a house with two battery inverters, with the real controller and the real codecs, judged.
// Deterministic.
#pragma once

#include <functional>
#include <string_view>

#include "closed_loop/loop/day_run.hpp"
#include "closed_loop/loop/original_gateway.hpp"
#include "closed_loop/loop/site_judges.hpp"
#include "sim/site_day.hpp"

namespace jkp::closed_loop {

// How the gateway treats the second inverter.
enum class Coordination : std::uint8_t {
    none,      // as if it were not there
    original,  // the original program in our place
    ours,      // the rules of docs/coordination.md
    portal,    // the same, but what the second inverter does is known minutes later
};
std::string_view name(Coordination coordination);

struct SiteResult {
    std::uint64_t seed = 0;
    bool enough_sun = false;
    bool obeys = true;
    SiteEnergy energy;
    Millivolts peak;  // true cell voltages
    Millivolts lowest;
    double fullest_soc = 0.0;  // highest true one of a cell, 0..1
    int charge_reversals = 0;
    int discharge_reversals = 0;
    int alarms = 0;  // times that an oscillation was reported, by the original as by ours

    [[nodiscard]] double reversals_per_hour() const;
};

// The house of the day, from midnight on.
app::ClosedLoopSettings site_of(const sim::SiteDay& day, Coordination coordination);

// `lasts`: from midnight on; only a whole day is one of the table.
SiteResult run_site_day(const sim::SiteDay& day, Coordination coordination, const Onlooker& onlooker = {},
                        Duration lasts = std::chrono::hours(24));

}  // namespace jkp::closed_loop
