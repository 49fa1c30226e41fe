// SPDX-License-Identifier: MIT
#include "sim/second_inverter.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::sim {
namespace {

constexpr double taper_from = 0.95;  // SOC; from here the charge power goes down to 0 at 1
constexpr double seconds_per_hour = 3600.0;

}  // namespace

SecondInverter::SecondInverter(const SecondInverterSpec& s)
    : spec(s), self_use(s.self_use), soc_(s.soc.count() / 1000.0) {}

PowerRange SecondInverter::range(double sun_w) const {
    const double taper = std::clamp((1.0 - soc_) / (1.0 - taper_from), 0.0, 1.0);
    double most_w = spec.max_charge.count() * taper;
    if (!spec.charges_from_ac) most_w = std::min(most_w, sun_w * spec.sun_share.count() / 1000.0);
    const bool empty = soc_ <= spec.empty_at.count() / 1000.0;
    return {empty ? 0.0 : -1.0 * spec.max_discharge.count(), most_w};
}

void SecondInverter::step(double seen_w, double sun_w, double dt_s) {
    const PowerRange may = range(sun_w);
    const double wanted_w = self_use.step(seen_w, dt_s, may);
    battery_w_ = forced_ ? std::clamp<double>(forced_->count(), may.least_w, may.most_w) : wanted_w;
    soc_ = std::clamp(
        soc_ + battery_w_ * dt_s / seconds_per_hour / static_cast<double>(spec.capacity.count()), 0.0, 1.0);
}

double SecondInverter::ac_w() const {
    return ac_side(battery_w_, spec.efficiency);
}

// A little resistance, so that the voltage says which way the current flows.
double SecondInverter::volts() const {
    const double rest = spec.nominal_voltage.count() / 1000.0 * (0.98 + 0.06 * soc_);
    return rest + 0.01 * battery_w_ / rest;
}

PeerReading SecondInverter::reading() const {
    const auto whole = [](double value) { return static_cast<std::int32_t>(std::lround(value)); };
    return {.current = Milliamps(whole(battery_w_ / volts() * 1000.0)),
            .power = Watts(whole(battery_w_)),
            .voltage = Millivolts(whole(volts() * 1000.0)),
            .soc = Permille(whole(soc_ * 1000.0))};
}

}  // namespace jkp::sim
