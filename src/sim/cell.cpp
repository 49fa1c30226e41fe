// SPDX-License-Identifier: MIT
#include "sim/cell.hpp"

#include <cmath>

#include "sim/lfp.hpp"

namespace jkp::sim {
namespace {

constexpr double series_ohms = 0.6e-3;
constexpr double fast_ohms = 0.6e-3;
constexpr double slow_ohms = 0.8e-3;
constexpr double fast_s = 30.0;
constexpr double slow_s = 600.0;

// Exact for a constant current, so that the length of a step does not matter.
double polarised(double volts, double target, double left) {
    return target + (volts - target) * left;
}

}  // namespace

Decay decay(double dt_s) {
    return {std::exp(-dt_s / fast_s), std::exp(-dt_s / slow_s)};
}

Cell::Cell(const CellSpec& spec)
    : capacity_ah_(spec.capacity_ah),
      scale_(spec.resistance * 100.0 / spec.capacity_ah),
      ohms_(series_ohms * scale_),
      soc_(spec.soc),
      resting_v_(resting_voltage(spec.soc)) {}

void Cell::step(double dt_s, double amps, const Decay& left) {
    amps_ = amps;
    fast_v_ = polarised(fast_v_, amps * fast_ohms * scale_, left.fast);
    slow_v_ = polarised(slow_v_, amps * slow_ohms * scale_, left.slow);
    move_charge(amps * dt_s);
}

void Cell::move_charge(double amp_seconds) {
    soc_ += amp_seconds / 3600.0 / capacity_ah_;
    resting_v_ = resting_voltage(soc_);
}

}  // namespace jkp::sim
