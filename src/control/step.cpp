// SPDX-License-Identifier: MIT
#include "control/step.hpp"

#include "control/clamp.hpp"
#include "control/intake.hpp"
#include "control/judge.hpp"
#include "control/presence.hpp"
#include "control/shares.hpp"
#include "control/soc_window.hpp"

namespace jkp::control {
namespace {

// The hold of rule S3 in both directions, although nothing fell: after old data and after a command.
void wait(const Config& config, State& state, TimePoint now) {
    const TimePoint hold = now + config.dynamics.rise_hold;
    state.charge.hold_until = std::max(state.charge.hold_until, hold);
    state.discharge.hold_until = std::max(state.discharge.hold_until, hold);
}

// `left`: a pack has just left, so fresher data is no sign that anything came back.
void watch_age(const Config& config, State& state, bool left, Decision& decision, TimePoint now) {
    Duration oldest{};
    AgeStage worst = AgeStage::fresh;
    for (const PackState& pack : state.packs) {
        if (!pack.part.present) continue;
        oldest = std::max(oldest, now - pack.data_at());
        worst = std::max(worst, pack.ladder.stage);
        for (const Ladder& ladder : pack.probe_ladders) worst = std::max(worst, ladder.stage);
    }
    const auto seconds_old = static_cast<std::int32_t>(milliseconds(oldest) / 1000);
    if (left) {
        wait(config, state, now);
    } else if (worst >= AgeStage::zero && state.age_stage < AgeStage::zero) {
        decision.events.offer({EventCode::data_zero, 0, seconds_old});
    } else if (worst == AgeStage::reducing && state.age_stage < AgeStage::reducing) {
        decision.events.offer({EventCode::data_stale, 0, seconds_old});
    } else if (worst == AgeStage::fresh && state.age_stage >= AgeStage::reducing) {
        decision.events.offer({EventCode::data_back});
        wait(config, state, now);
    }
    // On the way back from reduced limits, "falling" is not yet "back": the hold is still owed.
    const bool returning = worst == AgeStage::falling && state.age_stage >= AgeStage::reducing && !left;
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

BankView seen_as_one(const Config& config, const State& state) {
    FixedVector<PackView, max_packs> views;
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const PackState& pack = state.packs[i];
        if (pack.part.present) views.push_back({i, &*pack.sample, pack.capacity});
    }
    return combine(config, views);
}

bool stopped_hard(const PackState& p) {
    return p.part.present && (p.latches.hard_stop || p.latches.high != HighFault::none ||
                              p.sample->highest.voltage >= p.limits.hard_stop);
}

std::int32_t cell_micro_ohm(const Config& config, MilliampHours capacity) {
    const std::int64_t ah = std::max<std::int64_t>(capacity.count() / 1000, 1);
    return static_cast<std::int32_t>(std::int64_t{config.resistance.micro_ohm} * 100 / ah);
}

void on_new_sample(const Config& config, State& state, const BankView& bank, Decision& decision) {
    const PackState& top = state.packs[bank.highest_pack];
    const bool fault = std::any_of(state.packs.begin(), state.packs.end(),
                                   [](const PackState& p) { return p.latches.fault(); });
    advance(state.phase, config,
            {.at = bank.at,
             .highest = bank.highest,
             .pack_current = top.sample->reading.current,
             .pack_capacity = top.capacity,
             .bank_current = bank.current,
             .bank_capacity = bank.capacity,
             .difference = bank.difference,
             .lowered_by = top.limits.lowered_by,
             .micro_ohm = top.resistance.micro_ohm.value_or(cell_micro_ohm(config, top.capacity)),
             .fault = fault,
             .full_charge = state.orders.of(CommandKind::full_charge).has_value()},
            decision.events);
    FixedVector<VoltagePack, max_packs> packs;
    for (const PackState& pack : state.packs) {
        if (pack.part.present)
            packs.push_back({&*pack.sample, pack.limits.charge_per_cell, pack.limits.discharge_per_cell});
    }
    const bool stopped = std::any_of(state.packs.begin(), state.packs.end(), stopped_hard);
    // The charge cycle goes on as it would; only the voltage is held.
    const Phase held = state.orders.of(CommandKind::float_hold) ? Phase::floating : state.phase.phase;
    state.voltage_limits = voltages(state.voltage, config, held, packs, bank.voltage, bank.at, stopped);
    state.soc_sent = follow(state.soc, config, bank, state.phase, bank.at, decision.events);
}

TimePoint start_over(const Config& config, const State& state) {
    return *state.complete_since + std::max(config.dynamics.start_hold, state.restored_hold);
}

Rise rise_of(const Rising& rising, Milliamps target, TimePoint start_over, TimePoint now) {
    return {target, std::max(std::max(rising.hold_until, start_over) - now, Duration{})};
}

bool started(const Config& config, const State& state, TimePoint now) {
    const auto wanted = static_cast<std::uint32_t>(config.dynamics.start_samples);
    const bool samples = std::all_of(state.packs.begin(), state.packs.end(), [&](const PackState& p) {
        return !p.part.present || p.valid_samples >= wanted;
    });
    return samples && now >= start_over(config, state);
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
    d.modules = bank.packs;
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

// Age of the oldest data that a limit depends on.
Duration oldest_age(const State& state) {
    Duration oldest{};
    for (const PackState& pack : state.packs) {
        if (!pack.part.present) continue;
        oldest = std::max(oldest, pack.ladder.age);
        for (const Ladder& ladder : pack.probe_ladders) oldest = std::max(oldest, ladder.age);
    }
    return oldest;
}

// Stage H, after the clamp: whatever the site says, it can only take away from what the battery allows.
void apply_site(const Config& config, State& state, const Inputs& in, const BankView& bank,
                Decision& decision) {
    const OwnSide own{.now = in.now,
                      .sample_at = bank.at,
                      .current = bank.current,
                      .voltage = bank.voltage,
                      .age_stage = decision.age_stage,
                      .age = oldest_age(state),
                      .charge_maximum = bank_maximum<Direction::charge>(config),
                      .discharge_maximum = bank_maximum<Direction::discharge>(config),
                      .charge = decision.charge,
                      .discharge = decision.discharge};
    const SiteLimits site = coordinate(config, state.site, own, in.grid, in.peers, decision.events);
    decision.site = site.decision;
    for (const ChargeBound& bound : site.charge_limiters) decision.charge_limiters.push_back(bound);
    for (const DischargeBound& bound : site.discharge_limiters) decision.discharge_limiters.push_back(bound);
    decision.charge.tighten(site.charge);
    decision.discharge.tighten(site.discharge);
    ensure(decision.charge.value() <= state.charge.output, "S4: the site only takes away");
    ensure(decision.discharge.value() <= state.discharge.output, "S4: the site only takes away");
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

Decision step(const Config& config, State& state, const Inputs& in) {
    Decision decision;
    decision.at = in.now;
    for (const Event& event : state.commanded) decision.events.offer(event);
    state.commanded.clear();
    expire(config, state.orders, in.now, decision.events);
    for (PackState& pack : state.packs) pack.soc_range = soc_range(config.soc_window, in.month);
    bool fresh_sample = false;
    for (const Arrival& arrival : in.arrivals) {
        ensure(arrival.pack < state.packs.size(), "a reading of a configured pack");
        fresh_sample = take(config, state.packs[arrival.pack], arrival, decision.events) || fresh_sample;
    }
    if (fresh_sample) compare_cell_counts(state, decision.events);
    if (!complete(config, state)) return incomplete(state, decision);
    decision.complete = true;
    if (!state.complete_since) {
        state.complete_since = in.now;
        decision.events.offer({EventCode::first_reading});
    }

    const bool left = muster(config, state, in.now, decision.events);
    set_shares(config, state, in.now);
    Judgement judgement = judge(config, state, in.now, decision.events);
    decision.protections = judgement.flags.protections;
    decision.alarms = judgement.flags.alarms;
    decision.charge_enable = !judgement.charge.blocked();
    decision.discharge_enable = !judgement.discharge.blocked();
    BankView bank = seen_as_one(config, state);
    watch_age(config, state, left, decision, in.now);
    if (fresh_sample) {
        learn_shares(config, state, bank.at);
        const Milliamps told = std::min(state.charge.output, state.orders.most_charge());
        observe(state.obedience, config.alarms, told, bank.current, bank.at, decision.events);
        on_new_sample(config, state, bank, decision);
    }

    if (state.obedience.disobeys) decision.alarms.set(BatteryFlag::charge_over_current);
    if (inverter_gone(config, state, in, decision) && config.inverter_lost == InverterLost::zero) {
        const Reason reason{.rule = Rule::inverter_lost};
        judgement.charge.add({Milliamps(0), reason});
        judgement.discharge.add({Milliamps(0), reason});
    }
    decision.charge_limiters = judgement.charge.list();
    decision.discharge_limiters = judgement.discharge.list();
    bank.charge = judgement.charge.tightest();
    bank.discharge = judgement.discharge.tightest();
    const bool ready = started(config, state, in.now);
    const LastClamp clamp(config, state, in.now);
    decision.charge =
        move(config, state.charge, bank.charge, bank_maximum<Direction::charge>(config), ready, in.now);
    decision.discharge = move(config, state.discharge, bank.discharge,
                              bank_maximum<Direction::discharge>(config), ready, in.now);
    const TimePoint start = start_over(config, state);
    decision.charge_rise = rise_of(state.charge, bank.charge.value(), start, in.now);
    decision.discharge_rise = rise_of(state.discharge, bank.discharge.value(), start, in.now);
    fill_measurements(config, state, bank, decision);
    clamp.apply(state, bank, decision);
    apply_site(config, state, in, bank, decision);
    apply_orders(config, state, oldest_age(state), decision);
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
