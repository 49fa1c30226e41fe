// SPDX-License-Identifier: MIT
// What survives a restart: latches, gates, holds and the state of the charge cycle. Plain data; the report
// room writes it as JSON, the shell keeps the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/step.hpp"

namespace jkp::control {

inline constexpr int saved_version = 1;

struct SavedGate {
    std::optional<Milliamps> allowed;     // absent = nothing was taken
    std::optional<Duration> reduced_ago;  // at the time of saving
    bool operator==(const SavedGate&) const = default;
};

// The sums that the resistance of a cell path is learned from, see Resistance.
struct SavedResistance {
    double current2 = 0;
    double product = 0;
    double voltage2 = 0;
    int steps = 0;
    bool operator==(const SavedResistance&) const = default;
};

struct SavedPack {
    std::string name;
    bool hard_stop = false;
    HighFault high = HighFault::none;
    bool low = false;
    bool lockout = false;
    bool unknown{};
    std::optional<Duration> recovery_lasted{};
    Millivolts recovery_start{};
    bool recovery_risen = false;
    SavedGate charge_gate{};
    SavedGate discharge_gate{};
    SavedResistance resistance{};
    bool operator==(const SavedPack&) const = default;
};

// Of the commands only those that tighten: the others end with the program (rule S10).
struct SavedOrder {
    CommandKind kind = CommandKind::max_charge;
    std::int32_t value{};
    std::string who;
    Duration ago{};                   // since it was given with this value
    std::optional<Duration> left{};   // absent = until it is changed
    std::optional<Duration> lasts{};  // in full; there when `left` is
    bool operator==(const SavedOrder&) const = default;
};

struct Saved {
    int version = saved_version;
    std::optional<WallTime> at;  // absent = the clock was not believed
    bool orderly = false;        // written at an orderly stop, so that the holds are exact
    Duration hold{};             // the longer of the two remaining holds
    std::vector<SavedPack> packs;
    std::vector<SavedPack> former;  // no longer configured; of these only latches and gates
    Phase phase = Phase::init;
    bool full_claimed = false;
    std::optional<Duration> full_ago;
    std::optional<Duration> end_ago;
    std::int64_t discharged = 0;
    std::optional<Ppm> soc_sent;
    std::optional<Ppm> soc_counter;
    std::vector<SavedOrder> orders;
    std::string boot{};                     // of the machine when this was written; empty = not known
    std::optional<Duration> since_boot{};   // the steady clock then
    std::vector<std::string> unheard_of{};  // orders that this program does not know; read, never written
    bool operator==(const Saved&) const = default;
};

// `boot` names the run of the machine since it was switched on; empty when that is not known.
Saved save(const Config& config, const State& state, TimePoint now, std::optional<WallTime> wall,
           bool orderly, std::string_view boot = {});

// Latches, faults and lockouts are taken over whatever their age, by the pack's name or else its place; those
// of packs that are not configured are remembered (see FormerPack). An
// age that is negative or unknown keeps every hold in full and forgets the charge cycle and the learned
// resistance; so does an age above `cycle_age` for the latter two. A resistance belongs to the name alone:
// in the place of a pack there may be another. An order that ends goes on by the clock, and without one that
// is believed it lasts once more in full. Within one run of the machine the steady clock tells the age,
// whatever happened to that on the wall.
State restore(const Config& config, const Saved& saved, TimePoint now, std::optional<WallTime> wall,
              Duration cycle_age, std::string_view boot = {});

// For a start with a file that nobody can read. What was latched or ordered is not known, so nothing flows
// until a person has looked at the battery (`jk-pylon ack`); then what the cells cannot rule out stays.
State restore_unknown(const Config& config, TimePoint now);

// Whether a change between two states is worth writing at once: a latch, a gate, the phase, what is ordered.
bool latches_differ(const State& a, const State& b);
// Of it what is ordered.
bool orders_differ(const State& a, const State& b);

}  // namespace jkp::control
