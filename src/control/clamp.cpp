// SPDX-License-Identifier: MIT
#include "control/clamp.hpp"

#include "control/intake.hpp"
#include "control/judge.hpp"
#include "control/shares.hpp"

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

}  // namespace

LastClamp::LastClamp(const Config& config, const State& state, TimePoint now)
    : config_(config), charge_before_(state.charge), discharge_before_(state.discharge), now_(now) {}

// Rule S1 once more, from the samples alone: what this pack gets of the bank's limit is below each limiter.
template <Direction D>
void LastClamp::check_pack(const SampleBounds<D>& raw, bool counts, std::int32_t share, bool anybody,
                           Bound<D>& sent) const {
    if (!counts) return;
    for (std::size_t i = 0; i < sample_limiters; ++i) {
        const bool open_switch = i == static_cast<std::size_t>(Rule::mos_off) && anybody;
        if (open_switch) continue;
        sent.tighten({for_bank(raw[i].value(), share), raw[i].reason()});
        ensure(sent.value() == Milliamps(0) || for_pack(sent.value(), share) <= raw[i].value(),
               "S1: the pack's share is below its limiter");
    }
}

void LastClamp::apply(State& state, const BankView& bank, Decision& decision) const {
    const auto any = [&](auto on) { return std::any_of(state.packs.begin(), state.packs.end(), on); };
    const bool charge_on =
        any([](const PackState& p) { return p.part.present && p.sample->reading.charge_mos; });
    const bool discharge_on =
        any([](const PackState& p) { return p.part.present && p.sample->reading.discharge_mos; });
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        const PackState& pack = state.packs[i];
        const PackPart& part = pack.part;
        if (!part.present) continue;
        const PackBounds raw = limiters(config_, i, *pack.sample, knowledge(config_, i, pack));
        check_pack(raw.charge, part.charges, part.charge_share, charge_on, decision.charge);
        check_pack(raw.discharge, part.discharges, part.discharge_share, discharge_on, decision.discharge);
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
