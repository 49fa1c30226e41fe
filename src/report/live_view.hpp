// SPDX-License-Identifier: MIT
// A snapshot as text for a terminal: the live view of the demo.
#pragma once

#include <string>

#include "control/config.hpp"
#include "report/snapshot.hpp"

namespace jkp::report {

// Several lines, without colours; the caller clears the screen.
std::string live_view(const Snapshot& snapshot, const control::Config& config, double frames_per_second);

// One line.
std::string live_line(const Snapshot& snapshot, const control::Config& config, double frames_per_second);

}  // namespace jkp::report
