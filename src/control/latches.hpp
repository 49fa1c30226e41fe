// SPDX-License-Identifier: MIT
// What a pack did before and what therefore stays forbidden: hard stop latch, critical voltages (Fault)
// and the lockout of a deeply discharged cell. All of it survives a restart.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "control/bound.hpp"
#include "control/config.hpp"
#include "control/event.hpp"
#include "control/sample.hpp"
#include "control/thresholds.hpp"
#include "core/result.hpp"

namespace jkp::control {

enum class HighFault : std::uint8_t {
    none,
    blocked,            // H reached critical_high: both directions 0
    awaiting_operator,  // discharge is free again; charge needs `jk-pylon ack`
};

// Charging a deeply discharged cell after a local release.
struct Recovery {
    TimePoint started;
    Millivolts lowest_at_start;
    bool risen = false;  // the lowest cell has risen since
    bool operator==(const Recovery&) const = default;
};

// A condition that must hold in consecutive samples for a while.
struct Since {
    std::optional<TimePoint> first;
    std::optional<TimePoint> last;
    bool operator==(const Since&) const = default;

    // Returns for how long the condition has held without a gap in the data longer than `gap`.
    Duration observe(bool holds, TimePoint at, Duration gap);
};

struct PackLatches {
    bool hard_stop = false;
    HighFault high = HighFault::none;
    bool low = false;      // L reached critical_low: discharge 0 until acknowledged
    bool lockout = false;  // L was below charge_lockout: charge 0 until released locally
    bool unknown = false;  // what was latched before the start is not known: both 0 until acknowledged
    std::optional<Recovery> recovery;

    // Evidence towards a change; not stored.
    std::uint8_t high_samples = 0;      // consecutive samples at or above the latch
    std::uint8_t critical_samples = 0;  // ... critical_high
    std::uint8_t low_samples = 0;       // ... at or below critical_low
    std::uint8_t lockout_samples = 0;   // ... below charge_lockout
    Since below_release;
    Since low_recovered;
    bool operator==(const PackLatches&) const = default;

    [[nodiscard]] bool fault() const { return high != HighFault::none || low || unknown; }
};

// A latch or a Fault needs two consecutive valid samples (asymmetric trust).
inline constexpr std::uint8_t latch_samples = 2;

void observe(PackLatches& latches, const Config& config, std::size_t pack, const Sample& sample,
             const Thresholds& limits, Events& events);

// Time alone: a recovery that has lasted long enough or has not helped ends also without new samples.
void expire(PackLatches& latches, const Config& config, std::size_t pack, TimePoint now, Events& events);

// What a running recovery allows: 0 when there is none or its conditions are not met now.
Milliamps recovery_current(const PackLatches& latches, const Config& config, std::size_t pack,
                           const Sample& sample);

void add_bounds(const PackLatches& latches, const Config& config, std::size_t pack, const Sample& sample,
                Bounds<Direction::charge>& charge, Bounds<Direction::discharge>& discharge);

// Local commands (`jk-pylon ack`, `jk-pylon recover`), never over MQTT or HTTP.
enum class Refusal : std::uint8_t {
    nothing_to_acknowledge,
    still_critical,  // the voltage has not left the critical range for long enough
    nothing_to_recover,
    already_recovering,
    no_data,      // no fresh sample of this pack
    below_floor,  // the lowest cell is below recovery_floor
    too_cold,
    charge_mos_off,
    no_such_pack,
};
std::string_view name(Refusal refusal);

Result<void, Refusal> acknowledge(PackLatches& latches, const Config& config, const Sample& sample);
Result<void, Refusal> recover(PackLatches& latches, const Config& config, const PackConfig& pack,
                              const Sample& sample, TimePoint now);

}  // namespace jkp::control
