// SPDX-License-Identifier: MIT
// Two inverters that chase each other, left alone and with our coordination, as one picture.
#pragma once

#include <cstdint>
#include <string>

namespace jkp::closed_loop {

// Returns the exit code: 2 when the file cannot be written.
int plot_fight(std::uint64_t seed, const std::string& file);

}  // namespace jkp::closed_loop
