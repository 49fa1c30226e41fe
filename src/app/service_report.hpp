// SPDX-License-Identifier: MIT
// Tells the service manager that control is alive, and in a line how it is. Only from a control cycle that
// completed, so that a program whose control hangs is restarted. Thread: that of the loop.
#pragma once

#include <optional>

#include "control/decision.hpp"
#include "core/time.hpp"

namespace jkp::app {

class ServiceReport {
  public:
    // Once the service runs: from here on the watchdog of the service manager counts.
    void begin();
    void after_cycle(const control::Decision& decision, TimePoint now);
    // When the next cycle is due for the watchdog's sake, at the latest.
    [[nodiscard]] TimePoint due(TimePoint now) const;

  private:
    std::optional<Duration> every_;
    TimePoint watchdog_at_{};
    TimePoint status_at_{};
};

}  // namespace jkp::app
