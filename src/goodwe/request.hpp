// SPDX-License-Identifier: MIT
// The questions a gateway asks. They only read: nothing here can write to an inverter.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace jkp::goodwe {

// What is asked, in either family.
enum class Question : std::uint8_t {
    es_device_info,
    es_running,
    et_device_info,  // 35000, 33 registers
    et_running,      // 35100, 125 registers
    et_meter,        // 36000, 45 registers
    et_battery,      // 37000, 24 registers: SOC
};
inline constexpr std::size_t question_count = 6;

// Registers of an et question.
struct RegisterBlock {
    std::uint16_t first = 0;
    std::uint16_t count = 0;
    [[nodiscard]] constexpr std::size_t bytes() const { return std::size_t{2} * count; }
    constexpr bool operator==(const RegisterBlock&) const = default;
};
inline constexpr RegisterBlock et_device_info_block{35000, 33};
inline constexpr RegisterBlock et_running_block{35100, 125};
inline constexpr RegisterBlock et_meter_block{36000, 45};
inline constexpr RegisterBlock et_battery_block{37000, 24};
// Precondition: a question of the et family.
RegisterBlock registers_of(Question question);

// The datagram that asks: AA 55 C0 7F ... or F7 03 first count CRC.
std::vector<std::uint8_t> request(Question question);
// F7 03 first(2) count(2) CRC(2, low byte first)
std::vector<std::uint8_t> modbus_request(RegisterBlock block);

}  // namespace jkp::goodwe
