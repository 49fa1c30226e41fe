// SPDX-License-Identifier: MIT
// Stage H: two inverters at one meter. What the second battery does, what flows at the meter and whether both
// controllers chase each other becomes a limit on CCL and one on DCL. They come after the cell stage and only
// tighten (rule S4); they fall at once and are given back in steps (docs/coordination.md).
#pragma once

#include "control/age.hpp"
#include "control/contrary.hpp"
#include "control/oscillation.hpp"
#include "control/response.hpp"
#include "control/sources.hpp"
#include "control/transfer.hpp"

namespace jkp::control {

enum class SourceState : std::uint8_t {
    absent,   // not configured and never seen
    unknown,  // no value that can be believed now
    known,
};
std::string_view name(SourceState state);

enum class SiteMode : std::uint8_t {
    off,               // no second battery, or switched off
    neutral,           // nothing is taken away
    peer_charging,     // the second battery charges: we do not discharge
    peer_discharging,  // it discharges: we charge only from a real surplus
    peer_contradicts,  // its sources say both
    unknown,           // what it does is not known: held, then as configured
    releasing,         // limits are given back step by step
};
std::string_view name(SiteMode mode);

// What the control step decided about the site, for people.
struct SiteDecision {
    SiteMode mode = SiteMode::off;
    SourceState grid_state = SourceState::absent;
    SourceState peer_state = SourceState::absent;
    SiteView view;
    std::array<std::optional<TimePoint>, peer_source_count> peer_told{};  // the last believed value of each
    std::uint32_t refused = 0;
    std::int64_t transfer_mwh = 0;  // moved from one battery into the other, since the start
    std::int64_t moved_mwh = 0;     // by both batteries, in and out
    bool watchful = false;          // too much was transferred lately: a quarter of the thresholds
    Duration response{};            // of our inverter to a limit
    std::optional<Swing> swing;     // seen now, ours or somebody else's
    bool oscillation = false;       // limits are cut because of one
    bool operator==(const SiteDecision&) const = default;
};

// What is let through in one direction; Milliamps::max() = all of it.
template <Direction D>
struct Gate {
    Bound<D> bound;
    TimePoint moved_at{};
    Milliamps sent{0};  // the smaller of this and of the battery's own limit, as of the last step
    bool operator==(const Gate&) const = default;
};

struct SiteState {
    Sources sources;
    std::optional<TimePoint> begun;       // the first step
    std::optional<TimePoint> peer_known;  // the last step in which the second battery was known
    bool peer_lost = false;               // told
    bool grid_lost = false;
    bool differ = false;
    Watts own_part{};                      // our own power in the believed value of the meter, + charge
    std::optional<TimePoint> own_part_at;  // when that value was measured
    Contrary charging;
    Contrary discharging;
    Gate<Direction::charge> charge;
    Gate<Direction::discharge> discharge;
    Ladder ladder;
    Response response;
    Observer observer;
    Damping damping;
    Transfer transfer;
    bool operator==(const SiteState&) const = default;
};

// What the control step knows of our own side.
struct OwnSide {
    TimePoint now{};
    TimePoint sample_at{};
    Milliamps current;  // + charge
    Millivolts voltage;
    AgeStage age_stage = AgeStage::fresh;
    Duration age{};  // of the oldest pack or probe
    Milliamps charge_maximum;
    Milliamps discharge_maximum;
    ChargeBound charge;  // what the battery itself allows now
    DischargeBound discharge;
};

struct SiteLimits {
    ChargeBound charge;  // the tightest; Milliamps::max() = none
    DischargeBound discharge;
    // All of them, for `why`.
    FixedVector<ChargeBound, 5> charge_limiters;
    FixedVector<DischargeBound, 5> discharge_limiters;
    SiteDecision decision;
};

// After a change of the configuration: a source that is no longer configured has no say any more, and one
// that has not told anything yet is waited for anew. What was taken away is still given back step by step.
void forget_sources(SiteState& state, const CoordinationSettings& settings);

SiteLimits coordinate(const Config& config, SiteState& state, const OwnSide& own,
                      const std::optional<Stamped<GridReading>>& grid, std::span<const PeerSeen> peers,
                      Events& events);

}  // namespace jkp::control
