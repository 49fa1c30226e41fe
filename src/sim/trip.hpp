// SPDX-License-Identifier: MIT
// One protection of a BMS: trips when its cause lasts, and recovers on a condition of its own.
#pragma once

namespace jkp::sim {

class Trip {
  public:
    // Seconds. `cause` must last `delay_s` to trip; `recovered` must last `recovery_s` to end it.
    void step(double dt_s, bool cause, double delay_s, bool recovered, double recovery_s = 0.0) {
        const bool towards_change = active_ ? recovered : cause;
        held_s_ = towards_change ? held_s_ + dt_s : 0.0;
        if (!towards_change || held_s_ < (active_ ? recovery_s : delay_s)) return;
        active_ = !active_;
        held_s_ = 0.0;
    }
    [[nodiscard]] bool active() const { return active_; }

  private:
    bool active_ = false;
    double held_s_ = 0.0;
};

}  // namespace jkp::sim
