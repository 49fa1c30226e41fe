// SPDX-License-Identifier: MIT
// Answers of a GoodWe inverter as JSON; docs/json.md lists the keys, they are a contract.
#pragma once

#include "goodwe/readings.hpp"
#include "report/decode_json.hpp"

namespace jkp::report {

// battery_a + = charge, grid_w + = export. What the readings do not hold is null.
Json goodwe_json(const goodwe::Readings& readings);

// Hexadecimal text (hex_blocks.hpp): the answers of each input in order, and what is damaged or no answer.
// Empty when there is no input.
std::vector<Json> decode_goodwe_text(std::string_view text);

}  // namespace jkp::report
