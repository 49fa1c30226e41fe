// SPDX-License-Identifier: MIT
// Work on several threads; the result does not depend on their number.
#pragma once

#include <cstddef>
#include <functional>

namespace jkp::closed_loop {

// Called on the thread of the caller a few times per second, with how many pieces are done.
using Progress = std::function<void(std::size_t done)>;

// Does the pieces 0 .. count - 1, each once, in any order; the next one goes to whoever is free.
void in_parallel(std::size_t count, unsigned jobs, const std::function<void(std::size_t)>& piece,
                 const Progress& progress = {});

}  // namespace jkp::closed_loop
