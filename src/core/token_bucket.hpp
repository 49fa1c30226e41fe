// SPDX-License-Identifier: MIT
// Lets so many pass at once and so many a second in the long run.
#pragma once

#include <algorithm>
#include <chrono>

#include "core/time.hpp"

namespace jkp {

class TokenBucket {
  public:
    constexpr TokenBucket(double burst, double each_second)
        : burst_(burst), each_second_(each_second), left_(burst) {}

    // Whether one more may pass now. A time before the last one counts as the last.
    constexpr bool take(TimePoint now) {
        if (now > last_) {
            const double passed = std::chrono::duration<double>(now - last_).count();
            left_ = std::min(burst_, left_ + passed * each_second_);
            last_ = now;
        }
        if (left_ < 1) return false;
        left_ -= 1;
        return true;
    }

  private:
    double burst_;
    double each_second_;
    double left_;
    TimePoint last_{};
};

}  // namespace jkp
