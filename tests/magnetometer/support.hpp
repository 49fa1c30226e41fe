// SPDX-License-Identifier: MIT
// Data registers as the two chips would send them.
#pragma once

#include <vector>

#include "meter/magnetometer.hpp"

namespace jkp::meter {

using Buffer = std::vector<std::uint8_t>;

inline constexpr std::uint8_t ready = 0x01;

inline std::uint8_t high(int counts) {
    return static_cast<std::uint8_t>((counts >> 8) & 0xFF);
}
inline std::uint8_t low(int counts) {
    return static_cast<std::uint8_t>(counts & 0xFF);
}

// X, Z, Y, most significant byte first.
inline Buffer hmc_bytes(int x, int y, int z) {
    return {high(x), low(x), high(z), low(z), high(y), low(y)};
}
// X, Y, Z, least significant byte first.
inline Buffer qmc_bytes(int x, int y, int z) {
    return {low(x), high(x), low(y), high(y), low(z), high(z)};
}

inline Field field(int x, int y, int z) {
    return {{x, y, z}};
}

}  // namespace jkp::meter
