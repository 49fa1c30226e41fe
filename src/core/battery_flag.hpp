// SPDX-License-Identifier: MIT
// What a battery tells an inverter when something is wrong: the 14 bits of Pylontech's 0x359, as words.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

namespace jkp {

// The same list serves protections (the battery has acted) and alarms (a warning). system_error exists
// only as a protection, internal_communication only as an alarm.
enum class BatteryFlag : std::uint8_t {
    over_voltage,
    under_voltage,
    over_temperature,
    under_temperature,
    discharge_over_current,
    charge_over_current,
    system_error,
    internal_communication,
};
inline constexpr std::size_t battery_flag_count = 8;

// "over_voltage", ... as used in JSON.
std::string_view name(BatteryFlag flag);

class BatteryFlags {
  public:
    constexpr BatteryFlags() = default;
    constexpr BatteryFlags(std::initializer_list<BatteryFlag> flags) {
        for (const BatteryFlag f : flags) set(f);
    }
    constexpr void set(BatteryFlag f) { bits_ = static_cast<std::uint8_t>(bits_ | mask(f)); }
    [[nodiscard]] constexpr bool has(BatteryFlag f) const { return (bits_ & mask(f)) != 0; }
    [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
    constexpr BatteryFlags& operator|=(BatteryFlags other) {
        bits_ = static_cast<std::uint8_t>(bits_ | other.bits_);
        return *this;
    }
    constexpr BatteryFlags& operator&=(BatteryFlags other) {
        bits_ = static_cast<std::uint8_t>(bits_ & other.bits_);
        return *this;
    }
    constexpr bool operator==(const BatteryFlags&) const = default;

  private:
    static constexpr std::uint8_t mask(BatteryFlag f) {
        return static_cast<std::uint8_t>(1U << static_cast<unsigned>(f));
    }
    std::uint8_t bits_ = 0;
};

}  // namespace jkp
