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
double polarised(double volts, double target, double dt_s, double time_constant_s) {
    return target + (volts - target) * std::exp(-dt_s / time_constant_s);
}

double scale(const CellSpec& spec) {
    return spec.resistance * 100.0 / spec.capacity_ah;
}

}  // namespace

void Cell::step(double dt_s, double amps) {
    amps_ = amps;
    soc_ += amps * dt_s / 3600.0 / spec_.capacity_ah;
    fast_v_ = polarised(fast_v_, amps * fast_ohms * scale(spec_), dt_s, fast_s);
    slow_v_ = polarised(slow_v_, amps * slow_ohms * scale(spec_), dt_s, slow_s);
}

double Cell::ohms() const {
    return series_ohms * scale(spec_);
}

double Cell::volts() const {
    return resting_voltage(soc_) + amps_ * ohms() + fast_v_ + slow_v_;
}

}  // namespace jkp::sim
