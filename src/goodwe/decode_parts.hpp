// SPDX-License-Identifier: MIT
// The decoders of the single blocks. Internal to this room: the caller has checked the length.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/bytes.hpp"
#include "goodwe/readings.hpp"

namespace jkp::goodwe {

Readings es_device_info(Bytes payload);
Readings es_running(Bytes payload);

Readings et_device_info(Bytes data);
Readings et_running(Bytes data);
Readings et_meter(Bytes data);
Readings et_battery(Bytes data);

std::optional<BatteryMode> battery_mode(unsigned code);
std::optional<Permille> percentage(unsigned value);  // absent above 100

// Up to a NUL, a '#' or another character that is none of a name; blanks at the ends are cut off.
template <std::size_t N>
FixedText<N> printable(Bytes bytes) {
    const auto named = [](std::uint8_t c) { return c > 0x20 && c < 0x7F && c != '#'; };
    std::array<char, N> text{};
    std::size_t length = 0;
    while (!bytes.empty() && bytes.front() == ' ') bytes = bytes.subspan(1);
    while (length < N && length < bytes.size() && named(bytes[length])) {
        text[length] = static_cast<char>(bytes[length]);
        ++length;
    }
    return std::string_view(text.data(), length);
}

}  // namespace jkp::goodwe
