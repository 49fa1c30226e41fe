// SPDX-License-Identifier: MIT
// The part of the capacity that the owner wants to use, by season.
#pragma once

#include "control/config.hpp"

namespace jkp::control {

// The range of this month (1..12). Without a believable date the narrower border of both seasons holds.
SocRange soc_range(const SocWindow& window, std::optional<std::uint8_t> month);

// The share of the maximum that may flow at this SOC; 1 inside of the range, falling to 0 at its borders.
Permille charge_share_at(const SocWindow& window, const SocRange& range, Permille soc);
Permille discharge_share_at(const SocWindow& window, const SocRange& range, Permille soc);

}  // namespace jkp::control
