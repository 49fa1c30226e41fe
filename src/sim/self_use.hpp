// SPDX-License-Identifier: MIT
// How a battery inverter looks after the meter by itself: it moves its battery's power so that nothing flows
// through the grid connection, late and not too fast. Two of them on one meter see each other's answers.
#pragma once

#include <array>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::sim {

struct SelfUseSpec {
    Duration delay = std::chrono::seconds(1);  // grid power -> first reaction; at most GridTrace::longest
    double gain_per_s = 0.3;                   // the share of what it sees that it corrects within a second
    Watts dead_band{30};                       // left alone on both sides of 0
    Watts meter_error{0};                      // what its own meter reads too much, + export
    Watts slew_per_second{500};
};

// What a battery may do at this moment; + charge.
struct PowerRange {
    double least_w = 0.0;
    double most_w = 0.0;
};

class SelfUse {
  public:
    explicit SelfUse(const SelfUseSpec& s) : spec(s) {}

    // `seen_w`: the grid power of `spec.delay` ago. Returns the battery power it wants; + charge.
    double step(double seen_w, double dt_s, const PowerRange& range);
    [[nodiscard]] double wanted_w() const { return wanted_w_; }

    SelfUseSpec spec;  // may be changed at run time

  private:
    double wanted_w_ = 0.0;
};

// The grid power of the last seconds, in steps.
class GridTrace {
  public:
    static constexpr Duration step = std::chrono::milliseconds(100);
    static constexpr std::size_t length = 128;
    static constexpr Duration longest = step * (length - 1);

    void push(double power_w) { values_[++newest_ % length] = power_w; }
    // Precondition: not more than `longest`.
    [[nodiscard]] double ago(Duration time) const;

  private:
    std::array<double, length> values_{};
    std::size_t newest_ = length;
};

}  // namespace jkp::sim
