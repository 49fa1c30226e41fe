// SPDX-License-Identifier: MIT
// Reading and writing integers in wire order, byte by byte, and hexadecimal text.
// The caller guarantees the bounds; a violated bound is a bug and ends the program.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/ensure.hpp"

namespace jkp {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint16_t be16(Bytes b, std::size_t at) {
    ensure(at + 2 <= b.size(), "be16 inside the buffer");
    return static_cast<std::uint16_t>((b[at] << 8) | b[at + 1]);
}
constexpr std::uint32_t be32(Bytes b, std::size_t at) {
    return (std::uint32_t{be16(b, at)} << 16) | be16(b, at + 2);
}
constexpr std::uint16_t le16(Bytes b, std::size_t at) {
    ensure(at + 2 <= b.size(), "le16 inside the buffer");
    return static_cast<std::uint16_t>(b[at] | (b[at + 1] << 8));
}
constexpr std::int16_t as_signed(std::uint16_t raw) {
    return static_cast<std::int16_t>(raw);
}

// Hexadecimal text to bytes. Spaces, line ends, commas, colons and 0x prefixes are skipped.
// nullopt when another character or an odd number of digits appears.
std::optional<std::vector<std::uint8_t>> bytes_from_hex(std::string_view text);

// "4E57" for {0x4E, 0x57}; upper case, no separators.
std::string hex_from_bytes(Bytes bytes);

}  // namespace jkp
