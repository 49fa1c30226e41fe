// SPDX-License-Identifier: MIT
#include "control/phase.hpp"

namespace jkp::control {
namespace {

// Evidence is not integrated over gaps in the data.
constexpr Duration longest_step = seconds(5);
// Using this share of the capacity since Full ends Float: the battery is in use again.
constexpr std::int64_t idle_after_permille = 10;

void enter(PhaseState& s, Phase phase, TimePoint at, Events& events) {
    if (s.phase == phase) return;
    s.phase = phase;
    s.since = at;
    s.asked = s.asked && (phase == Phase::bulk || phase == Phase::absorb);
    s.absorb = {};
    s.rebulk = {};
    events.offer({EventCode::phase_changed, 0, static_cast<std::int32_t>(phase)});
}

// Voltage of the fullest cell with the charging current's share taken off: x of the control rules.
std::int64_t end_indicator(const PhaseSettings& p, const PhaseInputs& in) {
    const std::int64_t h = in.highest.voltage.count() + in.lowered_by.count();
    const std::int64_t current = std::max(in.pack_current.count(), 0);
    const std::int64_t tail = in.pack_capacity.count() * p.end_tail.count() / 1000;  // mA
    if (tail <= 0) return current == 0 ? h : 0;
    return h - (p.end_reference - p.end_voltage).count() * current / tail;
}

bool end_reached(PhaseState& s, const PhaseSettings& p, const PhaseInputs& in, Duration dt) {
    const Millivolts h = in.highest.voltage + in.lowered_by;
    const bool tailing = end_indicator(p, in) >= p.end_voltage.count() && h >= p.end_highest &&
                         in.pack_current >= p.end_current;
    s.end_credit = tailing ? s.end_credit + dt : std::max(Duration{}, s.end_credit - dt / 2);
    const Duration certain = s.end_certain.observe(h >= p.end_certain, in.at, longest_step);
    return s.end_credit >= p.end_time || certain >= p.end_time;
}

std::int64_t discharged_permille(const PhaseState& s, const PhaseInputs& in) {
    if (in.bank_capacity.count() <= 0) return 0;
    return s.discharged / 3'600 / in.bank_capacity.count();  // mA ms / 3.6e6 = mAh; times 1000
}

bool rebulk_due(PhaseState& s, const Config& config, const PhaseInputs& in) {
    const PhaseSettings& p = config.phase;
    const std::int64_t drop = std::int64_t{in.micro_ohm} * std::max(-in.pack_current.count(), 0) / 1'000'000;
    const Millivolts rest = in.highest.voltage + in.lowered_by + Millivolts(static_cast<std::int32_t>(drop));
    const Duration low = s.rebulk.observe(rest < p.rebulk_voltage, in.at, longest_step);
    const bool long_ago = s.last_end && in.at - *s.last_end >= p.rebulk_interval;
    return discharged_permille(s, in) >= p.rebulk_discharged.count() || low >= p.rebulk_delay || long_ago;
}

// What is discharged while absorbing counts towards the next Bulk when the end is not reached.
void end_charge(PhaseState& s, TimePoint at, bool full) {
    s.last_end = at;
    s.full_claimed = full;
    if (!full) return;
    s.discharged = 0;
    s.last_full = at;
    s.overdue_told = false;
}

bool uneven(const Config& config, const PhaseInputs& in) {
    // The balancer of a BMS works within its pack.
    return in.difference > config.phase.balance_difference;
}

// A charge that a command has begun ends with the command (rule S10); what comes after its end is that of
// any.
bool asked_no_more(PhaseState& s, const PhaseInputs& in, Events& events) {
    const bool over = s.asked && !in.full_charge;
    if (over) enter(s, Phase::idle, in.at, events);
    return over;
}

void in_bulk(PhaseState& s, const Config& config, const PhaseInputs& in, Events& events) {
    if (asked_no_more(s, in, events)) return;
    const Millivolts h = in.highest.voltage + in.lowered_by;
    const Duration high = s.absorb.observe(h >= config.phase.absorb_at, in.at, longest_step);
    if (high < config.phase.absorb_delay) return;
    s.end_credit = {};
    s.end_certain = {};
    s.discharged = 0;
    enter(s, Phase::absorb, in.at, events);
}

void in_absorb(PhaseState& s, const Config& config, const PhaseInputs& in, Duration dt, Events& events) {
    if (asked_no_more(s, in, events)) return;
    if (end_reached(s, config.phase, in, dt)) {
        end_charge(s, in.at, true);
        enter(s, Phase::full, in.at, events);
    } else if (in.at - s.since >= config.phase.absorb_maximum) {
        end_charge(s, in.at, false);
        events.offer({EventCode::absorb_gave_up});
        enter(s, Phase::floating, in.at, events);
    }
}

void in_balance(PhaseState& s, const Config& config, const PhaseInputs& in, Events& events) {
    const bool long_enough = in.at - s.since >= config.phase.balance_maximum;
    if (long_enough || !uneven(config, in)) enter(s, Phase::floating, in.at, events);
}

void in_float(PhaseState& s, const Config& config, const PhaseInputs& in, Events& events) {
    if (discharged_permille(s, in) >= idle_after_permille) enter(s, Phase::idle, in.at, events);
    const bool due = rebulk_due(s, config, in);
    s.asked = in.full_charge && !s.claims_full() && !due;
    if (due || s.asked) enter(s, Phase::bulk, in.at, events);
}

void tell_overdue(PhaseState& s, const PhaseSettings& p, TimePoint at, Events& events) {
    if (!s.first) s.first = at;
    if (s.overdue_told || at - s.last_full.value_or(*s.first) < p.full_overdue) return;
    s.overdue_told = true;
    events.offer({EventCode::full_overdue});
}

}  // namespace

void advance(PhaseState& s, const Config& config, const PhaseInputs& in, Events& events) {
    const Duration dt =
        s.stepped_at ? std::clamp(in.at - *s.stepped_at, Duration{}, longest_step) : Duration{};
    s.stepped_at = in.at;
    s.discharged = std::max<std::int64_t>(0, s.discharged - in.bank_current.count() * milliseconds(dt));
    tell_overdue(s, config.phase, in.at, events);
    if (in.fault) return enter(s, Phase::fault, in.at, events);
    switch (s.phase) {
        case Phase::init:
        case Phase::fault: return enter(s, Phase::bulk, in.at, events);
        case Phase::bulk: return in_bulk(s, config, in, events);
        case Phase::absorb: return in_absorb(s, config, in, dt, events);
        case Phase::full:
            return enter(s, uneven(config, in) ? Phase::balance : Phase::floating, in.at, events);
        case Phase::balance: return in_balance(s, config, in, events);
        case Phase::floating:
        case Phase::idle: return in_float(s, config, in, events);
    }
    broken("a Phase of the list", std::source_location::current());
}

std::string_view name(Phase phase) {
    switch (phase) {
        case Phase::init: return "init";
        case Phase::idle: return "idle";
        case Phase::bulk: return "bulk";
        case Phase::absorb: return "absorb";
        case Phase::full: return "full";
        case Phase::floating: return "float";
        case Phase::balance: return "balance";
        case Phase::fault: return "fault";
    }
    broken("a Phase of the list", std::source_location::current());
}

}  // namespace jkp::control
