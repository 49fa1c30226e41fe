// SPDX-License-Identifier: MIT
#include "control/step.hpp"

#include "control/alarms.hpp"
#include "control/clamp.hpp"
#include "control/intake.hpp"

namespace jkp::control {
namespace {

// Collects the limiters of one direction: the tightest, whether one of them blocks, and the list.
template <Direction D>
struct Gather {
    Bounds<D>& list;
    Bound<D> tightest;
    bool blocked = false;

    void add(const Bound<D>& bound) {
        tightest.tighten(bound);
        blocked = blocked || (bound.value() == Milliamps(0) && blocks(bound.reason().rule));
        list.offer(bound);
    }
};

struct Both {
    Gather<Direction::charge> charge;
    Gather<Direction::discharge> discharge;
};

struct PackResult {
    PackView view;
    FlagPair flags;
};

void add_sample_bound(const PackState& pack, std::size_t limiter, TimePoint now, Both& both) {
    both.charge.add(trusted<Direction::charge>(pack.evidence, limiter, now));
    both.discharge.add(trusted<Direction::discharge>(pack.evidence, limiter, now));
}

void add_gate_bounds(const Config& config, std::size_t index, const PackState& pack, Both& both) {
    const Reason reason{.rule = Rule::rise_rule, .pack = static_cast<std::uint8_t>(index)};
    if (config.curves.charge_rise != RiseRule{}) both.charge.add({pack.charge_gate.allowed, reason});
    if (config.curves.discharge_rise != RiseRule{}) both.discharge.add({pack.discharge_gate.allowed, reason});
}

void add_latch_bounds(const Config& config, std::size_t index, const PackState& pack, TimePoint now,
                      Both& both) {
    Bounds<Direction::charge> charge;
    Bounds<Direction::discharge> discharge;
    add_bounds(pack.latches, config, index, *pack.sample, charge, discharge);
    for (const ChargeBound& b : charge) both.charge.add(aged(b, now - pack.sample->at));
    for (const DischargeBound& b : discharge) both.discharge.add(aged(b, now - pack.sample->at));
}

// Rule S6 for the pack and for each of its named probes.
void add_age_bounds(const Config& config, std::size_t index, State& state, TimePoint now, Both& both) {
    PackState& pack = state.packs[index];
    const Duration fresh = fresh_for(config.age, config.packs[index].poll_period);
    const auto add = [&](Ladder& ladder, Duration age, const Reason& reason) {
        const LadderBounds bounds =
            climb(config.age, ladder, fresh, age, state.charge.output, state.discharge.output, reason);
        if (ladder.stage == AgeStage::fresh) return;
        both.charge.add(bounds.charge);
        both.discharge.add(bounds.discharge);
    };
    const auto number = static_cast<std::uint8_t>(index);
    add(pack.ladder, now - pack.data_at(), {.rule = Rule::age, .pack = number});
    const auto probe = [&](Probe p) {
        const std::size_t i = static_cast<std::size_t>(p);
        const Duration missing = now - pack.sample->probe(p)->at;
        add(pack.probe_ladders[i], missing,
            {.rule = Rule::probe_age,
             .input = Input::temperature,
             .pack = number,
             .index = static_cast<std::uint8_t>(p),
             .value = pack.sample->probe(p)->value.count()});
    };
    for (const Probe p : config.packs[index].battery_probes) probe(p);
    if (config.packs[index].mosfet_probe) probe(Probe::mosfet);
}

PackResult examine(const Config& config, std::size_t index, State& state, TimePoint now, Decision& decision) {
    PackState& pack = state.packs[index];
    expire(pack.latches, config, index, now, decision.events);
    Both both{{decision.charge_limiters, {}, !decision.charge_enable},
              {decision.discharge_limiters, {}, !decision.discharge_enable}};
    // Of equal bounds the first is the one that is told: faults and old data before the curves.
    add_sample_bound(pack, static_cast<std::size_t>(Rule::user_maximum), now, both);
    add_latch_bounds(config, index, pack, now, both);
    add_age_bounds(config, index, state, now, both);
    add_gate_bounds(config, index, pack, both);
    for (std::size_t i = sample_limiters - 1; i > 0; --i) add_sample_bound(pack, i, now, both);
    decision.charge_enable = !both.charge.blocked;
    decision.discharge_enable = !both.discharge.blocked;
    return {.view = {.index = index,
                     .sample = &*pack.sample,
                     .capacity = pack.capacity,
                     .charge = both.charge.tightest,
                     .discharge = both.discharge.tightest},
            .flags = pack_flags(config, index, *pack.sample, pack.limits, pack.evidence.entries[0].bounds,
                                pack.latches)};
}

// The hold of rule S3 in both directions, although nothing fell: after old data and after a command.
void wait(const Config& config, State& state, TimePoint now) {
    const TimePoint hold = now + config.dynamics.rise_hold;
    state.charge.hold_until = std::max(state.charge.hold_until, hold);
    state.discharge.hold_until = std::max(state.discharge.hold_until, hold);
}

void watch_age(const Config& config, State& state, Decision& decision, TimePoint now) {
    Duration oldest{};
    AgeStage worst = AgeStage::fresh;
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const Duration age = now - state.packs[i].data_at();
        oldest = std::max(oldest, age);
        worst = std::max(worst, state.packs[i].ladder.stage);
        for (const Ladder& ladder : state.packs[i].probe_ladders) worst = std::max(worst, ladder.stage);
    }
    const auto seconds_old = static_cast<std::int32_t>(milliseconds(oldest) / 1000);
    if (worst >= AgeStage::zero && state.age_stage < AgeStage::zero) {
        decision.events.offer({EventCode::data_zero, 0, seconds_old});
    } else if (worst == AgeStage::reducing && state.age_stage < AgeStage::reducing) {
        decision.events.offer({EventCode::data_stale, 0, seconds_old});
    } else if (worst == AgeStage::fresh && state.age_stage >= AgeStage::reducing) {
        decision.events.offer({EventCode::data_back});
        wait(config, state, now);
    }
    // On the way back from reduced limits, "falling" is not yet "back": the hold is still owed.
    const bool returning = worst == AgeStage::falling && state.age_stage >= AgeStage::reducing;
    if (!returning) state.age_stage = worst;
    decision.age = oldest;
    decision.age_stage = worst;
}

bool inverter_gone(const Config& config, State& state, const Inputs& in, Decision& decision) {
    const bool gone = !in.inverter_seen || in.now - *in.inverter_seen > config.inverter_lost_after;
    const bool told = in.inverter_seen.has_value() && gone != state.inverter_lost;
    if (told) {
        const auto age = gone ? milliseconds(in.now - *in.inverter_seen) / 1000 : 0;
        decision.events.offer(
            {gone ? EventCode::inverter_lost : EventCode::inverter_back, 0, static_cast<std::int32_t>(age)});
    }
    if (in.inverter_seen) state.inverter_lost = gone;
    return gone;
}

void on_new_sample(const Config& config, State& state, const BankView& bank, Decision& decision) {
    const PackState& top = state.packs[bank.highest_pack];
    const bool fault = std::any_of(state.packs.begin(), state.packs.end(),
                                   [](const PackState& p) { return p.latches.fault(); });
    const bool stopped = std::any_of(state.packs.begin(), state.packs.end(), [](const PackState& p) {
        return p.latches.hard_stop || p.latches.high != HighFault::none ||
               p.sample->highest.voltage >= p.limits.hard_stop;
    });
    advance(state.phase, config,
            {.at = top.sample->at,
             .highest = bank.highest,
             .lowest = bank.lowest,
             .pack_current = top.sample->reading.current,
             .pack_capacity = top.capacity,
             .bank_current = bank.current,
             .bank_capacity = bank.capacity,
             .lowered_by = top.limits.lowered_by,
             .fault = fault},
            decision.events);
    state.voltage_limits =
        voltages(state.voltage, config, state.phase.phase, *top.sample, top.limits, stopped);
    state.soc_sent = follow(state.soc, config, bank, state.phase, top.sample->at, decision.events);
}

template <Direction D>
Milliamps bank_maximum(const Config& config) {
    Milliamps sum{0};
    for (const PackConfig& pack : config.packs) {
        sum += D == Direction::charge ? pack.max_charge : pack.max_discharge;
    }
    return sum;
}

bool started(const Config& config, const State& state, TimePoint now) {
    const auto wanted = static_cast<std::uint32_t>(config.dynamics.start_samples);
    const bool samples = std::all_of(state.packs.begin(), state.packs.end(),
                                     [&](const PackState& p) { return p.valid_samples >= wanted; });
    const Duration hold = std::max(config.dynamics.start_hold, state.restored_hold);
    return samples && now - *state.complete_since >= hold;
}

void fill_measurements(const Config& config, const State& state, const BankView& bank, Decision& d) {
    const bool too_old = d.age_stage >= AgeStage::zero;
    d.voltage = bank.voltage;
    d.current = too_old ? Milliamps(0) : bank.current;
    d.temperature = bank.temperature;
    d.soc = state.soc_sent;
    d.soh = config.soh;
    d.charge_voltage = state.voltage_limits.charge;
    d.discharge_voltage = state.voltage_limits.discharge;
    d.modules = std::max<std::uint8_t>(bank.packs, 1);
    d.phase = state.phase.phase;
    d.highest = bank.highest;
    d.highest_pack = static_cast<std::uint8_t>(bank.highest_pack);
    d.lowest = bank.lowest;
    d.lowest_pack = static_cast<std::uint8_t>(bank.lowest_pack);
    if (!too_old) return;
    d.protections.set(BatteryFlag::system_error);
    d.alarms.set(BatteryFlag::internal_communication);
}

bool may_transmit(const Config& config, const State& state, const Decision& d) {
    const bool silent = d.age_stage == AgeStage::lost && config.age.on_lost == OnLost::silence;
    const bool stopped = config.inverter_lost == InverterLost::stop && state.inverter_lost;
    return !silent && !stopped;
}

bool complete(const State& state) {
    return std::all_of(state.packs.begin(), state.packs.end(),
                       [](const PackState& p) { return p.sample.has_value(); });
}

// Rule S5: nothing is sent, and whatever comes later starts from 0.
Decision incomplete(State& state, Decision& decision) {
    state.complete_since.reset();
    state.charge.output = Milliamps(0);
    state.discharge.output = Milliamps(0);
    decision.charge = {Milliamps(0), Reason{.rule = Rule::start}};
    decision.discharge = {Milliamps(0), Reason{.rule = Rule::start}};
    return decision;
}

}  // namespace

State make_state(const Config& config) {
    ensure(!config.packs.empty() && config.packs.size() <= max_packs, "1..64 packs");
    State state;
    state.packs.resize(config.packs.size());
    return state;
}

State adopt(const Config& config, const State& old) {
    State state = old;
    state.packs.resize(config.packs.size());
    for (std::size_t i = 0; i < state.packs.size(); ++i) reconsider(config, i, state.packs[i]);
    return state;
}

Decision step(const Config& config, State& state, const Inputs& in) {
    Decision decision;
    decision.at = in.now;
    for (const Event& event : state.commanded) decision.events.offer(event);
    state.commanded.clear();
    bool fresh_sample = false;
    for (const Arrival& arrival : in.arrivals) {
        ensure(arrival.pack < state.packs.size(), "a reading of a configured pack");
        fresh_sample = take(config, state.packs[arrival.pack], arrival, decision.events) || fresh_sample;
    }
    if (!complete(state)) return incomplete(state, decision);
    decision.complete = true;
    if (!state.complete_since) {
        state.complete_since = in.now;
        decision.events.offer({EventCode::first_reading});
    }

    decision.charge_enable = true;
    decision.discharge_enable = true;
    FixedVector<PackView, max_packs> views;
    FlagPair flags;
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const PackResult result = examine(config, i, state, in.now, decision);
        views.push_back(result.view);
        flags = i == 0 ? result.flags : combine(flags, result.flags);
    }
    decision.protections = flags.protections;
    decision.alarms = flags.alarms;
    BankView bank = combine(config, views);
    watch_age(config, state, decision, in.now);
    if (fresh_sample) on_new_sample(config, state, bank, decision);

    if (inverter_gone(config, state, in, decision) && config.inverter_lost == InverterLost::zero) {
        const Reason reason{.rule = Rule::inverter_lost};
        bank.charge.tighten({Milliamps(0), reason});
        bank.discharge.tighten({Milliamps(0), reason});
        decision.charge_limiters.offer({Milliamps(0), reason});
        decision.discharge_limiters.offer({Milliamps(0), reason});
    }
    const bool ready = started(config, state, in.now);
    const LastClamp clamp(config, state, in.now);
    decision.charge =
        move(config, state.charge, bank.charge, bank_maximum<Direction::charge>(config), ready, in.now);
    decision.discharge = move(config, state.discharge, bank.discharge,
                              bank_maximum<Direction::discharge>(config), ready, in.now);
    fill_measurements(config, state, bank, decision);
    clamp.apply(state, bank, decision);
    decision.transmit = may_transmit(config, state, decision);
    return decision;
}

namespace {

Result<Sample, Refusal> fresh_sample(const Config& config, const State& state, std::size_t pack,
                                     TimePoint now) {
    if (pack >= state.packs.size()) return failure(Refusal::no_such_pack);
    const PackState& p = state.packs[pack];
    const Duration fresh = fresh_for(config.age, config.packs[pack].poll_period);
    if (!p.sample || now - p.data_at() > fresh) return failure(Refusal::no_data);
    return *p.sample;
}

void obeyed(const Config& config, State& state, TimePoint now, const Event& event) {
    wait(config, state, now);
    state.commanded.offer(event);
}

}  // namespace

Result<void, Refusal> acknowledge(const Config& config, State& state, std::size_t pack, TimePoint now) {
    const auto sample = fresh_sample(config, state, pack, now);
    if (!sample) return failure(sample.error());
    const auto done = acknowledge(state.packs[pack].latches, config, *sample);
    if (done) obeyed(config, state, now, {EventCode::fault_acknowledged, static_cast<std::uint8_t>(pack)});
    return done;
}

Result<void, Refusal> recover(const Config& config, State& state, std::size_t pack, TimePoint now) {
    const auto sample = fresh_sample(config, state, pack, now);
    if (!sample) return failure(sample.error());
    const auto done = recover(state.packs[pack].latches, config, config.packs[pack], *sample, now);
    if (done) obeyed(config, state, now, {EventCode::recovery_started, static_cast<std::uint8_t>(pack)});
    return done;
}

}  // namespace jkp::control
