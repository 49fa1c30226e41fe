// SPDX-License-Identifier: MIT
// Quantities that the SEMS portal sends as text. Nothing is guessed: what is not exactly of the form gives
// nothing, never 0.
#pragma once

#include <optional>
#include <string_view>

#include "core/units.hpp"

namespace jkp::goodwe {

// "49.9V/0.8A/40W": the portal's current and power are + = discharge; here they are turned round.
struct SemsBattery {
    Millivolts voltage;
    Milliamps current;  // + charge
    Watts power;        // + charge
    bool operator==(const SemsBattery&) const = default;
};
// Signs and blanks are allowed. Current and power of opposite directions are refused.
std::optional<SemsBattery> parse_sems_battery(std::string_view text);

// "2337(W)", "2.3(kW)", or without the brackets.
std::optional<Watts> parse_sems_power(std::string_view text);

// "45%" or "45". Outside of 0 to 100 % there is none: an inverter without a battery has said "536%".
std::optional<Permille> parse_sems_percent(std::string_view text);

// The same bounds for numbers of JSON: V, A, W as the portal counts them, without turning a sign.
std::optional<Millivolts> sems_volts(double volts);    // 0 to 1000 V
std::optional<Milliamps> sems_amps(double amps);       // at most 500 A either way
std::optional<Watts> sems_watts(double watts);         // at most 200 kW either way
std::optional<Permille> sems_percent(double percent);  // 0 to 100

// The whole text as a number: "-12.5". No other notation, no infinity.
std::optional<double> parse_sems_number(std::string_view text);

}  // namespace jkp::goodwe
