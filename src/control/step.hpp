// SPDX-License-Identifier: MIT
// The control cycle: readings in, decision out. Deterministic, silent, without allocation; the clock is an
// input (rule S12). Reads as a recipe: stages A to I of docs/control.md in order.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "control/age.hpp"
#include "control/command.hpp"
#include "control/decision.hpp"
#include "control/dynamics.hpp"
#include "control/former.hpp"
#include "control/latches.hpp"
#include "control/limiters.hpp"
#include "control/obedience.hpp"
#include "control/phase.hpp"
#include "control/resistance.hpp"
#include "control/site.hpp"
#include "control/soc.hpp"
#include "control/validate.hpp"
#include "control/voltage.hpp"

namespace jkp::control {

struct Arrival {
    std::size_t pack;
    Stamped<PackReading> reading;
};

struct Inputs {
    TimePoint now;
    std::span<const Arrival> arrivals;       // readings since the last step, oldest first
    std::optional<TimePoint> inverter_seen;  // last 0x305
    std::optional<std::uint8_t> month{};     // 1..12, local; absent while the wall clock is not believed
    // The newest of the meter and of each way to the second battery. Given again it is not taken for new, and
    // left out it is not taken for gone: its age counts.
    std::optional<Stamped<GridReading>> grid{};
    std::span<const PeerSeen> peers{};
};

// The limits of the last samples, newest first: one sample tightens, loosening needs two of three.
struct Evidence {
    struct Entry {
        PackBounds bounds;
        TimePoint at{};
        bool operator==(const Entry&) const = default;
    };
    std::array<Entry, 3> entries{};
    std::uint8_t count = 0;
    bool operator==(const Evidence&) const = default;
};

// What one pack allows and how much of the bank's current it takes, as the last step found it.
struct PackPart {
    bool present = false;  // counted as part of the bank
    bool charges = false;  // its charge MOS is on, so its limits hold for the bank
    bool discharges = false;
    ChargeBound charge;  // of this pack alone; the bank gets charge / charge_share
    DischargeBound discharge;
    std::int32_t charge_share = 1'000'000;  // ppm of the bank's current, at most
    std::int32_t discharge_share = 1'000'000;
    bool operator==(const PackPart&) const = default;
};

// The measured part of the bank's current, a mean over the last minute of current.
struct Share {
    std::int32_t ppm = 0;
    Duration measured{};  // how much time the mean covers
    bool operator==(const Share&) const = default;
};

struct PackState {
    Validator validator;
    std::optional<Sample> sample;  // the last valid one
    TimePoint believed_at{};       // the last sample without a doubt
    TimePoint unchanged_since{};   // first sample with these cells, voltage and current
    bool frozen = false;
    bool cell_count_differs = false;  // from that of the first pack
    Thresholds limits;
    SocRange soc_range;  // of the season, as of the last step
    Resistance resistance;
    std::optional<std::int32_t>
        rhat_micro_ohm;  // learned before this sample, so that it cannot loosen its own limit
    MilliampHours capacity{0};
    Evidence evidence;
    PackLatches latches;
    RiseGate charge_gate;
    RiseGate discharge_gate;
    Ladder ladder;
    std::array<Ladder, probe_count> probe_ladders{};
    PackPart part;
    Share charge_share;
    Share discharge_share;
    std::uint8_t streak = 0;  // valid samples since it became part of the bank, up to 2
    std::uint32_t valid_samples = 0;
    std::uint64_t rejected_samples = 0;
    bool operator==(const PackState&) const = default;

    // When the data was new: that of the first equal sample once it is found frozen. Doubted samples are
    // not new data.
    [[nodiscard]] TimePoint data_at() const { return frozen ? unchanged_since : believed_at; }
};

struct State {
    std::vector<PackState> packs;  // sized once
    bool mustered = false;         // it was decided once which packs are there
    TimePoint shares_at{};
    std::optional<TimePoint> complete_since;
    Duration restored_hold{};  // from the state file, counted from complete_since
    Rising charge;
    Rising discharge;
    PhaseState phase;
    VoltageState voltage;
    VoltageLimits voltage_limits;
    SocState soc;
    Permille soc_sent;
    AgeStage age_stage = AgeStage::fresh;
    bool inverter_lost = false;
    Obedience obedience;
    SiteState site;
    Orders orders;
    std::vector<FormerPack> former;   // the newest last
    FixedVector<Event, 8> commanded;  // by commands since the last step, told by the next one
    bool operator==(const State&) const = default;
};

State make_state(const Config& config);

// The state for a changed configuration (SIGHUP); `before`: the one that `old` belongs to. A pack is found by
// its name and keeps all that is known of it. One with a new name in the place of a name that is gone keeps
// the latches and rise gates, and one that was configured earlier gets its own back; both start without
// readings, as a new pack does. Limits start from what is sent now, or from 0 when a pack or probe is new.
State adopt(const Config& config, const Config& before, const State& old);

Decision step(const Config& config, State& state, const Inputs& inputs);

// Local commands. They act on the last valid sample, which must be fresh.
Result<void, Refusal> acknowledge(const Config& config, State& state, std::size_t pack, TimePoint now);
Result<void, Refusal> recover(const Config& config, State& state, std::size_t pack, TimePoint now);

}  // namespace jkp::control
