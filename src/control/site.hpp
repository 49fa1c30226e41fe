// SPDX-License-Identifier: MIT
// What the site outside of the battery tells the control step: the grid meter and the second inverter's
// battery, by whichever ways it is read. All of it may be absent, late or wrong.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "core/site.hpp"
#include "core/stamped.hpp"

namespace jkp::control {

// The ways to the second inverter's battery, in the order of preference.
enum class PeerSource : std::uint8_t {
    local,   // the inverter itself, over the local network
    sensor,  // a current sensor on its battery cable
    json,    // somebody else's JSON
    portal,  // the maker's portal: minutes late
};
inline constexpr std::size_t peer_source_count = 4;
std::string_view name(PeerSource source);

struct PeerSeen {
    PeerSource source = PeerSource::local;
    Stamped<PeerReading> reading;
    bool operator==(const PeerSeen&) const = default;
};

}  // namespace jkp::control
