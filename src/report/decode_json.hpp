// SPDX-License-Identifier: MIT
// Recorded bytes as text -> one JSON object per frame. docs/json.md lists every key; they are a contract.
// Every object has "ok", and "error" when that is false. Nothing throws; any text gives objects.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/can_frame.hpp"
#include "core/pack.hpp"

namespace jkp::report {

using Json = nlohmann::ordered_json;

// A reading of a JK pack by protocol `protocol` ("4E57").
Json reading_json(const PackReading& reading, std::string_view protocol);
// A frame in the Pylontech way; an unknown identifier gives empty fields.
Json can_frame_json(const CanFrame& frame);
Json error_json(std::string_view error);

// Hexadecimal text with one or more inputs (hex_blocks.hpp): the frames of each in order, then what was found
// that is none. Empty when there is no input.
std::vector<Json> decode_jk_text(std::string_view text);

// One line as candump prints it, with or without -L, or bare "351#1402C012". nullopt: blank or comment.
std::optional<Json> decode_can_line(std::string_view line, std::size_t number);

}  // namespace jkp::report
