// SPDX-License-Identifier: MIT
// Each BMS alarm: which direction it blocks and how it appears in 0x359. The same table stands in
// docs/safety.md. Source: vendor document, register 8B; directions: project decision.
#pragma once

#include <array>
#include <optional>

#include "core/battery_flag.hpp"
#include "core/pack_alarm.hpp"

namespace jkp::control {

struct AlarmEffect {
    PackAlarm alarm;
    bool blocks_charge;
    bool blocks_discharge;
    std::optional<BatteryFlag> protection;
};

inline constexpr std::array<AlarmEffect, pack_alarm_count> alarm_effects{{
    {PackAlarm::low_soc, false, false, std::nullopt},  // the SOC itself says it
    {PackAlarm::mosfet_over_temperature, true, true, BatteryFlag::over_temperature},
    {PackAlarm::charge_over_voltage, true, false, BatteryFlag::over_voltage},
    {PackAlarm::discharge_under_voltage, false, true, BatteryFlag::under_voltage},
    {PackAlarm::battery_over_temperature, true, true, BatteryFlag::over_temperature},
    {PackAlarm::charge_over_current, true, false, BatteryFlag::charge_over_current},
    {PackAlarm::discharge_over_current, false, true, BatteryFlag::discharge_over_current},
    {PackAlarm::cell_imbalance, false, false, std::nullopt},  // 0x359 has no bit; the cell curves act
    {PackAlarm::box_over_temperature, true, true, BatteryFlag::over_temperature},
    {PackAlarm::battery_under_temperature, true, false, BatteryFlag::under_temperature},
    {PackAlarm::cell_over_voltage, true, false, BatteryFlag::over_voltage},
    {PackAlarm::cell_under_voltage, false, true, BatteryFlag::under_voltage},
    {PackAlarm::afe_fault_a, true, true, BatteryFlag::system_error},
    {PackAlarm::afe_fault_b, true, true, BatteryFlag::system_error},
}};

}  // namespace jkp::control
