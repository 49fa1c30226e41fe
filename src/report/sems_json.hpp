// SPDX-License-Identifier: MIT
// Answers of the SEMS portal as JSON and for people; docs/json.md lists the keys, they are a contract. Tokens
// and accounts are never shown.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "goodwe/readings.hpp"
#include "report/decode_json.hpp"

namespace jkp::report {

// goodwe_json with battery_w, + = charge: SEMS+ tells no more about a battery.
Json sems_json(const goodwe::Readings& readings);

// A whole answer of the portal, or a list of answers: one object for each inverter, or the fault it tells.
// Other text: one object for each line, which must be like 49.9V/0.8A/40W; blank lines and comments ('#',
// ';') give none. Empty when there is no input.
std::vector<Json> decode_sems_text(std::string_view text);

// An object of these as a table; takes an error object too and ends with a line end.
std::string sems_text(const Json& object);

}  // namespace jkp::report
