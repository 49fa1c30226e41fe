// SPDX-License-Identifier: MIT
// Pasted hexadecimal text -> bytes. A blank line ends an input; lines that begin with '#' or ';' are
// comments; blanks, commas, colons and 0x are skipped.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"

namespace jkp::report {

// The bytes of one input, or why its text is not hexadecimal; the line of the whole text is named.
using HexBlock = Result<std::vector<std::uint8_t>, std::string>;

// Every input in order. Empty when there is none; a block of comments alone is no input.
std::vector<HexBlock> hex_blocks(std::string_view text);

// Helpers for text that is read line by line.
bool is_comment(std::string_view line);
std::string_view trimmed(std::string_view line);
// Cuts the first line off `rest`.
std::string_view next_line(std::string_view& rest);

}  // namespace jkp::report
