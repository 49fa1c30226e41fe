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

// What is known of the pack besides its sample.
struct PackKnowledge {
    Thresholds limits;
    Milliamps low_cell_floor{0};  // what a released recovery allows although the curve says less; 0 = none
    SocRange soc_range;           // of this season
    std::optional<std::int32_t> rhat_micro_ohm;  // over-estimated resistance of a cell path, once learned
};

PackBounds limiters(const Config& config, std::size_t pack, const Sample& sample,
                    const PackKnowledge& knowledge);

}  // namespace jkp::control
