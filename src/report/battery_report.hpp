// SPDX-License-Identifier: MIT
// A decision in the words of the Pylontech codec.
#pragma once

#include "control/decision.hpp"
#include "pylontech/report.hpp"

namespace jkp::report {

// Precondition: the decision is complete.
pylontech::BatteryReport battery_report(const control::Decision& decision);

// The same with both limits 0 and both directions refused: what an orderly stop leaves behind.
pylontech::BatteryReport zero_report(const control::Decision& decision);

}  // namespace jkp::report
