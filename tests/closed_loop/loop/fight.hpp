// SPDX-License-Identifier: MIT
// Two inverters that chase each other: the same house left alone, with the original and with our
// coordination. The fight is injected: both loops are calm until, at one instant, their gains are raised and
// a load comes.
#pragma once

#include <array>
#include <optional>

#include "closed_loop/loop/site_run.hpp"

namespace jkp::closed_loop {

// Ways to treat the second inverter that are compared in a fight.
inline constexpr std::array in_fights{Coordination::none, Coordination::original, Coordination::ours};

struct FightResult {
    std::uint64_t seed = 0;
    Duration meter_interval{};
    // Left alone.
    Duration period{};             // of the grid's swing; 0 = it did not last
    double untouched_w = 0.0;      // the grid's swing, peak to peak
    double untouched_own_w = 0.0;  // our battery's
    // Coordinated.
    std::optional<Duration> found_after{};  // from the injection
    int half_waves = 0;                     // of at least 300 W, until it was found
    double before_w = 0.0;                  // the greatest swing until then and two periods longer
    double after_w = 0.0;    // the quietest two periods of the 2 min, or 5 periods, after it was found
    double lasting_w = 0.0;  // median swing of the last 10 min
    // The grid in the 25 minutes from the injection on, in the order of `in_fights`.
    std::array<SwingTime, in_fights.size()> swings{};

    // A swing that can be seen at this meter: it lasts, and its period is in the observer's range.
    [[nodiscard]] bool fights() const;
    [[nodiscard]] bool found() const { return found_after && half_waves <= 5; }
    [[nodiscard]] bool cut() const { return found_after && after_w <= before_w / 3.0; }
};

FightResult run_fight(std::uint64_t seed);

// The same house once, for looking at it; the fight begins `fight_begins` after the start.
inline constexpr Duration fight_begins = std::chrono::minutes(10);
void watch_fight(std::uint64_t seed, Coordination coordination, const Onlooker& onlooker);

}  // namespace jkp::closed_loop
