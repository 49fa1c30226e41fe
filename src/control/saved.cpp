// SPDX-License-Identifier: MIT
#include "control/saved.hpp"

#include <algorithm>

namespace jkp::control {
namespace {

constexpr auto longest_off = hours(24 * 365 * 10);  // beyond that a clock is wrong

SavedGate save(const RiseGate& gate, TimePoint now) {
    SavedGate result;
    if (gate.allowed != Milliamps::max()) result.allowed = gate.allowed;
    if (gate.reduced_at) result.reduced_ago = std::min<Duration>(now - *gate.reduced_at, longest_off);
    return result;
}

SavedPack save(const PackConfig& config, const PackState& pack, TimePoint now) {
    const PackLatches& l = pack.latches;
    SavedPack result{.name = std::string(config.name.view()),
                     .hard_stop = l.hard_stop,
                     .high = l.high,
                     .low = l.low,
                     .lockout = l.lockout,
                     .unknown = l.unknown,
                     .recovery_lasted = {},
                     .recovery_start = {},
                     .charge_gate = save(pack.charge_gate, now),
                     .discharge_gate = save(pack.discharge_gate, now),
                     .resistance = {.current2 = pack.resistance.current2,
                                    .product = pack.resistance.product,
                                    .voltage2 = pack.resistance.voltage2,
                                    .steps = pack.resistance.steps}};
    if (l.recovery) {
        result.recovery_lasted = now - l.recovery->started;
        result.recovery_start = l.recovery->lowest_at_start;
        result.recovery_risen = l.recovery->risen;
    }
    return result;
}

// How long the restart took; absent when the clocks do not tell or cannot be right.
std::optional<Duration> elapsed_since(const Saved& saved, TimePoint now, std::optional<WallTime> wall,
                                      std::string_view boot) {
    if (saved.since_boot && !boot.empty() && saved.boot == boot &&
        now.time_since_epoch() >= *saved.since_boot) {
        return now.time_since_epoch() - *saved.since_boot;
    }
    if (!saved.at || !wall || saved.at->seconds < 0 || wall->seconds < saved.at->seconds) return std::nullopt;
    const seconds elapsed(wall->seconds - saved.at->seconds);
    if (elapsed > longest_off) return std::nullopt;
    return elapsed;
}

std::string_view name_of(const PackConfig& pack) {
    return pack.name.view();
}
std::string_view name_of(const SavedPack& pack) {
    return pack.name;
}

SavedPack save(const FormerPack& former, TimePoint now) {
    return {.name = std::string(former.name.view()),
            .hard_stop = former.latches.hard_stop,
            .high = former.latches.high,
            .low = former.latches.low,
            .lockout = former.latches.lockout,
            .unknown = former.latches.unknown,
            .charge_gate = save(former.charge_gate, now),
            .discharge_gate = save(former.discharge_gate, now)};
}

RiseGate restore(const SavedGate& saved, TimePoint now, std::optional<Duration> elapsed) {
    RiseGate gate;
    if (saved.allowed) gate.allowed = *saved.allowed;
    // Without a believable clock the wait starts anew.
    if (saved.reduced_ago) gate.reduced_at = elapsed ? now - *saved.reduced_ago - *elapsed : now;
    return gate;
}

void restore(PackLatches& l, const SavedPack& saved, TimePoint now, std::optional<Duration> elapsed) {
    l.hard_stop = saved.hard_stop;
    l.high = saved.high;
    l.low = saved.low;
    l.lockout = saved.lockout;
    l.unknown = saved.unknown;
    // A recovery whose duration is unknown is not continued: it needs a new local release.
    if (!saved.recovery_lasted || !elapsed) return;
    l.recovery = Recovery{.started = now - *saved.recovery_lasted - *elapsed,
                          .lowest_at_start = saved.recovery_start,
                          .risen = saved.recovery_risen};
}

// By name; by position when the pack was given a new name, so that no latch is lost by renaming.
const SavedPack* find(const Config& config, const Saved& saved, std::size_t index) {
    const auto named = [](std::string_view name) {
        return [=](const auto& p) { return name_of(p) == name; };
    };
    const auto it = std::find_if(saved.packs.begin(), saved.packs.end(), named(name_of(config.packs[index])));
    if (it != saved.packs.end()) return &*it;
    if (index >= saved.packs.size()) return nullptr;
    const SavedPack& same_place = saved.packs[index];
    const bool of_another = std::any_of(config.packs.begin(), config.packs.end(), named(same_place.name));
    return of_another ? nullptr : &same_place;
}

FormerPack former_of(const SavedPack& saved, TimePoint now, std::optional<Duration> elapsed) {
    FormerPack former{.name = std::string_view(saved.name),
                      .latches = {},
                      .charge_gate = restore(saved.charge_gate, now, elapsed),
                      .discharge_gate = restore(saved.discharge_gate, now, elapsed)};
    restore(former.latches, saved, now, elapsed);
    return former;
}

bool configured(const Config& config, const SavedPack& saved) {
    return std::any_of(config.packs.begin(), config.packs.end(),
                       [&](const PackConfig& pack) { return name_of(pack) == name_of(saved); });
}

void restore(PackState& pack, const SavedPack& saved, TimePoint now, std::optional<Duration> elapsed) {
    restore(pack.latches, saved, now, elapsed);
    pack.charge_gate = restore(saved.charge_gate, now, elapsed);
    pack.discharge_gate = restore(saved.discharge_gate, now, elapsed);
}

// As in adopt(): by name, then as one that was configured earlier, then by its place.
void restore_packs(State& state, const Config& config, const Saved& saved, TimePoint now,
                   std::optional<Duration> elapsed) {
    for (const SavedPack& pack : saved.former) remember(state.former, former_of(pack, now, elapsed));
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const SavedPack* pack = find(config, saved, i);
        const bool same = pack != nullptr && name_of(*pack) == name_of(config.packs[i]);
        const auto back = take_back(state.former, name_of(config.packs[i]));
        if (back && !same) {
            state.packs[i].latches = back->latches;
            state.packs[i].charge_gate = back->charge_gate;
            state.packs[i].discharge_gate = back->discharge_gate;
        } else if (pack != nullptr) {
            restore(state.packs[i], *pack, now, elapsed);
        }
    }
    for (const SavedPack& pack : saved.packs) {
        if (!configured(config, pack)) remember(state.former, former_of(pack, now, elapsed));
    }
}

std::vector<SavedOrder> save(const Orders& orders, TimePoint now) {
    std::vector<SavedOrder> result;
    for (std::size_t i = 0; i < command_count; ++i) {
        const auto kind = static_cast<CommandKind>(i);
        const std::optional<Order>& order = orders.of(kind);
        if (!order || !tightens(kind)) continue;
        SavedOrder saved{.kind = kind,
                         .value = order->value,
                         .who = std::string(order->who.view()),
                         .ago = std::min<Duration>(now - order->since, longest_off),
                         .left = {},
                         .lasts = order->lasts};
        if (order->until) saved.left = std::max(*order->until - now, Duration{});
        result.push_back(saved);
    }
    return result;
}

void restore(Orders& orders, const SavedOrder& saved, TimePoint now, std::optional<Duration> elapsed) {
    if (!tightens(saved.kind)) return;
    const Duration off = elapsed.value_or(Duration{});
    Order order{.value = saved.value,
                .who = std::string_view(saved.who),
                .since = now - saved.ago - off,
                .until = {},
                .lasts = saved.lasts};
    // One that is over is told as expired by the first step.
    if (saved.left && saved.lasts) order.until = elapsed ? now + *saved.left - off : now + *saved.lasts;
    orders.given[static_cast<std::size_t>(saved.kind)] = order;
}

// An end that is put off again and again is not written each time: what is lost of it by a crash is over
// before the hold of the start is.
bool alike(const Order& a, const Order& b) {
    constexpr Duration most = seconds(30);
    const Duration later = a.until.value_or(TimePoint{}) - b.until.value_or(TimePoint{});
    return a.value == b.value && a.who == b.who && a.lasts == b.lasts && later <= most && later >= -most;
}

bool differ(const PackLatches& a, const PackLatches& b) {
    return a.hard_stop != b.hard_stop || a.high != b.high || a.low != b.low || a.lockout != b.lockout ||
           a.unknown != b.unknown || a.recovery != b.recovery;
}

void restore_resistances(State& state, const Config& config, const Saved& saved) {
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const SavedPack* pack = find(config, saved, i);
        if (pack == nullptr || name_of(*pack) != name_of(config.packs[i])) continue;
        const SavedResistance& r = pack->resistance;
        Resistance sums;
        sums.current2 = r.current2;
        sums.product = r.product;
        sums.voltage2 = r.voltage2;
        sums.steps = r.steps;
        state.packs[i].resistance = remembered(sums, config.resistance);
    }
}

void restore_cycle(State& state, const Saved& saved, TimePoint now, Duration elapsed) {
    state.phase.phase = saved.phase;
    state.phase.since = now;
    state.phase.full_claimed = saved.full_claimed;
    state.phase.discharged = saved.discharged;
    if (saved.full_ago) state.phase.last_full = now - *saved.full_ago - elapsed;
    if (saved.end_ago) state.phase.last_end = now - *saved.end_ago - elapsed;
    state.soc.sent = saved.soc_sent;
    state.soc.counter = saved.soc_counter;
}

}  // namespace

Saved save(const Config& config, const State& state, TimePoint now, std::optional<WallTime> wall,
           bool orderly, std::string_view boot) {
    Saved saved;
    saved.boot = boot;
    if (!boot.empty()) saved.since_boot = now.time_since_epoch();
    saved.at = wall;
    saved.orderly = orderly;
    const Duration of_restart =
        state.complete_since ? *state.complete_since + state.restored_hold - now : state.restored_hold;
    const auto of_order = [&](const std::optional<Rising>& rising) {
        return rising ? rising->hold_until - now : Duration{};
    };
    saved.hold = std::max({Duration{}, state.charge.hold_until - now, state.discharge.hold_until - now,
                           of_order(state.orders.charge), of_order(state.orders.discharge), of_restart});
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        saved.packs.push_back(save(config.packs[i], state.packs[i], now));
    }
    for (const FormerPack& former : state.former) saved.former.push_back(save(former, now));
    saved.phase = state.phase.asked ? Phase::idle : state.phase.phase;
    saved.full_claimed = state.phase.full_claimed;
    if (state.phase.last_full) saved.full_ago = now - *state.phase.last_full;
    if (state.phase.last_end) saved.end_ago = now - *state.phase.last_end;
    saved.discharged = state.phase.discharged;
    saved.soc_sent = state.soc.sent;
    saved.soc_counter = state.soc.counter;
    saved.orders = save(state.orders, now);
    return saved;
}

State restore(const Config& config, const Saved& saved, TimePoint now, std::optional<WallTime> wall,
              Duration cycle_age, std::string_view boot) {
    State state = make_state(config);
    const auto elapsed = elapsed_since(saved, now, wall, boot);
    restore_packs(state, config, saved, now, elapsed);
    for (const SavedOrder& order : saved.orders) restore(state.orders, order, now, elapsed);
    // After a crash nobody knows how much of a hold was left, or whether one began after the file was
    // written.
    if (saved.orderly) {
        state.restored_hold = elapsed ? std::max(Duration{}, saved.hold - *elapsed) : saved.hold;
    } else {
        state.restored_hold = std::max(saved.hold, config.dynamics.rise_hold);
    }
    // One that ended meanwhile is given back now, and that waits as it would have without the restart.
    const bool ended =
        std::any_of(state.orders.given.begin(), state.orders.given.end(),
                    [&](const auto& order) { return order && order->until && *order->until <= now; });
    if (ended) state.restored_hold = std::max(state.restored_hold, config.dynamics.rise_hold);
    if (elapsed && *elapsed <= cycle_age) {
        restore_cycle(state, saved, now, *elapsed);
        restore_resistances(state, config, saved);
    }
    return state;
}

State restore_unknown(const Config& config, TimePoint now) {
    State state = make_state(config);
    for (PackState& pack : state.packs) {
        pack.latches.unknown = true;
        pack.charge_gate = pack.discharge_gate = {.allowed = Milliamps{}, .reduced_at = now};
    }
    state.restored_hold = config.dynamics.rise_hold;
    return state;
}

bool latches_differ(const State& a, const State& b) {
    const auto same = [](const PackState& x, const PackState& y) {
        return !differ(x.latches, y.latches) && x.charge_gate.reduced_at == y.charge_gate.reduced_at &&
               x.discharge_gate.reduced_at == y.discharge_gate.reduced_at;
    };
    return !std::ranges::equal(a.packs, b.packs, same) || a.former != b.former ||
           a.phase.phase != b.phase.phase || orders_differ(a, b);
}

bool orders_differ(const State& a, const State& b) {
    for (std::size_t i = 0; i < command_count; ++i) {
        const std::optional<Order>& x = a.orders.given[i];
        const std::optional<Order>& y = b.orders.given[i];
        const bool same = x && y ? alike(*x, *y) : x.has_value() == y.has_value();
        if (tightens(static_cast<CommandKind>(i)) && !same) return true;
    }
    return false;
}

}  // namespace jkp::control
