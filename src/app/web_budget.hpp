// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <chrono>

#include "core/time.hpp"

namespace jkp::app {

// Questions whose answers are long to make; a share of the processor is left to everybody else.
class WebBudget {
  public:
    bool take(TimePoint now) {
        const double passed = std::chrono::duration<double>(now - last_).count();
        last_ = now;
        left_ = std::min(burst, left_ + std::max(0.0, passed) * each_second);
        if (left_ < 1) return false;
        left_ -= 1;
        return true;
    }

  private:
    static constexpr double burst = 60;  // some windows that are opened together
    static constexpr double each_second = 10;
    double left_ = burst;
    TimePoint last_{};
};

}  // namespace jkp::app
