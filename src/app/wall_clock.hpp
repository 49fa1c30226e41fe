// SPDX-License-Identifier: MIT
// The clock on the wall, read in this one place: to bridge a restart, for the season, and to date what is
// recorded. A clock before 2024 has not been set yet and is not believed. Any thread.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace jkp::app {

std::optional<WallTime> wall_time();
// 1..12 in the time zone of this machine.
std::optional<std::uint8_t> local_month();

}  // namespace jkp::app
