// SPDX-License-Identifier: MIT
#include "sim/first_power.hpp"

namespace jkp::sim {
namespace {

constexpr double unlimited_w = 1e6;

}  // namespace

PowerRange power_range(const Inverter& inverter, TimePoint now, double volts) {
    const auto limits = inverter.limits_obeyed();
    if (!limits || !inverter.hears_battery(now)) return {};
    if (inverter.spec.ignore_limits) return {-unlimited_w, unlimited_w};
    return {-volts * limits->discharge_current_limit.count() / 1000.0,
            volts * limits->charge_current_limit.count() / 1000.0};
}

}  // namespace jkp::sim
