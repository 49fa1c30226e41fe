// SPDX-License-Identifier: MIT
// From points (field, known current) to the line of meter/field_current.hpp by least squares on up to four
// unknowns: three axes and the zero.
// A rigid mounting moves the field along one line in space. Directions in which the points hardly differ hold
// noise only and would be fitted to it, so only the principal directions of the points that count are used.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "core/result.hpp"
#include "core/units.hpp"
#include "meter/field_current.hpp"
#include "meter/symmetric3.hpp"

namespace jkp::meter {

struct CalibrationPoint {
    Vector3 field;      // counts, averaged over some samples
    Milliamps current;  // + charge, from the inverter or a clamp meter
};

enum class CalibrationError : std::uint8_t {
    too_few,      // fewer than two points
    one_sided,    // not both a charging and a discharging current of at least 1 A
    no_change,    // the field is the same in all points
    no_relation,  // it changes, but not with the current
};
std::string_view name(CalibrationError error);
// What to do about it; a sentence.
std::string_view advice(CalibrationError error);

struct Calibration {
    Vector3 projection{};  // of length 1
    double zero_counts = 0;
    double amps_per_count = 0;  // above 0
    FieldRange range;           // |B| for currents up to `clamp_a` both ways, with a margin
    int unknowns = 0;           // 2 to 4
    double residual_rms_a = 0;  // of the points about the line
    double residual_worst_a = 0;
    double lowest_a = 0;  // the currents it was made with
    double highest_a = 0;
};

inline constexpr Milliamps least_reference{1000};  // on each side of 0

// `clamp_a`: the largest current that is to be measured, in ampere.
Result<Calibration, CalibrationError> calibrate(std::span<const CalibrationPoint> points, double clamp_a);

}  // namespace jkp::meter
