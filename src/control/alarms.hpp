// SPDX-License-Identifier: MIT
// What 0x359 says: alarms (warnings) when a limiter is at 0 or near it, protections when something has
// acted. The full table stands in docs/safety.md.
#pragma once

#include "control/latches.hpp"
#include "control/limiters.hpp"
#include "core/battery_flag.hpp"

namespace jkp::control {

struct FlagPair {
    BatteryFlags protections;
    BatteryFlags alarms;
    bool operator==(const FlagPair&) const = default;
};

FlagPair pack_flags(const Config& config, std::size_t pack, const Sample& sample, const Thresholds& limits,
                    const PackBounds& bounds, const PackLatches& latches);

// A bank protects only what all its packs protect; the rest becomes a warning.
FlagPair combine(FlagPair bank, FlagPair pack);

}  // namespace jkp::control
