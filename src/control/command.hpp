// SPDX-License-Identifier: MIT
// Commands from outside (rule S10). What is ordered comes after every other stage and has its own hold and
// ramp, so that no limit is ever higher than it would be without the orders (docs/control.md).
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "control/age.hpp"
#include "control/command_kind.hpp"
#include "control/decision.hpp"
#include "control/dynamics.hpp"

namespace jkp::control {

struct State;

inline constexpr Duration asked_for = seconds(60);  // after the last time it was sent
inline constexpr Duration longest_order = hours(24 * 365);

struct Command {
    CommandKind kind = CommandKind::max_charge;
    std::optional<std::int32_t> value{};  // mA, or 0 and 1; absent (and 0 of on and off) ends what is ordered
    std::optional<Duration> expires{};
    Who who{};
    bool operator==(const Command&) const = default;
};

// What is ordered now.
struct Order {
    std::int32_t value;                // mA as it was sent, or 1
    Who who{};                         // sent it last
    TimePoint since{};                 // with this value
    std::optional<TimePoint> until{};  // absent = until it is changed
    std::optional<Duration> lasts{};   // from sending to `until`
    bool operator==(const Order&) const = default;
};

struct Orders {
    std::array<std::optional<Order>, command_count> given{};  // by CommandKind
    // What is let through in each direction; absent = nothing is taken away, or all of it is given back.
    std::optional<Rising> charge;
    std::optional<Rising> discharge;
    Ladder ladder;
    Milliamps charge_sent{0};  // as of the last step
    Milliamps discharge_sent{0};
    bool operator==(const Orders&) const = default;

    [[nodiscard]] const std::optional<Order>& of(CommandKind kind) const {
        return given[static_cast<std::size_t>(kind)];
    }
    // The most that may flow into the battery by what was ordered; Milliamps::max() = no matter.
    [[nodiscard]] Milliamps most_charge() const { return charge ? charge->output : Milliamps::max(); }
};

enum class CommandRefusal : std::uint8_t {
    out_of_range,    // value or time
    not_configured,  // profile.force_charge_requests is off
    no_data,         // no complete reading, or too old ones
    latched,         // a pack has a fault, a lockout or a latched hard stop
};
std::string_view name(CommandRefusal refusal);

// Why less is in force than was asked for.
enum class CommandCut : std::uint8_t {
    none,
    configured_maximum,  // of the packs or of the bank
    without_request,     // profile.full_charge_requests is off: a charge cycle begins, nothing is requested
    one_minute,          // it asks for more and ends after asked_for
};

struct Outcome {
    std::optional<CommandRefusal> refused;
    std::optional<std::int32_t> effective{};  // what is in force; absent: nothing is ordered any more
    CommandCut cut = CommandCut::none;
    std::optional<Duration> expires{};
    bool operator==(const Outcome&) const = default;
};

// Takes the command or refuses it; the next step acts on it and tells it. The same order again is not told
// again, but prolongs one that ends. Anything but printable ASCII in `who` becomes '?'.
Outcome order(const Config& config, State& state, const Command& command, TimePoint now);

// What is in force of an order: the value, but no more than is configured.
std::int32_t effective(const Config& config, CommandKind kind, std::int32_t value);

// Ends what has lasted long enough.
void expire(const Config& config, Orders& orders, TimePoint now, Events& events);

// The last stage: tightens the decision by what is ordered, and adds the requests of 0x35C. `age`: of the
// oldest pack or probe.
void apply_orders(const Config& config, State& state, Duration age, Decision& decision);

}  // namespace jkp::control
