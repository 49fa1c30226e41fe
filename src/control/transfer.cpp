// SPDX-License-Identifier: MIT
#include "control/transfer.hpp"

#include <cstdlib>

namespace jkp::control {
namespace {

constexpr Duration longest_count = std::chrono::seconds(10);  // between two steps
constexpr std::int64_t wus_per_mwh = 3'600'000;

// What one gives and the other takes.
std::int64_t between(Watts giver, Watts taker) {
    return std::max(std::min(-giver, taker), Watts(0)).count();
}

std::int64_t budget_wus(WattHours budget) {
    return budget.count() * 1000 * wus_per_mwh;
}

std::int64_t magnitude(Watts power) {
    return std::abs(std::int64_t{power.count()});
}

}  // namespace

std::int64_t Transfer::total_mwh() const {
    return total_wus / wus_per_mwh;
}
std::int64_t Transfer::moved_mwh() const {
    return moved_wus / wus_per_mwh;
}
bool Transfer::too_much(WattHours budget) const {
    return recent_wus > budget_wus(budget);
}

void count(Transfer& transfer, WattHours budget, const std::optional<BothPowers>& powers, TimePoint now) {
    const TimePoint before = transfer.counted_at.value_or(now);
    transfer.counted_at = now;
    const std::int64_t us = std::min(now - before, longest_count).count();
    transfer.recent_wus = std::max<std::int64_t>(transfer.recent_wus - budget.count() * us, 0);
    if (!powers) return;
    const std::int64_t moved = (between(powers->own, powers->peer) + between(powers->peer, powers->own)) * us;
    transfer.total_wus += moved;
    // It is about the last hours: a day of a portal that knows nothing better does not count for a week.
    transfer.recent_wus = std::min(transfer.recent_wus + moved, 2 * budget_wus(budget));
    transfer.moved_wus += (magnitude(powers->own) + magnitude(powers->peer)) * us;
}

}  // namespace jkp::control
