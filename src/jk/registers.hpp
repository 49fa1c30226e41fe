// SPDX-License-Identifier: MIT
// Every register of the 4E57 protocol. The information unit of a reply is a row of them without lengths:
// one id byte, then a value whose width is fixed by the id; only 79 begins with a length byte.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/pack_alarm.hpp"

namespace jkp::jk {

enum class Kind : std::uint8_t {
    cells,    // length byte L = 3n, then n times (cell number, u16 mV)
    integer,  // unsigned
    signed_integer,
    temperature,  // 0..99 C, 100..150 = 0..-50 C
    current,      // two rules, chosen by C0
    bits,
    text,
    secret  // a password: skipped, never read
};

struct Register {
    std::uint8_t id;
    std::uint8_t width;  // bytes behind the id; of 79 only the length byte
    Kind kind;
    bool in_replies;  // false: can only be written
    std::string_view unit;
    std::string_view name;
};

namespace reg {
inline constexpr std::uint8_t cells = 0x79;
inline constexpr std::uint8_t mosfet_temperature = 0x80;
inline constexpr std::uint8_t temperature_1 = 0x81;
inline constexpr std::uint8_t temperature_2 = 0x82;
inline constexpr std::uint8_t voltage = 0x83;
inline constexpr std::uint8_t current = 0x84;
inline constexpr std::uint8_t soc = 0x85;
inline constexpr std::uint8_t cycles = 0x87;
inline constexpr std::uint8_t strings = 0x8A;
inline constexpr std::uint8_t alarms = 0x8B;
inline constexpr std::uint8_t status = 0x8C;
inline constexpr std::uint8_t pack_over_voltage = 0x8E;
inline constexpr std::uint8_t pack_under_voltage = 0x8F;
inline constexpr std::uint8_t cell_over_voltage = 0x90;
inline constexpr std::uint8_t cell_under_voltage = 0x93;
inline constexpr std::uint8_t discharge_over_current = 0x97;
inline constexpr std::uint8_t charge_over_current = 0x99;
inline constexpr std::uint8_t strings_setting = 0xA9;
inline constexpr std::uint8_t capacity_setting = 0xAA;
inline constexpr std::uint8_t firmware = 0xB7;
inline constexpr std::uint8_t calibrating = 0xB8;  // the first register that the oldest firmware lacks
inline constexpr std::uint8_t capacity = 0xB9;
inline constexpr std::uint8_t protocol_version = 0xC0;
}  // namespace reg

inline constexpr std::array<Register, 64> registers{{
    {0x79, 1, Kind::cells, true, "mV", "cell voltages"},
    {0x80, 2, Kind::temperature, true, "C", "MOSFET temperature"},
    {0x81, 2, Kind::temperature, true, "C", "temperature 1 (box)"},
    {0x82, 2, Kind::temperature, true, "C", "temperature 2 (battery)"},
    {0x83, 2, Kind::integer, true, "10 mV", "pack voltage"},
    {0x84, 2, Kind::current, true, "10 mA", "current"},
    {0x85, 1, Kind::integer, true, "%", "state of charge"},
    {0x86, 1, Kind::integer, true, "", "number of temperature sensors"},
    {0x87, 2, Kind::integer, true, "", "cycles"},
    {0x89, 4, Kind::integer, true, "Ah", "total cycled capacity"},
    {0x8A, 2, Kind::integer, true, "", "strings in use"},
    {0x8B, 2, Kind::bits, true, "", "alarms"},
    {0x8C, 2, Kind::bits, true, "", "status"},
    {0x8E, 2, Kind::integer, true, "10 mV", "pack over-voltage protection"},
    {0x8F, 2, Kind::integer, true, "10 mV", "pack under-voltage protection"},
    {0x90, 2, Kind::integer, true, "mV", "cell over-voltage protection"},
    {0x91, 2, Kind::integer, true, "mV", "cell over-voltage recovery"},
    {0x92, 2, Kind::integer, true, "s", "cell over-voltage delay"},
    {0x93, 2, Kind::integer, true, "mV", "cell under-voltage protection"},
    {0x94, 2, Kind::integer, true, "mV", "cell under-voltage recovery"},
    {0x95, 2, Kind::integer, true, "s", "cell under-voltage delay"},
    {0x96, 2, Kind::integer, true, "mV", "cell difference protection"},
    {0x97, 2, Kind::integer, true, "A", "discharge over-current protection"},
    {0x98, 2, Kind::integer, true, "s", "discharge over-current delay"},
    {0x99, 2, Kind::integer, true, "A", "charge over-current protection"},
    {0x9A, 2, Kind::integer, true, "s", "charge over-current delay"},
    {0x9B, 2, Kind::integer, true, "mV", "balance start voltage"},
    {0x9C, 2, Kind::integer, true, "mV", "balance start difference"},
    {0x9D, 1, Kind::integer, true, "", "balancer switch"},
    {0x9E, 2, Kind::integer, true, "C", "MOSFET over-temperature protection"},
    {0x9F, 2, Kind::integer, true, "C", "MOSFET over-temperature recovery"},
    {0xA0, 2, Kind::integer, true, "C", "box over-temperature protection"},
    {0xA1, 2, Kind::integer, true, "C", "box over-temperature recovery"},
    {0xA2, 2, Kind::integer, true, "C", "temperature difference protection"},
    {0xA3, 2, Kind::integer, true, "C", "charge over-temperature protection"},
    {0xA4, 2, Kind::integer, true, "C", "discharge over-temperature protection"},
    {0xA5, 2, Kind::signed_integer, true, "C", "charge under-temperature protection"},
    {0xA6, 2, Kind::signed_integer, true, "C", "charge under-temperature recovery"},
    {0xA7, 2, Kind::signed_integer, true, "C", "discharge under-temperature protection"},
    {0xA8, 2, Kind::signed_integer, true, "C", "discharge under-temperature recovery"},
    {0xA9, 1, Kind::integer, true, "", "strings setting"},
    {0xAA, 4, Kind::integer, true, "Ah", "capacity setting"},
    {0xAB, 1, Kind::integer, true, "", "charge switch of the user"},
    {0xAC, 1, Kind::integer, true, "", "discharge switch of the user"},
    {0xAD, 2, Kind::integer, true, "mA", "current calibration"},
    {0xAE, 1, Kind::integer, true, "", "board address"},
    {0xAF, 1, Kind::integer, true, "", "chemistry"},
    {0xB0, 2, Kind::integer, true, "s", "sleep waiting time"},
    {0xB1, 1, Kind::integer, true, "%", "low capacity alarm"},
    {0xB2, 10, Kind::secret, true, "", "password"},
    {0xB3, 1, Kind::integer, true, "", "dedicated charger switch"},
    {0xB4, 8, Kind::text, true, "", "device id"},
    {0xB5, 4, Kind::text, true, "", "manufacturing date"},
    {0xB6, 4, Kind::integer, true, "min", "run time"},
    {0xB7, 15, Kind::text, true, "", "firmware"},
    {0xB8, 1, Kind::integer, true, "", "current calibration running"},
    {0xB9, 4, Kind::integer, true, "Ah", "measured capacity"},
    {0xBA, 24, Kind::text, true, "", "manufacturer id"},
    {0xBB, 1, Kind::integer, false, "", "restart"},
    {0xBC, 1, Kind::integer, false, "", "factory reset"},
    {0xBD, 1, Kind::integer, false, "", "remote upgrade"},
    {0xBE, 2, Kind::integer, false, "mV", "supply off voltage"},
    {0xBF, 2, Kind::integer, false, "mV", "supply on voltage"},
    {0xC0, 1, Kind::integer, true, "", "protocol version"},
}};

// Bits 0..13 of register 8B; 14 and 15 are reserved.
inline constexpr std::array<PackAlarm, pack_alarm_count> alarm_of_bit{
    PackAlarm::low_soc,
    PackAlarm::mosfet_over_temperature,
    PackAlarm::charge_over_voltage,
    PackAlarm::discharge_under_voltage,
    PackAlarm::battery_over_temperature,
    PackAlarm::charge_over_current,
    PackAlarm::discharge_over_current,
    PackAlarm::cell_imbalance,
    PackAlarm::box_over_temperature,
    PackAlarm::battery_under_temperature,
    PackAlarm::cell_over_voltage,
    PackAlarm::cell_under_voltage,
    PackAlarm::afe_fault_a,
    PackAlarm::afe_fault_b,
};

inline constexpr std::uint8_t first_register = 0x79;
inline constexpr std::uint8_t last_register = 0xC0;

// nullptr = not in the table.
constexpr const Register* find_register(std::uint8_t id) {
    constexpr auto index = [] {
        std::array<std::uint8_t, 256> rows{};
        rows.fill(0xFF);
        for (std::size_t i = 0; i < registers.size(); ++i)
            rows[registers[i].id] = static_cast<std::uint8_t>(i);
        return rows;
    }();
    return index[id] == 0xFF ? nullptr : &registers[index[id]];
}

// Width behind each id byte; 0 = not in the table. Beside find_register because the walk needs it 60 times a
// frame.
inline constexpr auto register_widths = [] {
    std::array<std::uint8_t, 256> widths{};
    for (const Register& r : registers) widths[r.id] = r.width;
    return widths;
}();

}  // namespace jkp::jk
