// SPDX-License-Identifier: MIT
// The resting voltage of a lithium iron phosphate cell.
#pragma once

namespace jkp::sim {

// Volts for a state of charge (0 empty, 1 full); rising everywhere, steep below 0.1 and above 0.97.
// Goes on beyond 0 and 1, where protections have to act.
double resting_voltage(double soc);

}  // namespace jkp::sim
