// SPDX-License-Identifier: MIT
#include "sim/self_use.hpp"

#include <algorithm>
#include <cmath>

#include "core/ensure.hpp"

namespace jkp::sim {

double SelfUse::step(double seen_w, double dt_s, const PowerRange& range) {
    const double error_w = seen_w + spec.meter_error.count();
    const double most_w = spec.slew_per_second.count() * dt_s;
    if (std::abs(error_w) > spec.dead_band.count()) {
        wanted_w_ += std::clamp(error_w * spec.gain_per_s * dt_s, -most_w, most_w);
    }
    return wanted_w_ = std::clamp(wanted_w_, range.least_w, range.most_w);
}

double GridTrace::ago(Duration time) const {
    const auto back = static_cast<std::size_t>(time / step);
    ensure(back < length, "the trace is long enough for the delay");
    return values_[(newest_ - back) % length];
}

}  // namespace jkp::sim
