// SPDX-License-Identifier: MIT
// The clock on the wall, read in this one place: to bridge a restart, for the season, and to date what is
// recorded. A clock before 2024 has not been set yet and is not believed. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace jkp::app {

std::optional<WallTime> wall_time();
// Names the run of the machine since it was switched on, for which the steady clock goes on over a restart of
// the program; empty when the kernel does not tell.
std::string boot_id();
// 1..12 in the time zone of this machine.
std::optional<std::uint8_t> local_month();

}  // namespace jkp::app
