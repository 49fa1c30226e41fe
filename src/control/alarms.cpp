// SPDX-License-Identifier: MIT
#include "control/alarms.hpp"

#include "control/bms_alarms.hpp"

namespace jkp::control {
namespace {

constexpr Millivolts routine_from{3400};  // a BMS over-voltage alarm at the top of a charge is routine
constexpr Decicelsius hot_from{250};      // a limiting temperature above this is "too hot", below "too cold"

template <Direction D>
const Bound<D>& bound_of(const SampleBounds<D>& bounds, Rule rule) {
    return bounds[static_cast<std::size_t>(rule)];
}

template <Direction D>
bool near_zero(const Config& config, const SampleBounds<D>& bounds, Rule rule, Milliamps maximum) {
    // A maximum of 0 makes every bound 0; that is the user's wish and warns of nothing.
    return maximum > Milliamps(0) &&
           bound_of(bounds, rule).value() <= scaled(maximum, config.alarms.near_zero);
}

template <Direction D>
void temperature_alarm(const Config& config, const SampleBounds<D>& bounds, Milliamps maximum,
                       BatteryFlags& alarms) {
    if (!near_zero(config, bounds, Rule::battery_temperature, maximum)) return;
    const bool hot = Decicelsius(bound_of(bounds, Rule::battery_temperature).reason().value) > hot_from;
    alarms.set(hot ? BatteryFlag::over_temperature : BatteryFlag::under_temperature);
}

// system_error has no warning bit of its own; internal communication is its counterpart.
BatteryFlag warning_of(BatteryFlag protection) {
    return protection == BatteryFlag::system_error ? BatteryFlag::internal_communication : protection;
}

// From the hard stop on, latch_flags protects.
bool routine(const Sample& sample, const Thresholds& limits, PackAlarm alarm) {
    const bool over_voltage =
        alarm == PackAlarm::charge_over_voltage || alarm == PackAlarm::cell_over_voltage;
    return over_voltage && sample.highest.voltage >= routine_from - limits.lowered_by;
}

void bms_flags(const Sample& sample, const Thresholds& limits, FlagPair& flags) {
    for (const AlarmEffect& effect : alarm_effects) {
        if (!effect.protection || !sample.reading.alarms.has(effect.alarm)) continue;
        flags.alarms.set(warning_of(*effect.protection));
        if (!routine(sample, limits, effect.alarm)) flags.protections.set(*effect.protection);
    }
}

void latch_flags(const Sample& sample, const Thresholds& limits, const PackLatches& latches,
                 FlagPair& flags) {
    if (sample.highest.voltage >= limits.hard_stop || latches.hard_stop || latches.high != HighFault::none) {
        flags.protections.set(BatteryFlag::over_voltage);
        flags.alarms.set(BatteryFlag::over_voltage);
    }
    if (latches.low) flags.protections.set(BatteryFlag::under_voltage);
    if (latches.low || latches.lockout) flags.alarms.set(BatteryFlag::under_voltage);
}

void current_alarms(const Sample& sample, const PackBounds& bounds, BatteryFlags& alarms) {
    const Milliamps current = sample.reading.current;
    if (current > bound_of(bounds.charge, Rule::bms_over_current).value()) {
        alarms.set(BatteryFlag::charge_over_current);
    }
    if (-current > bound_of(bounds.discharge, Rule::bms_over_current).value()) {
        alarms.set(BatteryFlag::discharge_over_current);
    }
}

}  // namespace

FlagPair pack_flags(const Config& config, std::size_t pack, const Sample& sample, const Thresholds& limits,
                    const PackBounds& bounds, const PackLatches& latches) {
    const PackConfig& settings = config.packs[pack];
    FlagPair flags;
    if (near_zero(config, bounds.charge, Rule::cell_high_curve, settings.max_charge)) {
        flags.alarms.set(BatteryFlag::over_voltage);
    }
    if (near_zero(config, bounds.discharge, Rule::cell_low_curve, settings.max_discharge)) {
        flags.alarms.set(BatteryFlag::under_voltage);
    }
    temperature_alarm(config, bounds.charge, settings.max_charge, flags.alarms);
    temperature_alarm(config, bounds.discharge, settings.max_discharge, flags.alarms);
    if (near_zero(config, bounds.charge, Rule::mosfet_temperature, settings.max_charge) ||
        near_zero(config, bounds.discharge, Rule::mosfet_temperature, settings.max_discharge)) {
        flags.alarms.set(BatteryFlag::over_temperature);
    }
    current_alarms(sample, bounds, flags.alarms);
    latch_flags(sample, limits, latches, flags);
    bms_flags(sample, limits, flags);
    return flags;
}

FlagPair combine(FlagPair bank, FlagPair pack) {
    bank.alarms |= pack.alarms;
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        const auto flag = static_cast<BatteryFlag>(i);
        if (bank.protections.has(flag) || pack.protections.has(flag)) bank.alarms.set(warning_of(flag));
    }
    bank.protections &= pack.protections;
    return bank;
}

}  // namespace jkp::control
