// SPDX-License-Identifier: MIT
// Says at most once per period that something is still going on, and how often it was kept quiet.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace jkp {

class RateLimiter {
  public:
    explicit constexpr RateLimiter(Duration period) : period_(period) {}

    // How many times were kept quiet since the last one said; absent when this one is to be quiet too.
    constexpr std::optional<std::uint64_t> say(TimePoint now) {
        if (last_ && now - *last_ < period_) {
            ++quiet_;
            return std::nullopt;
        }
        last_ = now;
        const std::uint64_t before = quiet_;
        quiet_ = 0;
        return before;
    }

  private:
    Duration period_;
    std::optional<TimePoint> last_;
    std::uint64_t quiet_ = 0;
};

}  // namespace jkp
