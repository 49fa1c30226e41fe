// SPDX-License-Identifier: MIT
// Energy that wanders from one battery into the other, at their terminals: min(A, -B) while ours charges and
// the second discharges, min(-A, B) the other way round.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::control {

struct Transfer {
    std::optional<TimePoint> counted_at;
    std::int64_t total_wus = 0;   // W times us
    std::int64_t moved_wus = 0;   // by both batteries, in and out
    std::int64_t recent_wus = 0;  // transfer of late; leaks by the budget, which is for one hour
    bool operator==(const Transfer&) const = default;

    [[nodiscard]] std::int64_t total_mwh() const;
    [[nodiscard]] std::int64_t moved_mwh() const;
    [[nodiscard]] bool too_much(WattHours budget) const;
};

// Both powers until now, + charge; absent = one of them is not known, and nothing is counted.
struct BothPowers {
    Watts own;
    Watts peer;
};
void count(Transfer& transfer, WattHours budget, const std::optional<BothPowers>& powers, TimePoint now);

}  // namespace jkp::control
