// SPDX-License-Identifier: MIT
// How old a value is by the clock of its source, which may be ahead of ours. A constant offset of that clock
// is no age, and must not make a value that stands still look fresh either.
#pragma once

#include <cstdint>
#include <optional>

#include "core/time.hpp"

namespace jkp::meter {

class SourceClock {
  public:
    // Never negative. `measured_ms`: when the source measured, `wall_ms`: now, both since 1970 UTC; `now`:
    // the same instant by the clock that never jumps.
    Duration age(std::int64_t measured_ms, std::int64_t wall_ms, TimePoint now);

  private:
    // Only a new value tells something of the clock: the smallest difference is that of the quickest one.
    void learn(Duration difference, TimePoint now);
    [[nodiscard]] Duration ahead() const;

    std::optional<std::int64_t> last_;
    std::optional<TimePoint> since_;        // of `smallest_`
    Duration smallest_ = Duration::zero();  // <= 0
    Duration before_ = Duration::zero();    // of the span before: a clock that is set right is believed again
};

}  // namespace jkp::meter
