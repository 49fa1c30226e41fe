// SPDX-License-Identifier: MIT
#include "control/command.hpp"

#include <algorithm>

#include "control/intake.hpp"
#include "control/judge.hpp"
#include "control/step.hpp"

namespace jkp::control {
namespace {

bool in_range(const Command& c) {
    const std::int32_t most = is_current(c.kind) ? wire_maximum.count() : 1;
    const std::int32_t value = c.value.value_or(0);
    const Duration expires = c.expires.value_or(longest_order);
    return value >= 0 && value <= most && expires > Duration{} && expires <= longest_order;
}

bool ends(const Command& c) {
    return !c.value || (!is_current(c.kind) && *c.value == 0);
}

bool latched(const State& state) {
    return std::any_of(state.packs.begin(), state.packs.end(), [](const PackState& p) {
        return p.latches.fault() || p.latches.hard_stop || p.latches.lockout;
    });
}

std::optional<CommandRefusal> refusal(const Config& config, const State& state, const Command& c) {
    if (!in_range(c)) return CommandRefusal::out_of_range;
    if (tightens(c.kind) || ends(c)) return std::nullopt;
    if (c.kind == CommandKind::force_charge && !config.force_charge_requests) {
        return CommandRefusal::not_configured;
    }
    if (!state.complete_since || state.age_stage >= AgeStage::zero) return CommandRefusal::no_data;
    if (c.kind != CommandKind::float_hold && latched(state)) return CommandRefusal::latched;
    return std::nullopt;
}

Who printable(const Who& who) {
    std::array<char, 48> text{};
    const std::string_view from = who.view();
    std::transform(from.begin(), from.end(), text.begin(),
                   [](char c) { return c >= 0x20 && c < 0x7F ? c : '?'; });
    return std::string_view(text.data(), from.size());
}

Order made(const Command& command, const std::optional<Order>& before, const Who& who, TimePoint now) {
    const bool same = before && before->value == *command.value;
    Order order{.value = *command.value,
                .who = who,
                .since = same ? before->since : now,
                .until = {},
                .lasts = command.expires};
    if (!tightens(command.kind)) order.lasts = std::min(command.expires.value_or(asked_for), asked_for);
    if (order.lasts) order.until = now + *order.lasts;
    return order;
}

// Also what was tightened is held: a limit that follows a hand up and down is of no use to an inverter.
void hold(const Config& config, Orders& orders, TimePoint now) {
    for (std::optional<Rising>* const rising : {&orders.charge, &orders.discharge}) {
        if (!*rising) continue;
        (*rising)->hold_until = std::max((*rising)->hold_until, now + config.dynamics.rise_hold);
    }
}

CommandCut cut_of(const Config& config, const Command& command, const Order& order) {
    if (effective(config, command.kind, order.value) < order.value) return CommandCut::configured_maximum;
    if (command.kind == CommandKind::full_charge && !config.full_charge_requests) {
        return CommandCut::without_request;
    }
    if (command.expires && *command.expires > *order.lasts) return CommandCut::one_minute;
    return CommandCut::none;
}

Outcome outcome_of(const Config& config, const Command& command, const std::optional<Order>& given) {
    if (!given) return {};
    return {.refused = {},
            .effective = effective(config, command.kind, given->value),
            .cut = cut_of(config, command, *given),
            .expires = given->lasts};
}

struct Known {
    std::optional<std::int32_t> value;
    Who who;
    bool operator==(const Known&) const = default;
};
Known known(const std::optional<Order>& order) {
    return order ? Known{order->value, order->who} : Known{};
}

template <Direction D>
constexpr CommandKind maximum_of = CommandKind::max_charge;
template <>
constexpr CommandKind maximum_of<Direction::discharge> = CommandKind::max_discharge;

// Paused first: of equal bounds the first is told, and only this one clears the enable bit.
template <Direction D>
std::optional<Bound<D>> ordered(const Config& config, const Orders& orders) {
    constexpr CommandKind kind = maximum_of<D>;
    if (orders.of(CommandKind::pause)) return Bound<D>(Milliamps(0), Reason{.rule = Rule::paused});
    const std::optional<Order>& current = orders.of(kind);
    if (!current) return std::nullopt;
    return Bound<D>(Milliamps(effective(config, kind, current->value)), Reason{.rule = Rule::user_current});
}

// Orders are no measurements: whoever gives one back means it, whatever the size of the step.
Dynamics dynamics_of_orders(const Config& config) {
    Dynamics rules = config.dynamics;
    rules.rise_window = {};
    rules.rise_from = {};
    return rules;
}

// What the direction is held to, and whether the inverter is told that the battery refuses.
template <Direction D>
struct Side {
    std::optional<Rising>& rising;
    Bound<D>& sent;
    Bounds<D>& limiters;
    bool& enable;
};

template <Direction D>
void apply(const Config& config, const Orders& orders, const Bound<D>& old, AgeStage stage, TimePoint now,
           Side<D> side) {
    const std::optional<Bound<D>> wanted = ordered<D>(config, orders);
    if (!wanted && !side.rising) return;
    const Milliamps maximum = bank_maximum<D>(config);
    if (!side.rising) {
        side.rising = Rising{.output = side.sent.value(), .hold_until = {}, .moved_at = now, .allowed = {}};
    }
    Rising& rising = *side.rising;
    // On old data limits may only fall (rule S6), and its return is followed by a hold.
    if (stage != AgeStage::fresh) {
        rising.hold_until = std::max(rising.hold_until, now + config.dynamics.rise_hold);
    }
    const bool held = now < rising.hold_until;
    if (held) rising.output = std::min(rising.output, side.sent.value());  // nothing that is sent rises
    const Reason release{.rule = Rule::command_release};
    const Bound<D> target = wanted.value_or(Bound<D>(maximum, release));
    const bool fresh = stage == AgeStage::fresh;
    move(dynamics_of_orders(config), config.smallest_useful, rising, target, maximum, fresh, now);
    if (!wanted && !held && rising.output >= side.sent.value()) return side.rising.reset();
    const Bound<D> bound = rising.output < target.value() ? Bound<D>(rising.output, release) : target;
    side.limiters.push_back(bound);
    side.sent.tighten(bound);
    if (bound.value() == Milliamps(0) && blocks(bound.reason().rule)) side.enable = false;
    if (orders.ladder.stage == AgeStage::fresh) return;
    side.limiters.push_back(old);
    side.sent.tighten(old);
}

// Only a battery that takes current, whose data is new and that waits for nobody may ask for it.
bool may_ask(const State& state, const Decision& d) {
    return d.charge_enable && d.charge.value() > Milliamps(0) && d.age_stage == AgeStage::fresh &&
           !latched(state);
}

}  // namespace

Outcome order(const Config& config, State& state, const Command& command, TimePoint now) {
    const Who who = printable(command.who);
    const auto tell = [&](EventCode code, std::int32_t value) {
        state.commanded.offer({.code = code, .pack = 0, .value = value, .command = command.kind, .who = who});
    };
    if (const auto refused = refusal(config, state, command)) {
        tell(EventCode::command_refused, static_cast<std::int32_t>(*refused));
        return {.refused = refused};
    }
    std::optional<Order>& given = state.orders.given[static_cast<std::size_t>(command.kind)];
    const Known before = known(given);
    if (ends(command)) {
        given.reset();
    } else {
        given = made(command, given, who, now);
    }
    const Known after = known(given);
    if (before.value != after.value && tightens(command.kind)) hold(config, state.orders, now);
    const Outcome outcome = outcome_of(config, command, given);
    if (after == before) return outcome;
    if (given) {
        tell(EventCode::command_accepted, *outcome.effective);
    } else {
        tell(EventCode::command_ended, *before.value);
    }
    return outcome;
}

std::int32_t effective(const Config& config, CommandKind kind, std::int32_t value) {
    if (kind == CommandKind::max_charge) {
        return std::min(value, bank_maximum<Direction::charge>(config).count());
    }
    if (kind == CommandKind::max_discharge) {
        return std::min(value, bank_maximum<Direction::discharge>(config).count());
    }
    return value;
}

void expire(const Config& config, Orders& orders, TimePoint now, Events& events) {
    for (std::size_t i = 0; i < command_count; ++i) {
        std::optional<Order>& given = orders.given[i];
        if (!given || !given->until || now < *given->until) continue;
        const auto kind = static_cast<CommandKind>(i);
        events.offer({.code = EventCode::command_expired,
                      .pack = 0,
                      .value = effective(config, kind, given->value),
                      .command = kind,
                      .who = given->who});
        given.reset();
        if (tightens(kind)) hold(config, orders, now);
    }
}

void apply_orders(const Config& config, State& state, Duration age, Decision& d) {
    Orders& orders = state.orders;
    const LadderBounds old = climb(config.age, orders.ladder, config.age.reduce_from, age, orders.charge_sent,
                                   orders.discharge_sent, {.rule = Rule::age});
    apply<Direction::charge>(config, orders, old.charge, d.age_stage, d.at,
                             {orders.charge, d.charge, d.charge_limiters, d.charge_enable});
    apply<Direction::discharge>(config, orders, old.discharge, d.age_stage, d.at,
                                {orders.discharge, d.discharge, d.discharge_limiters, d.discharge_enable});
    orders.charge_sent = d.charge.value();
    orders.discharge_sent = d.discharge.value();
    if (!may_ask(state, d)) return;
    d.force_charge_1 = d.force_charge_2 =
        config.force_charge_requests && orders.of(CommandKind::force_charge).has_value();
    d.full_charge = config.full_charge_requests && orders.of(CommandKind::full_charge).has_value() &&
                    !state.phase.claims_full();
}

std::string_view name(CommandKind kind) {
    switch (kind) {
        case CommandKind::max_charge: return "max_charge_a";
        case CommandKind::max_discharge: return "max_discharge_a";
        case CommandKind::pause: return "pause";
        case CommandKind::force_charge: return "force_charge";
        case CommandKind::full_charge: return "full_charge";
        case CommandKind::float_hold: return "float_hold";
    }
    broken("a CommandKind of the list", std::source_location::current());
}

std::string_view name(CommandRefusal refusal) {
    switch (refusal) {
        case CommandRefusal::out_of_range: return "out_of_range";
        case CommandRefusal::not_configured: return "not_configured";
        case CommandRefusal::no_data: return "no_data";
        case CommandRefusal::latched: return "latched";
    }
    broken("a CommandRefusal of the list", std::source_location::current());
}

}  // namespace jkp::control
