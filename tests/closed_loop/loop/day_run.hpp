// SPDX-License-Identifier: MIT
// One seeded day with the real controller and the real codecs, judged. Deterministic.
#pragma once

#include <functional>

#include "app/closed_loop.hpp"
#include "closed_loop/loop/judges.hpp"
#include "control/config.hpp"
#include "sim/day.hpp"

namespace jkp::closed_loop {

struct DayResult {
    std::uint64_t seed = 0;
    sim::Conduct conduct = sim::Conduct::obeys;
    bool enough_sun = false;
    Millivolts peak;  // true cell voltages
    Millivolts lowest;
    Duration above_3500{};
    Duration above_3550{};
    int charge_reversals = 0;
    int discharge_reversals = 0;
    double fullest_soc = 0.0;  // highest true one of a cell, 0..1
    double charged_wh = 0.0;
    double discharged_wh = 0.0;
    double ideal_charged_wh = 0.0;  // of a battery without voltages, limited by the maxima alone
    double ideal_discharged_wh = 0.0;
    LeverFaults levers;
    bool levers_tested = false;
    Duration slowest_lever{};

    // Of the worse direction, averaged over the day.
    [[nodiscard]] double reversals_per_hour() const;
};

// The site of the day under the rules of the preset, from midnight on.
app::ClosedLoopSettings site_of(const sim::Day& day, control::Preset preset);
// When the levers must be on the bus: a preset that charges up to 3.55 V by its own table is judged there.
LeverRules lever_rules(const sim::Day& day, control::Preset preset);

// Called after each step of the plant, for looking at a day.
using Onlooker = std::function<void(app::ClosedLoop&)>;
DayResult run_day(const sim::Day& day, control::Preset preset, const Onlooker& onlooker = {});

}  // namespace jkp::closed_loop
