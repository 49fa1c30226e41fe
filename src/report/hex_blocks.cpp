// SPDX-License-Identifier: MIT
#include "report/hex_blocks.hpp"

#include <algorithm>

#include "core/bytes.hpp"

namespace jkp::report {
namespace {

constexpr std::string_view blanks = " \t\r";

HexBlock read_block(std::string_view text, std::size_t first_line) {
    std::string hex;
    for (std::size_t number = first_line; !text.empty(); ++number) {
        const std::string_view line = trimmed(next_line(text));
        if (is_comment(line)) continue;
        constexpr std::string_view allowed = "0123456789abcdefABCDEFxX ,:\t\r";
        if (line.find_first_not_of(allowed) != std::string_view::npos) {
            return failure("line " + std::to_string(number) + ": not hexadecimal text");
        }
        hex.append(line).push_back('\n');
    }
    if (auto bytes = bytes_from_hex(hex)) return std::move(*bytes);
    return failure("line " + std::to_string(first_line) + " and following: not pairs of hexadecimal digits");
}

}  // namespace

bool is_comment(std::string_view line) {
    return line.starts_with('#') || line.starts_with(';');
}

std::string_view trimmed(std::string_view line) {
    const std::size_t begin = line.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return line.substr(begin, line.find_last_not_of(blanks) - begin + 1);
}

std::string_view next_line(std::string_view& rest) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return line;
}

std::vector<HexBlock> hex_blocks(std::string_view text) {
    std::vector<HexBlock> found;
    std::string block;
    std::size_t first = 1;
    bool has_digits = false;
    const auto finish = [&](std::size_t next) {
        if (has_digits) found.push_back(read_block(block, first));
        block.clear();
        has_digits = false;
        first = next;
    };
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::string_view line = trimmed(next_line(text));
        if (line.empty()) {
            finish(number + 1);
        } else {
            has_digits = has_digits || !is_comment(line);
            block.append(line).push_back('\n');
        }
    }
    finish(0);
    return found;
}

}  // namespace jkp::report
