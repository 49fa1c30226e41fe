// SPDX-License-Identifier: MIT
// From a scenario to the site it plays on, and what its events do to that site.
#pragma once

#include "app/closed_loop.hpp"
#include "scenario/scenario.hpp"

namespace jkp::scenario {

app::ClosedLoopSettings site_settings(const Scenario& scenario);

// What the event does; false: a command was refused.
bool begin(const Event& event, app::ClosedLoop& loop);
// Undoes it. `normal`: the inverter as it was at the start.
void end(const Event& event, app::ClosedLoop& loop, const sim::InverterSpec& normal);

}  // namespace jkp::scenario
