// SPDX-License-Identifier: MIT
#include "core/battery_flag.hpp"

#include "core/ensure.hpp"

namespace jkp {

std::string_view name(BatteryFlag flag) {
    switch (flag) {
        case BatteryFlag::over_voltage: return "over_voltage";
        case BatteryFlag::under_voltage: return "under_voltage";
        case BatteryFlag::over_temperature: return "over_temperature";
        case BatteryFlag::under_temperature: return "under_temperature";
        case BatteryFlag::discharge_over_current: return "discharge_over_current";
        case BatteryFlag::charge_over_current: return "charge_over_current";
        case BatteryFlag::system_error: return "system_error";
        case BatteryFlag::internal_communication: return "internal_communication";
    }
    broken("a BatteryFlag of the list", std::source_location::current());
}

}  // namespace jkp
