// SPDX-License-Identifier: MIT
// Our inverter as the house sees it.
#pragma once

#include "sim/inverter.hpp"
#include "sim/self_use.hpp"

namespace jkp::sim {

// What the limits that an inverter obeys leave its battery; 0 while it has heard none.
PowerRange power_range(const Inverter& inverter, TimePoint now, double volts);

}  // namespace jkp::sim
