// SPDX-License-Identifier: MIT
// Writes down what CSV and plot show: every quantity of the bank and of each pack.
#pragma once

#include "scenario/play.hpp"

namespace jkp::scenario {

Record empty_record(const Scenario& scenario);
void add_row(Record& record, const Moment& moment, Duration at);

}  // namespace jkp::scenario
