// SPDX-License-Identifier: MIT
#include "control/clamp.hpp"

namespace jkp::control {
namespace {

// Rule S3: an increase only after the hold, and not faster than the ramp (the first step up from 0 may be
// the smallest useful current).
void check_rise(const Config& config, const Rising& before, Milliamps now_sent, TimePoint now) {
    if (now_sent <= before.output) return;
    ensure(now >= before.hold_until, "S3: no increase during a hold");
    const Milliamps most =
        std::max(config.smallest_useful,
                 before.output + ramp_step(config.dynamics, Milliamps::max(), now - before.moved_at));
    ensure(now_sent <= most, "S3: no increase faster than the ramp");
}

template <Direction D>
void check_bounds(const Bounds<D>& bounds, Milliamps sent) {
    for (const Bound<D>& bound : bounds) ensure(sent <= bound.value(), "S1: no limit above a limiter");
}

constexpr Milliamps wire_maximum{3'276'700};  // 0x351 carries 0.1 A in 15 bits

}  // namespace

LastClamp::LastClamp(const Config& config, const State& state, TimePoint now)
    : config_(config), charge_before_(state.charge), discharge_before_(state.discharge), now_(now) {}

void LastClamp::apply(State& state, const BankView& bank, Decision& decision) const {
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const PackState& pack = state.packs[i];
        const Milliamps floor = recovery_current(pack.latches, config_, i, *pack.sample);
        const PackBounds raw = limiters(config_, i, *pack.sample, pack.limits, floor);
        for (const ChargeBound& bound : raw.charge) decision.charge.tighten(bound);
        for (const DischargeBound& bound : raw.discharge) decision.discharge.tighten(bound);
    }
    state.charge.output = decision.charge.value();
    state.discharge.output = decision.discharge.value();

    check_bounds(decision.charge_limiters, decision.charge.value());
    check_bounds(decision.discharge_limiters, decision.discharge.value());
    ensure(decision.charge.value() <= bank.charge.value(), "S1: charge below the bank's bound");
    ensure(decision.discharge.value() <= bank.discharge.value(), "S1: discharge below the bank's bound");
    ensure(decision.age_stage < AgeStage::zero ||
               (decision.charge.value() == Milliamps(0) && decision.discharge.value() == Milliamps(0)),
           "S2: nothing is allowed on old data");
    check_rise(config_, charge_before_, decision.charge.value(), now_);
    check_rise(config_, discharge_before_, decision.discharge.value(), now_);
    ensure(decision.charge.value() >= Milliamps(0) && decision.charge.value() <= wire_maximum,
           "S8: charge limit fits its field");
    ensure(decision.discharge.value() >= Milliamps(0) && decision.discharge.value() <= wire_maximum,
           "S8: discharge limit fits its field");
}

}  // namespace jkp::control
