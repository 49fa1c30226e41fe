// SPDX-License-Identifier: MIT
// jk-pylon decode jk|can|sma|goodwe|sems [FILE|-] [--json]: recorded bytes in words, without any hardware.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace jkp::cli {

enum class DecodeKind : std::uint8_t { jk, can, sma, goodwe, sems };
enum class DecodeFormat : std::uint8_t { text, json };  // json: one object a line, see docs/json.md

// "jk", "can", "sma", "goodwe", "sems"; nothing for another word.
std::optional<DecodeKind> decode_kind(std::string_view word);

// Exit codes: 0 = everything was decoded; 1 = something was refused, or the input is empty; 2 = the input
// cannot be read. A refused part never stops the rest. CAN lines are written as they come.
int decode_command(DecodeKind kind, std::istream& in, std::ostream& out, DecodeFormat format);

// The same for a file, or standard input for "-"; what went wrong with the file goes to `err`.
int decode_file(DecodeKind kind, const std::string& path, std::ostream& out, std::ostream& err,
                DecodeFormat format);

}  // namespace jkp::cli
