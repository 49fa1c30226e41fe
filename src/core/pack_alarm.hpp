// SPDX-License-Identifier: MIT
// What a BMS complains of, in words of the field and independent of its protocol.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace jkp {

enum class PackAlarm : std::uint8_t {
    low_soc,
    mosfet_over_temperature,
    charge_over_voltage,
    discharge_under_voltage,
    battery_over_temperature,
    charge_over_current,
    discharge_over_current,
    cell_imbalance,
    box_over_temperature,
    battery_under_temperature,
    cell_over_voltage,
    cell_under_voltage,
    afe_fault_a,  // "309_A": the measuring chip
    afe_fault_b,  // "309_B"
};
inline constexpr std::size_t pack_alarm_count = 14;

// The identifier used in JSON and documentation, for example "cell_over_voltage".
std::string_view name(PackAlarm alarm);
// For people, for example "cell over-voltage".
std::string_view words(PackAlarm alarm);

class PackAlarms {
  public:
    constexpr PackAlarms() = default;
    constexpr PackAlarms(std::initializer_list<PackAlarm> alarms) {
        for (const PackAlarm a : alarms) set(a);
    }
    constexpr void set(PackAlarm a) { bits_ = static_cast<std::uint16_t>(bits_ | mask(a)); }
    [[nodiscard]] constexpr bool has(PackAlarm a) const { return (bits_ & mask(a)) != 0; }
    [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
    [[nodiscard]] constexpr std::uint16_t bits() const { return bits_; }
    constexpr bool operator==(const PackAlarms&) const = default;

  private:
    static constexpr std::uint16_t mask(PackAlarm a) {
        return static_cast<std::uint16_t>(1U << static_cast<unsigned>(a));
    }
    std::uint16_t bits_ = 0;
};

}  // namespace jkp
