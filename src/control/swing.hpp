// SPDX-License-Identifier: MIT
// Finds an oscillation in the power at the meter, by time and not by samples: alternate crossings of a band
// about the middle of the swing, half-waves of like length. Memoryless; oscillation.hpp keeps the samples.
#pragma once

#include <optional>
#include <span>

#include "control/coordination_settings.hpp"
#include "core/fixed_vector.hpp"

namespace jkp::control {

struct SwingSample {
    TimePoint at{};
    Watts grid;     // + export
    Milliamps own;  // of our battery, + charge
    bool operator==(const SwingSample&) const = default;
};

inline constexpr std::size_t most_samples = 768;
using SwingSamples = FixedVector<SwingSample, most_samples>;

struct Swing {
    Duration period{};
    Watts swing;         // between both sides
    Watts own;           // the same of our battery, at its voltage
    Milliamps peak;      // of our current, within the last two periods
    int half_waves = 0;  // alike, up to now
    bool ours = false;   // our battery swings along; otherwise somebody else's load
    bool operator==(const Swing&) const = default;
};

// `samples`: those of the last `window`, oldest first. Only periods of which the window holds 2.5 are found.
// `voltage`: of our battery.
std::optional<Swing> find_swing(const OscillationSettings& settings, std::span<const SwingSample> samples,
                                Duration window, Millivolts voltage);

}  // namespace jkp::control
