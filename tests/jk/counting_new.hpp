// SPDX-License-Identifier: MIT
// The operators new of this test program count.
#pragma once

#include <cstddef>

namespace jkp {

std::size_t allocations();

}  // namespace jkp
