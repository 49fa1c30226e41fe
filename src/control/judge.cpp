// SPDX-License-Identifier: MIT
#include "control/judge.hpp"

#include "control/intake.hpp"
#include "control/shares.hpp"

namespace jkp::control {
namespace {

// Where the bounds of one pack go, for one direction.
template <Direction D>
struct PackSide {
    Verdict<D>& bank;
    Bound<D>& own;
    std::int32_t share;
    bool counts;

    // Of the pack alone: the bank may take as much more as the others do.
    void own_bound(const Bound<D>& bound) {
        if (!counts) return;
        own.tighten(bound);
        Reason reason = bound.reason();
        reason.share_ppm = share;
        bank.add({for_bank(bound.value(), share), reason});
    }
    // Of the whole bank.
    void bank_bound(const Bound<D>& bound) { bank.add(bound); }
};

struct PackSides {
    PackSide<Direction::charge> charge;
    PackSide<Direction::discharge> discharge;
};

// Whether a pack of the bank surely has its switch on; otherwise all of them stop it.
template <Direction D>
bool anybody_on(const State& state, TimePoint now) {
    constexpr auto rule = static_cast<std::size_t>(Rule::mos_off);
    return std::any_of(state.packs.begin(), state.packs.end(), [&](const PackState& p) {
        return p.part.present && trusted<D>(p.evidence, rule, now).value() > Milliamps(0);
    });
}

template <Direction D>
void sample_bound(const PackState& pack, std::size_t limiter, bool anybody, TimePoint now,
                  PackSide<D>& side) {
    const Bound<D> bound = trusted<D>(pack.evidence, limiter, now);
    const bool switch_of_one = limiter == static_cast<std::size_t>(Rule::mos_off) && anybody;
    // An open switch among several takes the pack's current to 0 by itself; its share is given to the others.
    if (switch_of_one && bound.value() == Milliamps(0)) return;
    side.own_bound(bound);
}

void gate_bounds(const Config& config, std::size_t index, const PackState& pack, PackSides& sides) {
    const Reason reason{.rule = Rule::rise_rule, .pack = static_cast<std::uint8_t>(index)};
    if (config.curves.charge_rise != RiseRule{}) {
        sides.charge.own_bound({pack.charge_gate.allowed, reason});
    }
    if (config.curves.discharge_rise != RiseRule{}) {
        sides.discharge.own_bound({pack.discharge_gate.allowed, reason});
    }
}

bool of_fault(Rule rule) {
    return rule == Rule::critical_high || rule == Rule::critical_low || rule == Rule::latches_unknown;
}

// A fault stops the bank, also when the pack's own switches are open: a person has to look at it.
template <Direction D>
void latch_bounds(const Bounds<D>& bounds, Duration age, PackSide<D>& side) {
    for (const Bound<D>& bound : bounds) {
        const Bound<D> now = aged(bound, age);
        if (of_fault(bound.reason().rule)) {
            side.bank_bound(now);
        } else {
            side.own_bound(now);
        }
    }
}

void latch_bounds(const Config& config, std::size_t index, const PackState& pack, TimePoint now,
                  PackSides& sides) {
    Bounds<Direction::charge> charge;
    Bounds<Direction::discharge> discharge;
    add_bounds(pack.latches, config, index, *pack.sample, charge, discharge);
    latch_bounds(charge, now - pack.sample->at, sides.charge);
    latch_bounds(discharge, now - pack.sample->at, sides.discharge);
}

// Rule S6 for the pack and for each of its named probes.
void age_bounds(const Config& config, std::size_t index, State& state, TimePoint now, PackSides& sides) {
    PackState& pack = state.packs[index];
    const Duration fresh = fresh_for(config.age, config.packs[index].poll_period);
    const auto add = [&](Ladder& ladder, Duration age, const Reason& reason) {
        const LadderBounds bounds =
            climb(config.age, ladder, fresh, age, state.charge.output, state.discharge.output, reason);
        if (ladder.stage == AgeStage::fresh) return;
        sides.charge.bank_bound(bounds.charge);
        sides.discharge.bank_bound(bounds.discharge);
    };
    const auto number = static_cast<std::uint8_t>(index);
    add(pack.ladder, now - pack.data_at(), {.rule = Rule::age, .pack = number});
    const auto probe = [&](Probe p) {
        const std::size_t i = static_cast<std::size_t>(p);
        add(pack.probe_ladders[i], now - pack.sample->probe(p)->at,
            {.rule = Rule::probe_age,
             .input = Input::temperature,
             .pack = number,
             .index = static_cast<std::uint8_t>(p),
             .value = pack.sample->probe(p)->value.count()});
    };
    for (const Probe p : config.packs[index].battery_probes) probe(p);
    if (config.packs[index].mosfet_probe) probe(Probe::mosfet);
}

struct Switches {
    bool charge;
    bool discharge;
};

void judge_pack(const Config& config, std::size_t index, State& state, Switches on, TimePoint now,
                Judgement& result, Events& events) {
    PackState& pack = state.packs[index];
    PackPart& part = pack.part;
    expire(pack.latches, config, index, now, events);
    part.charge = {};
    part.discharge = {};
    PackSides sides{{result.charge, part.charge, part.charge_share, part.charges},
                    {result.discharge, part.discharge, part.discharge_share, part.discharges}};
    const auto sample = [&](std::size_t limiter) {
        sample_bound(pack, limiter, on.charge, now, sides.charge);
        sample_bound(pack, limiter, on.discharge, now, sides.discharge);
    };
    // Of equal bounds the first is the one that is told: faults and old data before the curves.
    sample(static_cast<std::size_t>(Rule::user_maximum));
    latch_bounds(config, index, pack, now, sides);
    age_bounds(config, index, state, now, sides);
    gate_bounds(config, index, pack, sides);
    for (std::size_t i = sample_limiters - 1; i > 0; --i) sample(i);
}

// A pack that is lost while it had a fault is still at fault.
void judge_absent(std::size_t index, const PackLatches& latches, Judgement& result) {
    const auto number = static_cast<std::uint8_t>(index);
    const Reason high{.rule = Rule::critical_high, .pack = number};
    const Reason low{.rule = Rule::critical_low, .pack = number};
    if (latches.high != HighFault::none) result.charge.add({Milliamps(0), high});
    if (latches.high == HighFault::blocked) result.discharge.add({Milliamps(0), high});
    if (latches.low) result.discharge.add({Milliamps(0), low});
    if (!latches.unknown) return;
    const Reason unknown{.rule = Rule::latches_unknown, .pack = number};
    result.charge.add({Milliamps(0), unknown});
    result.discharge.add({Milliamps(0), unknown});
}

template <Direction D>
void bank_bounds(const Config& config, const State& state, Verdict<D>& verdict) {
    constexpr bool charge = D == Direction::charge;
    const auto& maximum = charge ? config.bank.max_charge : config.bank.max_discharge;
    verdict.add({std::min(maximum.value_or(wire_maximum), wire_maximum), Reason{.rule = Rule::bank_maximum}});
    std::int64_t sum = 0;
    for (const PackState& pack : state.packs) {
        if (!pack.part.present || !(charge ? pack.part.charges : pack.part.discharges)) continue;
        const bool on = charge ? pack.sample->reading.charge_mos : pack.sample->reading.discharge_mos;
        if (on) sum += charge ? pack.part.charge.value().count() : pack.part.discharge.value().count();
    }
    if (config.packs.size() == 1) return;
    verdict.add({Milliamps(static_cast<std::int32_t>(std::min<std::int64_t>(sum, wire_maximum.count()))),
                 Reason{.rule = Rule::bank_sum}});
}

}  // namespace

template <Direction D>
void Verdict<D>::add(const Bound<D>& bound) {
    blocked_ = blocked_ || (bound.value() == Milliamps(0) && blocks(bound.reason().rule));
    std::uint8_t& place = place_[static_cast<std::size_t>(bound.reason().rule)];
    if (place > 0) return list_[place - 1].tighten(bound);
    list_.push_back(bound);
    place = static_cast<std::uint8_t>(list_.size());
}
template class Verdict<Direction::charge>;
template class Verdict<Direction::discharge>;

Judgement judge(const Config& config, State& state, TimePoint now, Events& events) {
    Judgement result;
    const Switches on{anybody_on<Direction::charge>(state, now),
                      anybody_on<Direction::discharge>(state, now)};
    bool first = true;
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const PackState& pack = state.packs[i];
        if (!pack.part.present) {
            judge_absent(i, pack.latches, result);
            continue;
        }
        judge_pack(config, i, state, on, now, result, events);
        const FlagPair flags =
            pack_flags(config, i, *pack.sample, pack.limits, pack.evidence.entries[0].bounds, pack.latches);
        result.flags = first ? flags : combine(result.flags, flags);
        first = false;
    }
    bank_bounds<Direction::charge>(config, state, result.charge);
    bank_bounds<Direction::discharge>(config, state, result.discharge);
    return result;
}

}  // namespace jkp::control
