// SPDX-License-Identifier: MIT
// What a Pylontech low-voltage battery says on CAN, in the project's units.
#pragma once

#include <cstdint>

#include "core/battery_flag.hpp"
#include "core/fixed_text.hpp"
#include "core/units.hpp"

namespace jkp::pylontech {

// The 14 specified bits of 0x359. Protections and alarms (warnings) use the same list, in different bytes.
using Flag = BatteryFlag;
using Flags = BatteryFlags;
inline constexpr std::size_t flag_count = battery_flag_count;
using jkp::name;

struct BatteryReport {
    Millivolts charge_voltage;          // CVL, 0x351
    Milliamps charge_current_limit;     // CCL, never negative
    Milliamps discharge_current_limit;  // DCL, never negative
    Millivolts discharge_voltage;       // DVL
    Permille soc;                       // 0x355
    Permille soh;
    Millivolts voltage;  // 0x356
    Milliamps current;   // + charge
    Decicelsius temperature;
    Flags protections;  // 0x359
    Flags alarms;
    std::uint8_t modules = 1;
    bool charge_enable = false;  // 0x35C
    bool discharge_enable = false;
    bool force_charge_1 = false;  // bit 5
    bool force_charge_2 = false;  // bit 4
    bool full_charge = false;     // bit 3
    bool operator==(const BatteryReport&) const = default;
};

// How an inverter wants the same content.
struct Profile {
    FixedText<8> name = "PYLON";  // 0x35E, padded with spaces
    bool pad_to_8 = false;        // every frame with 8 data bytes
    bool operator==(const Profile&) const = default;
};

}  // namespace jkp::pylontech
