// SPDX-License-Identifier: MIT
// A limit and its cause (rule S11). A Bound can only be tightened; charge and discharge are different
// types that the compiler keeps apart.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/fixed_vector.hpp"
#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::control {

// What limits. The order is the order of explanation when several give the same value.
enum class Rule : std::uint8_t {
    // From the newest samples of a pack
    user_maximum,
    bms_over_current,
    cell_high_curve,
    cell_low_curve,
    battery_temperature,
    mosfet_temperature,
    mos_off,
    bms_alarm,
    hard_stop,
    soc_window,
    cell_high_compensated,
    // From what the pack did before
    hard_stop_latched,
    critical_high,
    critical_low,
    low_cell_lockout,
    latches_unknown,
    recovery,
    rise_rule,
    // From the state of the data and of the partner
    age,
    probe_age,
    no_pack,
    // From the bank
    bank_maximum,
    bank_sum,
    inverter_lost,
    // From the site: a second inverter at the same meter
    peer_charging,
    peer_discharging,
    peer_unknown,
    oscillation,
    site_release,
    // From a command
    user_current,
    paused,
    command_release,
    // From the dynamics
    start,
    hold,
    ramp,
    smallest_useful,
};
inline constexpr std::size_t rule_count = static_cast<std::size_t>(Rule::smallest_useful) + 1;
std::string_view name(Rule rule);

// Which kind of value the cause names.
enum class Input : std::uint8_t { none, cell, temperature, current, alarm, soc, peer_current, period };

// Why a limit is what it is.
struct Reason {
    Rule rule = Rule::user_maximum;
    Input input = Input::none;
    std::uint8_t pack = 0;   // index into the configured packs
    std::uint8_t index = 0;  // cell number (from 1), Probe, PackAlarm; by input
    std::int32_t value = 0;  // mV, 0.1 C, mA, 0.1 %, ms; by input
    Duration age{};          // of the input
    std::int32_t share_ppm =
        1'000'000;  // of the bank's current that this pack takes; the limit is the bank's
    bool operator==(const Reason&) const = default;
};

enum class Direction : std::uint8_t { charge, discharge };

template <Direction D>
class Bound {
  public:
    constexpr Bound() = default;
    constexpr Bound(Milliamps value, Reason reason)
        : value_(std::max(value, Milliamps(0))), reason_(reason) {}

    [[nodiscard]] constexpr Milliamps value() const { return value_; }
    [[nodiscard]] constexpr const Reason& reason() const { return reason_; }

    // The only change there is: towards zero. An equal bound does not replace the earlier cause.
    constexpr void tighten(const Bound& other) {
        if (other.value_ < value_) *this = other;
    }
    constexpr bool operator==(const Bound&) const = default;

  private:
    Milliamps value_ = Milliamps::max();
    Reason reason_{};
};

using ChargeBound = Bound<Direction::charge>;
using DischargeBound = Bound<Direction::discharge>;

// Every limiter of one direction with what it allows now; `why` prints this list.
template <Direction D>
using Bounds = FixedVector<Bound<D>, 32>;

template <Direction D>
constexpr Bound<D> tightest(const Bounds<D>& bounds) {
    Bound<D> result;
    for (const Bound<D>& bound : bounds) result.tighten(bound);
    return result;
}

}  // namespace jkp::control
