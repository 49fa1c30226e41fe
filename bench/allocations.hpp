// SPDX-License-Identifier: MIT
// Counts every allocation of this program.
#pragma once

#include <cstdint>

namespace jkp::bench {

// Calls of operator new so far.
std::uint64_t allocations();

}  // namespace jkp::bench
