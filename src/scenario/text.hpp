// SPDX-License-Identifier: MIT
// The outcome of a scenario as text: for a person, as JSON, and as CSV.
#pragma once

#include <string>

#include "scenario/play.hpp"

namespace jkp::scenario {

std::string story_text(const Scenario& scenario, const Outcome& outcome);
// Only what did not hold; empty when all did.
std::string failures_text(const Outcome& outcome);
// One object, without a line end.
std::string outcome_json(const Scenario& scenario, const Outcome& outcome);
// Header and one line per row; empty fields while no gateway runs. Separated by commas, lines end in LF.
std::string csv_text(const Record& record);

// "07:05:09", "1d 07:05:09"
std::string clock_text(Duration at);

}  // namespace jkp::scenario
