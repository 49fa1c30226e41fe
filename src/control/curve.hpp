// SPDX-License-Identifier: MIT
// Limits as a function of a measured value: piecewise linear shares of a maximum, or steps in amperes.
#pragma once

#include <cstdint>
#include <variant>

#include "core/fixed_vector.hpp"
#include "core/units.hpp"

namespace jkp::control {

inline constexpr std::size_t max_curve_points = 12;

// x: mV for cell curves, 0.1 degree C for temperature curves. Ascending in x.
struct CurvePoint {
    std::int32_t x = 0;
    Permille share;  // of the configured maximum
    bool operator==(const CurvePoint&) const = default;
};

// Linear between the points, constant outside of them.
struct LinearCurve {
    FixedVector<CurvePoint, max_curve_points> points;
    bool operator==(const LinearCurve&) const = default;
};

// At or above x the limit of this step, until the next step.
struct Step {
    std::int32_t x = 0;
    Milliamps limit;
    bool operator==(const Step&) const = default;
};

struct StepCurve {
    Milliamps below;  // under the first step
    FixedVector<Step, max_curve_points> steps;
    bool operator==(const StepCurve&) const = default;
};

using Curve = std::variant<LinearCurve, StepCurve>;

// The limit at x, never above maximum and never negative. Rounds down.
Milliamps evaluate(const Curve& curve, std::int32_t x, Milliamps maximum);

}  // namespace jkp::control
