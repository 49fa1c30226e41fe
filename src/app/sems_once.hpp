// SPDX-License-Identifier: MIT
// One reading through the SEMS portal, for a person who sets it up. Blocks the calling thread.
#pragma once

#include <optional>
#include <string>

#include "app/sems_peer.hpp"
#include "core/result.hpp"

namespace jkp::app {

struct SemsOnce {
    goodwe::Readings readings;
    std::optional<Duration> age;  // of the data; absent: one answer does not tell it
};

// Logs in once and asks once; once more only when the session ended in between. The first thing that is wrong
// ends it.
Result<SemsOnce, SemsStatus> read_sems_once(const SemsPeerSettings& settings);

}  // namespace jkp::app
