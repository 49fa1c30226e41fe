// SPDX-License-Identifier: MIT
// Stage B: what one sample of one pack allows, limiter by limiter. Memoryless; adding a limiter means
// adding one line to each list here.
#pragma once

#include "control/bound.hpp"
#include "control/config.hpp"
#include "control/sample.hpp"
#include "control/thresholds.hpp"

namespace jkp::control {

inline constexpr std::size_t sample_limiters = 11;  // the first Rules, in their order

template <Direction D>
using SampleBounds = std::array<Bound<D>, sample_limiters>;

// Reasons carry age 0; the caller ages them.
struct PackBounds {
    SampleBounds<Direction::charge> charge;
    SampleBounds<Direction::discharge> discharge;
    bool operator==(const PackBounds&) const = default;
};

// `low_cell_floor`: what a released recovery allows although the by-lowest-cell curve says less; 0 = none.
PackBounds limiters(const Config& config, std::size_t pack, const Sample& sample, const Thresholds& limits,
                    Milliamps low_cell_floor);

}  // namespace jkp::control
