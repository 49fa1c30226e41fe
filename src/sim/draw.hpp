// SPDX-License-Identifier: MIT
// Values that follow each other from one seed; each draw is its own channel, so that a new one at the end
// changes no other.
#pragma once

#include <cmath>
#include <cstdint>

#include "sim/noise.hpp"

namespace jkp::sim {

class Draw {
  public:
    explicit Draw(std::uint64_t seed) : seed_(seed) {}

    double between(double low, double high) {
        return low + (high - low) * (noise(seed_, 0, ++channel_) + 1.0) / 2.0;
    }
    double log_between(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
    std::int32_t whole(double low, double high) {
        return static_cast<std::int32_t>(std::lround(between(low, high)));
    }
    bool chance(double share) { return between(0.0, 1.0) < share; }
    std::uint64_t seed() { return scramble(seed_ ^ scramble(++channel_)); }

  private:
    std::uint64_t seed_;
    std::uint64_t channel_ = 0;
};

}  // namespace jkp::sim
