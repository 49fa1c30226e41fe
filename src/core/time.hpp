// SPDX-License-Identifier: MIT
// Time is an argument. The pure rooms see a monotonic TimePoint that the shell reads once per turn of
// its loop, and, only where a restart is bridged, a wall-clock time in seconds.
#pragma once

#include <chrono>
#include <cstdint>

namespace jkp {

// A clock without now(): pure code can name instants but cannot read them.
struct Monotonic {
    using duration = std::chrono::microseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<Monotonic>;
    static constexpr bool is_steady = true;
};

using Duration = Monotonic::duration;
using TimePoint = Monotonic::time_point;

// Seconds since 1970-01-01 UTC, as the system believes; may step in both directions.
struct WallTime {
    std::int64_t seconds = 0;
    constexpr auto operator<=>(const WallTime&) const = default;
};

constexpr std::int64_t milliseconds(Duration d) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(d).count();
}

}  // namespace jkp
