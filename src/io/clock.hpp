// SPDX-License-Identifier: MIT
// The one place where the steady clock of the machine becomes the TimePoint of the pure rooms.
#pragma once

#include <chrono>

#include "core/time.hpp"

namespace jkp::io {

inline TimePoint now() {
    const auto since_boot = std::chrono::steady_clock::now().time_since_epoch();
    return TimePoint(std::chrono::duration_cast<Duration>(since_boot));
}

// The same instant for a timer of the event loop.
inline std::chrono::steady_clock::time_point steady(TimePoint at) {
    return std::chrono::steady_clock::time_point(at.time_since_epoch());
}

}  // namespace jkp::io
