// SPDX-License-Identifier: MIT
// Which frames of the bus concern a Pylontech battery: what inverters say (0x300-0x30F, and 0x305 with 29
// bits), and what a battery says (0x350-0x35F): our own echo or a foreign battery.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "core/can_frame.hpp"

namespace jkp::io {

struct CanFilter {
    std::uint32_t id;
    std::uint32_t mask;
    bool extended;
};

inline constexpr std::array<CanFilter, 3> can_filters{{
    {0x300, 0x7F0, false},
    {0x305, 0x1FFFFFFF, true},
    {0x350, 0x7F0, false},
}};

inline bool concerns_us(const CanFrame& frame) {
    return std::any_of(can_filters.begin(), can_filters.end(), [&](const CanFilter& filter) {
        return frame.extended == filter.extended && (frame.id & filter.mask) == filter.id;
    });
}

}  // namespace jkp::io
