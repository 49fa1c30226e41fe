// SPDX-License-Identifier: MIT
#include "core/bytes.hpp"

namespace jkp {
namespace {

std::optional<unsigned> digit(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

bool separator(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',' || c == ':';
}

}  // namespace

std::optional<std::vector<std::uint8_t>> bytes_from_hex(std::string_view text) {
    std::vector<std::uint8_t> bytes;
    std::optional<unsigned> high;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (separator(text[i])) continue;
        const bool prefix = !high && text[i] == '0' && i + 1 < text.size() && (text[i + 1] | 0x20) == 'x';
        if (prefix) {
            ++i;
            continue;
        }
        const auto value = digit(text[i]);
        if (!value) return std::nullopt;
        if (high) {
            bytes.push_back(static_cast<std::uint8_t>((*high << 4) | *value));
            high.reset();
        } else {
            high = value;
        }
    }
    if (high) return std::nullopt;
    return bytes;
}

std::string hex_from_bytes(Bytes bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) {
        text.push_back(digits[byte >> 4]);
        text.push_back(digits[byte & 15]);
    }
    return text;
}

}  // namespace jkp
