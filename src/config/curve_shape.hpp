// SPDX-License-Identifier: MIT
// Questions about the shape of a curve: where it is 0, whether it only falls, how steep it is.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "control/curve.hpp"

namespace jkp::config {

// x as in the curve (mV or 0.1 degree C), y in permille of the maximum or in mA.
struct Corner {
    double x;
    double y;
};

// In ascending x; a step curve begins with what holds below its first step, at minus infinity.
using Corners = std::vector<Corner>;
Corners corners(const control::Curve& curve);

enum class Direction : std::uint8_t { falling, rising };
bool is_monotone(const Corners& list, Direction direction);
// Rises up to somewhere and falls from there; either part may be missing.
bool has_one_summit(const Corners& list);

// Where a curve reaches 0 and stays there; nothing when it never does.
std::optional<double> zero_from(const Corners& list);
// Up to where a curve is 0: for steps the x at which the first current is allowed.
std::optional<double> zero_until(const control::Curve& curve);

// The most the curve ever allows, of this maximum.
Milliamps peak(const control::Curve& curve, Milliamps maximum);

double value_at(const control::LinearCurve& curve, double x);

// Share of the maximum per volt.
double steepest_slope(const control::LinearCurve& curve);

}  // namespace jkp::config
