// SPDX-License-Identifier: MIT
// Stage C: which packs are part of the bank now. A lost pack holds the whole bank to rule S6, unless the
// quorum allows to go on without it.
#pragma once

#include "control/step.hpp"

namespace jkp::control {

// Enough packs have given a valid reading (rule S5).
bool complete(const Config& config, const State& state);

// Updates PackPart::present of every pack and tells who left and who came. Returns whether a pack left: the
// limits that it held must then wait before they rise.
bool muster(const Config& config, State& state, TimePoint now, Events& events);

// Packs in parallel have equally many cells; tells of one that differs from the first.
void compare_cell_counts(State& state, Events& events);

}  // namespace jkp::control
