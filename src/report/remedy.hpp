// SPDX-License-Identifier: MIT
// The other half of an explanation: what would have to change for a limit to be higher.
#pragma once

#include <string>

#include "control/decision.hpp"
#include "report/snapshot.hpp"

namespace jkp::report {

// "no limit once the cell is below 3.380 V". `packs` as configured; one that is missing counts as unknown.
template <control::Direction D>
std::string remedy(const control::Bound<D>& bound, const control::Rise& rise,
                   const std::vector<PackSnapshot>& packs, const control::Config& config);

// Where along x a curve begins to allow more than it does at x.
struct Border {
    std::int32_t x = 0;
    bool below = false;  // the better side is below x, else at or above it
    bool operator==(const Border&) const = default;
};
// The nearest stretch where the curve takes nothing away; absent when x lies in it.
std::optional<Border> free_border(const control::Curve& curve, std::int32_t x);
// The nearest stretch where it allows more than 0; absent when x lies in it.
std::optional<Border> open_border(const control::Curve& curve, std::int32_t x);

}  // namespace jkp::report
