// SPDX-License-Identifier: MIT
// What both encoders need. Internal to this room.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "goodwe/readings.hpp"
#include "goodwe/wire.hpp"

namespace jkp::goodwe {

// Half a step away from zero.
constexpr std::int64_t nearest(std::int64_t value, std::int64_t step) {
    return (value < 0 ? value - step / 2 : value + step / 2) / step;
}

// FFFF is the wire's "no value", so a number never becomes it.
template <class Unit>
std::uint16_t unsigned_raw(const std::optional<Unit>& value, std::int64_t step = 1) {
    if (!value) return no_value;
    return static_cast<std::uint16_t>(std::clamp<std::int64_t>(nearest(value->count(), step), 0, 0xFFFE));
}
template <class Unit>
std::uint16_t signed_raw(const std::optional<Unit>& value, std::int64_t step = 1) {
    if (!value) return no_value;
    const std::int64_t raw = std::clamp<std::int64_t>(nearest(value->count(), step), -0x8000, 0x7FFF);
    return static_cast<std::uint16_t>(raw);
}

inline void put16(std::span<std::uint8_t> bytes, std::size_t at, std::uint16_t value) {
    bytes[at] = static_cast<std::uint8_t>(value >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(value);
}
inline void put_text(std::span<std::uint8_t> bytes, std::size_t at, std::size_t width,
                     std::string_view text) {
    for (std::size_t i = 0; i < width; ++i) {
        bytes[at + i] = static_cast<std::uint8_t>(i < text.size() ? text[i] : ' ');
    }
}

// The given mode, or the one that the sign of the current means.
inline std::optional<BatteryMode> mode_for(const Readings& r) {
    if (r.mode || !r.battery_current) return r.mode;
    if (r.battery_current->count() == 0) return BatteryMode::standby;
    return r.battery_current->count() > 0 ? BatteryMode::charge : BatteryMode::discharge;
}

}  // namespace jkp::goodwe
