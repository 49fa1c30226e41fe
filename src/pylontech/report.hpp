// SPDX-License-Identifier: MIT
// What a Pylontech low-voltage battery says on CAN, in the project's units.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "core/fixed_text.hpp"
#include "core/units.hpp"

namespace jkp::pylontech {

// The 14 specified bits of 0x359; `protection` and `alarm` (warning) use the same list, in different
// bytes. system_error exists only as a protection, internal_communication only as an alarm.
enum class Flag : std::uint8_t {
    over_voltage,
    under_voltage,
    over_temperature,
    under_temperature,
    discharge_over_current,
    charge_over_current,
    system_error,            // protection byte 1 bit 3
    internal_communication,  // alarm byte 3 bit 3
};
inline constexpr std::size_t flag_count = 8;
// "over_voltage", ... as used in JSON.
std::string_view name(Flag flag);

class Flags {
  public:
    constexpr Flags() = default;
    constexpr Flags(std::initializer_list<Flag> flags) {
        for (const Flag f : flags)
            set(f);
    }
    constexpr void set(Flag f) {
        bits_ = static_cast<std::uint8_t>(bits_ | (1U << static_cast<unsigned>(f)));
    }
    [[nodiscard]] constexpr bool has(Flag f) const { return ((bits_ >> static_cast<unsigned>(f)) & 1U) != 0; }
    [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
    constexpr bool operator==(const Flags&) const = default;

  private:
    std::uint8_t bits_ = 0;
};

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
