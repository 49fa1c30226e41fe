// SPDX-License-Identifier: MIT
// Every number of the coordination with a second inverter and of the oscillation observer, with its default.
// Signs: battery + = charge; grid + = export.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>

#include "control/site.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::control {

// What happens to the limits when a source has not been known for `unknown_hold`.
enum class OnUnknown : std::uint8_t {
    neutral,  // they return to what the battery alone allows, by the ramp
    keep,     // they stay as the source left them
    zero,     // they go to 0
};

struct CoordinationSettings {
    bool enabled = true;        // acts only when a source is expected or was seen
    bool expects_grid = false;  // a meter is configured
    bool expects_peer = false;  // a source of the second battery is configured

    Milliamps charging_enter{2000};     // the second battery charges with more than this: we do not discharge
    Milliamps charging_leave{1000};     // until it charges with less than this
    Milliamps discharging_enter{1200};  // it discharges with more than this: we charge only from a surplus
    Milliamps discharging_leave{600};
    Watts surplus{100};                                 // a surplus or shortage counts above this
    Watts large_surplus{2000};                          // and is a large one above this
    Duration leave_hold = std::chrono::seconds(20);     // below the leaving threshold for so long
    Duration quick_hold = std::chrono::seconds(3);      // with a real surplus or shortage at the meter
    Duration repeat_within = std::chrono::minutes(15);  // a cause that returns so soon doubles both holds
    Milliamps rise_per_second{2000};
    Milliamps large_rise_per_second{6000};        // with a large surplus or shortage
    Duration response = std::chrono::seconds(5);  // of our inverter to a limit, until it was learned
    WattHours transfer_budget{
        2};  // energy moved between the batteries in an hour; above it thresholds shrink

    Duration grid_max_age = std::chrono::seconds(10);
    std::array<Duration, peer_source_count> peer_max_age{std::chrono::seconds(20), std::chrono::seconds(15),
                                                         std::chrono::seconds(60), std::chrono::minutes(10)};
    Duration unknown_hold = std::chrono::seconds(60);
    OnUnknown on_unknown = OnUnknown::neutral;
    Watts grid_maximum{50'000};  // more cannot be
    Milliamps peer_maximum{150'000};
    Milliamps peer_jump{100'000};     // a larger change must be told twice
    Millivolts peer_voltage{51'200};  // to convert its power to a current when its voltage is not told
    bool operator==(const CoordinationSettings&) const = default;
};

struct OscillationSettings {
    bool enabled = true;  // acts only when a meter is there
    Watts crossing{150};  // beyond the middle of the swing by this much counts as one side
    Watts swing{300};     // the least between both sides
    Permille alike{300};  // lengths within 30 % of their mean
    Duration shortest_period = std::chrono::seconds(2);  // or 4 intervals of the meter
    Duration longest_period = std::chrono::minutes(10);
    Permille own_part{250};       // our battery swings with at least this part of the grid's swing ...
    Permille own_agreement{750};  // ... and in step with it for this part of the time, at one lag of 0..5 s
    Permille cut_to{333};         // of the peak current of the last two periods
    int hold_periods = 5;
    bool operator==(const OscillationSettings&) const = default;
};

}  // namespace jkp::control
