// SPDX-License-Identifier: MIT
// Everything the outside may see of one control cycle, by value. Status, dashboard, MQTT and metrics all
// read this and nothing else, so they cannot disagree with the bus.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/step.hpp"
#include "core/pack.hpp"

namespace jkp::report {

struct NamedCount {
    std::string name;
    std::uint64_t count = 0;
};

// Whether a link can be used. Only its owner knows: `state` is a word for people, each kind of link has its
// own.
enum class LinkHealth : std::uint8_t { good, bad, off };  // off: not wanted, so that nothing is missing

constexpr LinkHealth health(bool good) {
    return good ? LinkHealth::good : LinkHealth::bad;
}

struct LinkView {
    std::string name;   // port or interface
    std::string state;  // one word
    LinkHealth health = LinkHealth::bad;
    std::string detail;  // one sentence when something is wrong
    std::vector<NamedCount> counters;
};

struct PackSnapshot {
    std::string name;
    std::optional<PackReading> reading;  // the last one that was believed
    Duration age{};
    std::uint64_t rejected = 0;
    bool hard_stop_latched = false;
    bool fault = false;
    bool lockout = false;
    bool recovering = false;
    control::PackPart part;
    control::Thresholds thresholds;  // in force, after the BMS's own over-voltage setting
    control::SocRange soc_range;     // of this season
    bool compensated = false;        // the charge limit allows for a learned resistance
    // That resistance of a cell path, rather too large than too small; absent: not learned yet.
    std::optional<std::int32_t> path_micro_ohm;
    LinkView link;
};

struct BusSnapshot {
    LinkView link;
    std::string mode;  // normal, unacknowledged, foreign, muted
    std::uint64_t bursts = 0;
    std::optional<Duration> last_burst;     // age
    std::optional<Duration> inverter_seen;  // age of the last 0x305
};

// One command, ordered or not (rule S10).
struct CommandView {
    control::CommandKind kind = control::CommandKind::max_charge;
    bool allowed = false;                     // over MQTT and HTTP
    std::optional<std::int32_t> value{};      // as it was sent, mA or 1; absent: not ordered
    std::optional<std::int32_t> effective{};  // what is in force of it
    std::string who{};
    std::optional<Duration> since{};    // age
    std::optional<Duration> expires{};  // what is left
};

struct Snapshot {
    std::string version;
    Duration uptime{};
    control::Decision decision;
    std::vector<PackSnapshot> packs;
    BusSnapshot bus;
    std::vector<LinkView> sources;      // grid meter and second inverter, as far as configured
    std::vector<LinkView> outlets;      // history, web server, MQTT broker, messages
    std::vector<CommandView> commands;  // all there are
};

}  // namespace jkp::report
