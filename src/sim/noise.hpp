// SPDX-License-Identifier: MIT
// Noise without memory: the same seed, instant and channel give the same value, however often it is asked.
#pragma once

#include <cstdint>

namespace jkp::sim {

constexpr std::uint64_t scramble(std::uint64_t x) {  // splitmix64
    x += 0x9E3779B97F4A7C15U;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
}

// Evenly spread over -1..1.
constexpr double noise(std::uint64_t seed, std::uint64_t instant, std::uint64_t channel) {
    const std::uint64_t bits = scramble(scramble(scramble(seed) ^ instant) ^ channel);
    return static_cast<double>(bits >> 11) / static_cast<double>(1ULL << 52) - 1.0;
}

}  // namespace jkp::sim
