// SPDX-License-Identifier: MIT
// From the field beside a cable to the current in it: a straight line along one direction in space.
//     counts  = projection . field
//     current = amps_per_count * (counts - zero_counts), turned round when `reversed`
// Sign of the current: + charges the battery. docs/sensor.md tells an owner how the figures come about.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.hpp"
#include "core/units.hpp"
#include "meter/magnetometer.hpp"

namespace jkp::meter {

// Above a threshold of one axis the current counts as fixed: for mountings where the line bends.
struct Saturation {
    std::size_t axis = 0;       // 0, 1, 2 = x, y, z
    std::int32_t above = 0;     // counts
    double amps = 0;            // its size
    std::size_t sign_axis = 0;  // + when this axis is above 0, else -
    bool operator==(const Saturation&) const = default;
};

// |B| in counts as far as the current alone can move it.
struct FieldRange {
    double lowest = 0;
    double highest = 0;
    bool operator==(const FieldRange&) const = default;
};

struct FieldModel {
    std::array<double, axes> projection{};
    double zero_counts = 0;
    double amps_per_count = 0;  // above 0
    bool reversed = false;
    double clamp_a = 120;    // a larger current is told as this much
    double dead_band_a = 0;  // a smaller current is told as 0
    std::optional<Saturation> saturation;
    std::optional<FieldRange> range;
    bool operator==(const FieldModel&) const = default;
};

// The line of the earlier program for its own mounting, an HMC5883L at gain step 1: 40/669 A per count of y,
// 0 A at y = -669, and +-48 A by the sign of z where y is above -300.
FieldModel original_model();

enum class CurrentError : std::uint8_t {
    overflow,      // an axis that is needed is beyond the range of the chip
    out_of_range,  // |B| is not what a current through this cable can make of it
};
std::string_view name(CurrentError error);

// In ampere, clamped, without the dead band. Never 0 for lack of a better value.
Result<double, CurrentError> field_current(const FieldModel& model, const Field& field);

// The dead band, and ampere to milliampere.
Milliamps reported(const FieldModel& model, double amps);

}  // namespace jkp::meter
