// SPDX-License-Identifier: MIT
// Pylontech low-voltage CAN, 500 kbit/s, 11-bit identifiers, little-endian. Source: vendor document V1.2
// and captures of real batteries; docs/protocols/pylontech-can.md has the table.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

#include "core/can_frame.hpp"
#include "core/result.hpp"
#include "pylontech/report.hpp"

namespace jkp::pylontech {

inline constexpr std::uint32_t id_limits = 0x351;
inline constexpr std::uint32_t id_soc = 0x355;
inline constexpr std::uint32_t id_measurements = 0x356;
inline constexpr std::uint32_t id_alarms = 0x359;
inline constexpr std::uint32_t id_requests = 0x35C;
inline constexpr std::uint32_t id_name = 0x35E;
inline constexpr std::uint32_t id_inverter_alive = 0x305;  // sent by the inverter, never by a battery

using Burst = std::array<CanFrame, 6>;

// One set of frames in the order 359 351 355 356 35C 35E. Pure and total: every value saturates at the
// range of its field (limits at 0..0x7FFF, SOC and SOH at 0..100 %). CVL, CCL, DCL, SOC and SOH round down,
// DVL rounds up, measurements round to nearest, half away from zero.
Burst encode(const BatteryReport& report, const Profile& profile);

// Eight zero bytes as an inverter sends them. Only for `send_alive = true` and for simulated inverters.
CanFrame encode_inverter_alive();

struct Limits {  // 0x351
    Millivolts charge_voltage;
    Milliamps charge_current_limit;
    Milliamps discharge_current_limit;
    std::optional<Millivolts> discharge_voltage;  // absent in the 6-byte form
};
struct StateOfCharge {  // 0x355
    Permille soc;
    Permille soh;
};
struct Measurements {  // 0x356
    Millivolts voltage;
    Milliamps current;
    Decicelsius temperature;
};
struct Alarms {  // 0x359
    Flags protections;
    Flags alarms;
    std::uint8_t modules = 0;
    FixedText<2> manufacturer;
};
struct Requests {  // 0x35C
    bool charge_enable = false;
    bool discharge_enable = false;
    bool force_charge_1 = false;
    bool force_charge_2 = false;
    bool full_charge = false;
};
struct Name {  // 0x35E, right-trimmed: blanks and unprintable bytes; unprintable inside = ?
    FixedText<8> name;
};
struct InverterAlive {};  // 0x305, any length, 11 or 29 bit
struct Unknown {};        // any other identifier

using Message =
    std::variant<Limits, StateOfCharge, Measurements, Alarms, Requests, Name, InverterAlive, Unknown>;

enum class DecodeError : std::uint8_t { too_short };
std::string_view name(DecodeError error);

// Total: any frame gives a message or an error. Longer frames than needed are accepted; 29-bit identifiers
// are Unknown, apart from 0x305.
Result<Message, DecodeError> decode(const CanFrame& frame);

// The name of a frame as shown to people and in JSON: "limits", "soc", "measurements", "alarms",
// "requests", "battery_name", "inverter_alive", "unknown".
std::string_view message_name(const Message& message);

}  // namespace jkp::pylontech
