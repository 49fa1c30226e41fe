// SPDX-License-Identifier: MIT
// The commands that may come from outside, and who gave one.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/fixed_text.hpp"

namespace jkp::control {

// Those that tighten come first.
enum class CommandKind : std::uint8_t {
    max_charge,     // value: mA
    max_discharge,  // value: mA
    pause,          // both limits 0
    force_charge,   // asks the inverter to charge, from the grid if need be
    full_charge,    // begins a charge cycle up to Full
    float_hold,     // keeps the charge voltage at Float
};
inline constexpr std::size_t command_count = 6;
// The word of MQTT topics, JSON and the configuration: "max_charge_a".
std::string_view name(CommandKind kind);

// It only takes away: it stays until it is changed, also over a restart. The others ask for something and end
// by themselves (rule S10).
constexpr bool tightens(CommandKind kind) {
    return kind <= CommandKind::pause;
}
// Its value is a current; the others are on or off.
constexpr bool is_current(CommandKind kind) {
    return kind <= CommandKind::max_discharge;
}

// "mqtt", "http 192.168.1.7", "local user 0"; printable ASCII.
using Who = FixedText<48>;

}  // namespace jkp::control
