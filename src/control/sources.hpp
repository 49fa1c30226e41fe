// SPDX-License-Identifier: MIT
// What is believed of the grid meter and of the second battery. A value that is old, impossible or
// contradicts itself is not known; it is never 0 A.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "control/coordination_settings.hpp"
#include "control/site.hpp"

namespace jkp::control {

// The flow of the second battery, as it is or as computed from what its source tells.
struct PeerFlow {
    Milliamps current;  // + charge
    Watts power;        // + charge
    bool operator==(const PeerFlow&) const = default;
};

// One way to the second battery.
struct PeerBelief {
    std::optional<Stamped<PeerFlow>> believed;
    std::optional<Stamped<PeerFlow>> doubted;  // a jump that waits for a second reading
    std::optional<TimePoint> newest;           // the last reading that was looked at
    bool operator==(const PeerBelief&) const = default;
};

struct Sources {
    std::optional<Stamped<Watts>> grid;
    std::optional<TimePoint> grid_newest;  // the last sample that was looked at
    std::array<PeerBelief, peer_source_count> peers{};
    std::uint32_t refused = 0;  // values that were not believed
    bool operator==(const Sources&) const = default;
};

// The second battery now. What a less preferred source said before the last word of
// a preferred one is no news. Sources that speak of the same moment and differ count both: `highest` is what
// the discharge limit has to fear, `lowest` what the charge limit has to.
struct PeerView {
    PeerSource source = PeerSource::local;  // the preferred one
    Stamped<PeerFlow> flow;                 // as it says
    Stamped<Milliamps> highest;
    Stamped<Milliamps> lowest;
    bool operator==(const PeerView&) const = default;
};

struct SiteView {
    std::optional<Stamped<Watts>> grid;  // absent = unknown
    std::optional<PeerView> peer;
    bool operator==(const SiteView&) const = default;
};

// The flow that a reading means; absent when it says nothing, something impossible or two
// things that contradict each other.
std::optional<PeerFlow> flow_of(const CoordinationSettings& settings, const PeerReading& reading);

SiteView see(Sources& sources, const CoordinationSettings& settings,
             const std::optional<Stamped<GridReading>>& grid, std::span<const PeerSeen> peers, TimePoint now);

// W from mA and mV, rounded towards zero.
constexpr Watts power_of(Milliamps current, Millivolts voltage) {
    return Watts(static_cast<std::int32_t>(std::int64_t{current.count()} * voltage.count() / 1'000'000));
}

}  // namespace jkp::control
