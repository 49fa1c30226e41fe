// SPDX-License-Identifier: MIT
// The plot of a run: cells, current and limits, state of charge; phases as a strip, events as marks.
#pragma once

#include <string>

#include "scenario/play.hpp"

namespace jkp::scenario {

std::string plot_svg(const Scenario& scenario, const Outcome& outcome);

}  // namespace jkp::scenario
