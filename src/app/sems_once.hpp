// SPDX-License-Identifier: MIT
// One reading through the SEMS portal, for a person who sets it up. Blocks the calling thread.
#pragma once

#include <string>

#include "app/sems_peer.hpp"
#include "core/result.hpp"

namespace jkp::app {

struct SemsOnce {
    goodwe::Readings readings;
    Duration age{};  // of the data, as far as the portal tells it
};

// Logs in once and asks once; once more only when the session ended in between. The first thing that is wrong
// ends it.
Result<SemsOnce, SemsStatus> read_sems_once(const SemsPeerSettings& settings);

}  // namespace jkp::app
