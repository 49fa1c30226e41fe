// SPDX-License-Identifier: MIT
// Curves as they are written in TOML: [[3.38, 1.0], [3.5, 0.0]] or { below_a = 60, steps_a = [[3.45, 30]] }.
#pragma once

#include <string>

#include "config/document.hpp"
#include "config/fields.hpp"
#include "core/result.hpp"

namespace jkp::config {

struct CurveRange {
    Unit x;
    double minimum;
    double maximum;
    bool steps_allowed;
};

// The error is a sentence about what is allowed.
Result<control::Curve, std::string> read_curve(const Node& node, const CurveRange& range);

// As it would be written in TOML.
std::string curve_text(const control::Curve& curve, Unit x);

}  // namespace jkp::config
