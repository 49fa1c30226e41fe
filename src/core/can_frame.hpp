// SPDX-License-Identifier: MIT
// One classic CAN data frame, 11 or 29 bit identifier, 0..8 data bytes.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

namespace jkp {

struct CanFrame {
    std::uint32_t id = 0;
    bool extended = false;  // 29-bit identifier
    std::uint8_t size = 0;  // data bytes, 0..8
    std::array<std::uint8_t, 8> data{};

    [[nodiscard]] std::span<const std::uint8_t> bytes() const { return {data.data(), size}; }

    friend bool operator==(const CanFrame& a, const CanFrame& b) {
        return a.id == b.id && a.extended == b.extended &&
               std::equal(a.bytes().begin(), a.bytes().end(), b.bytes().begin(), b.bytes().end());
    }
};

}  // namespace jkp
