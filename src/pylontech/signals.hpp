// SPDX-License-Identifier: MIT
// The one description of the bits on the bus. Encoder, decoder and the DBC text all work from it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "pylontech/codec.hpp"

namespace jkp::pylontech {

enum class Sender : std::uint8_t { battery, inverter };

struct MessageInfo {
    std::uint32_t id;
    std::string_view name;  // as in JSON and in the DBC
    Sender sender;
    std::uint8_t size;      // data bytes of a real battery
    std::uint8_t required;  // a shorter frame cannot be decoded
    std::string_view comment;
};

// In the order of a burst; the inverter's frame last.
inline constexpr std::array<MessageInfo, 7> messages{{
    {id_alarms, "alarms", Sender::battery, 7, 7, "Protections (the battery acts) and alarms (it warns)."},
    {id_limits, "limits", Sender::battery, 8, 6,
     "What the inverter may do. Old firmware leaves the discharge voltage limit out."},
    {id_soc, "soc", Sender::battery, 4, 4, "State of charge and of health."},
    {id_measurements, "measurements", Sender::battery, 6, 6, "Measured at the pack."},
    {id_requests, "requests", Sender::battery, 2, 2, "What the battery asks the inverter for."},
    {id_name, "battery_name", Sender::battery, 8, 8, "Eight ASCII characters, padded with blanks."},
    {id_inverter_alive, "inverter_alive", Sender::inverter, 8, 0,
     "Sent by the inverter about once a second; the content means nothing."},
}};

enum class Rounding : std::uint8_t { down, up, nearest };

// raw = value / step. `value` is in the project's unit (mV, mA, 0.1 C, permille, 1), `per_unit` of them
// make one `unit`, so that a DBC factor is step / per_unit.
struct Signal {
    std::uint32_t id;
    std::string_view name;
    std::uint8_t start;   // number of the lowest bit, counted from bit 0 of byte 0
    std::uint8_t length;  // in bits, little-endian
    bool is_signed;
    std::int32_t low;  // raw range of the encoder; it saturates here
    std::int32_t high;
    std::int32_t step;
    std::int32_t per_unit;
    Rounding rounding;
    std::string_view unit;
    std::string_view comment;
};

namespace signal {
inline constexpr std::int32_t high_15 = 0x7FFF;  // some inverters read unsigned fields as signed

constexpr Signal bit(std::uint32_t id, std::string_view name, std::uint8_t start, std::string_view comment) {
    return {id, name, start, 1, false, 0, 1, 1, 1, Rounding::nearest, "", comment};
}

inline constexpr Signal charge_voltage{id_limits, "charge_voltage",
                                       0,         16,
                                       false,     0,
                                       high_15,   100,
                                       1000,      Rounding::down,
                                       "V",       "The inverter charges up to this voltage."};
inline constexpr Signal charge_current_limit{id_limits, "charge_current_limit",
                                             16,        16,
                                             true,      0,
                                             high_15,   100,
                                             1000,      Rounding::down,
                                             "A",       "Never negative. 0 = do not charge."};
inline constexpr Signal discharge_current_limit{id_limits, "discharge_current_limit",
                                                32,        16,
                                                true,      0,
                                                high_15,   100,
                                                1000,      Rounding::down,
                                                "A",       "Never negative. 0 = do not discharge."};
inline constexpr Signal discharge_voltage{id_limits, "discharge_voltage",
                                          48,        16,
                                          false,     0,
                                          high_15,   100,
                                          1000,      Rounding::up,
                                          "V",       "The inverter discharges down to this voltage."};
inline constexpr Signal soc{id_soc, "soc", 0, 16, false, 0, 100, 10, 10, Rounding::down, "%", ""};
inline constexpr Signal soh{id_soc, "soh", 16, 16, false, 0, 100, 10, 10, Rounding::down, "%", ""};
inline constexpr Signal voltage{id_measurements,   "voltage", 0, 16, true, -0x8000, 0x7FFF, 10, 1000,
                                Rounding::nearest, "V",       ""};
inline constexpr Signal current{id_measurements,
                                "current",
                                16,
                                16,
                                true,
                                -0x8000,
                                0x7FFF,
                                100,
                                1000,
                                Rounding::nearest,
                                "A",
                                "Positive while the battery is charged."};
inline constexpr Signal temperature{id_measurements,   "temperature", 32, 16, true, -0x8000, 0x7FFF, 1, 10,
                                    Rounding::nearest, "degC",        ""};
inline constexpr Signal modules{
    id_alarms, "modules", 32, 8, false, 0, 255, 1, 1, Rounding::nearest, "", "Modules that are present."};
inline constexpr Signal manufacturer{id_alarms, "manufacturer",    40, 16,          false, 0, 0xFFFF, 1,
                                     1,         Rounding::nearest, "", "ASCII: PN."};
inline constexpr Signal charge_enable = bit(id_requests, "charge_enable", 7, "");
inline constexpr Signal discharge_enable = bit(id_requests, "discharge_enable", 6, "");
inline constexpr Signal force_charge_1 =
    bit(id_requests, "force_charge_1", 5, "For inverters that let the battery switch off and can wake it.");
inline constexpr Signal force_charge_2 =
    bit(id_requests, "force_charge_2", 4, "Charge before the battery switches off.");
inline constexpr Signal full_charge =
    bit(id_requests, "full_charge", 3, "The battery has not been full for long.");

struct FlagBit {
    Flag flag;
    Signal signal;
};
inline constexpr std::array<FlagBit, 7> protections{{
    {Flag::over_voltage, bit(id_alarms, "protect_over_voltage", 1, "")},
    {Flag::under_voltage, bit(id_alarms, "protect_under_voltage", 2, "")},
    {Flag::over_temperature, bit(id_alarms, "protect_over_temperature", 3, "")},
    {Flag::under_temperature, bit(id_alarms, "protect_under_temperature", 4, "")},
    {Flag::discharge_over_current, bit(id_alarms, "protect_discharge_over_current", 7, "")},
    {Flag::charge_over_current, bit(id_alarms, "protect_charge_over_current", 8, "")},
    {Flag::system_error, bit(id_alarms, "protect_system_error", 11, "")},
}};
inline constexpr std::array<FlagBit, 7> alarms{{
    {Flag::over_voltage, bit(id_alarms, "alarm_over_voltage", 17, "")},
    {Flag::under_voltage, bit(id_alarms, "alarm_under_voltage", 18, "")},
    {Flag::over_temperature, bit(id_alarms, "alarm_over_temperature", 19, "")},
    {Flag::under_temperature, bit(id_alarms, "alarm_under_temperature", 20, "")},
    {Flag::discharge_over_current, bit(id_alarms, "alarm_discharge_over_current", 23, "")},
    {Flag::charge_over_current, bit(id_alarms, "alarm_charge_over_current", 24, "")},
    {Flag::internal_communication, bit(id_alarms, "alarm_internal_communication", 27, "")},
}};
inline constexpr Signal name_bytes{id_name, "battery_name",
                                   0,       64,
                                   false,   0,
                                   0,       1,
                                   1,       Rounding::nearest,
                                   "",      "ASCII, first character lowest."};

// Every signal once, by message and start bit.
inline constexpr auto all = [] {
    std::array<Signal, 31> table{};
    std::size_t size = 0;
    for (const FlagBit& f : protections) table[size++] = f.signal;
    for (const FlagBit& f : alarms) table[size++] = f.signal;
    for (const Signal& s :
         {modules, manufacturer, charge_voltage, charge_current_limit, discharge_current_limit,
          discharge_voltage, soc, soh, voltage, current, temperature, full_charge, force_charge_2,
          force_charge_1, discharge_enable, charge_enable, name_bytes}) {
        table[size++] = s;
    }
    return table;
}();
}  // namespace signal

// nullptr = not a message of this protocol.
constexpr const MessageInfo* find_message(std::uint32_t id) {
    for (const MessageInfo& m : messages) {
        if (m.id == id) return &m;
    }
    return nullptr;
}

}  // namespace jkp::pylontech
