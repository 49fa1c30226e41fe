// SPDX-License-Identifier: MIT
// Rules over random configurations and random histories: valid, garbled, missing and frozen samples,
// jumps, gaps, a clock that starts at 0 or after decades. The run-time assertions of the last clamp are
// active in every one of these runs.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "generators.hpp"

namespace jkp::control::test {
namespace {

using Moments = std::vector<Moment>;

RC_GTEST_PROP(Properties, S1_NoLimitIsAboveAnyLimiter, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) {
        const Decision& d = play(rig, moment);
        for (const ChargeBound& bound : d.charge_limiters) RC_ASSERT(d.charge.value() <= bound.value());
        for (const DischargeBound& bound : d.discharge_limiters) {
            RC_ASSERT(d.discharge.value() <= bound.value());
        }
        RC_ASSERT(d.charge.value() <= rig.config.packs[0].max_charge);
        RC_ASSERT(d.discharge.value() <= rig.config.packs[0].max_discharge);
    }
}

RC_GTEST_PROP(Properties, S2_WithoutANewValidSampleNoLimiterLoosens, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) {
        const Decision before = rig.last;
        const std::uint32_t valid = rig.state.packs[0].valid_samples;
        const Decision& d = play(rig, moment);
        if (!before.complete || rig.state.packs[0].valid_samples != valid) continue;
        RC_ASSERT(tightest(d.charge_limiters).value() <= tightest(before.charge_limiters).value());
        RC_ASSERT(tightest(d.discharge_limiters).value() <= tightest(before.discharge_limiters).value());
    }
}

// A garbled or impossible reading is worth exactly as much as none.
// Impossible cells say nothing; believable cells with an impossible current may tighten, never loosen.
RC_GTEST_PROP(Properties, S2_ARejectedReadingLimitsLikeAMissingOne, (const Moments& moments)) {
    const Config config = *any_config();
    const TimePoint start = any_start();
    Rig garbled(config, start);
    Rig missing(config, start);
    bool doubted = false;  // from the first on the two may differ
    for (Moment moment : moments) {
        // An incomplete reading is not garbled: what it does say is kept.
        if (moment.kind == Kind::probe_lost) moment.kind = Kind::one_bad_cell;
        moment.celsius = std::clamp(moment.celsius, -40, 120);
        const std::uint32_t valid = garbled.state.packs[0].valid_samples;
        const Decision& a = play(garbled, moment);
        missing.reading = garbled.reading;
        missing.now += milliseconds(moment.after_ms);
        const bool accepted = garbled.state.packs[0].valid_samples != valid;
        const Decision& b = accepted ? missing.feed() : missing.silent();
        doubted = doubted || (garbled.state.packs[0].sample && garbled.state.packs[0].sample->doubt);
        RC_ASSERT(a.transmit == b.transmit);
        RC_ASSERT(doubted || a.charge == b.charge);
        RC_ASSERT(doubted || a.discharge == b.discharge);
        RC_ASSERT(doubted || a.charge_voltage == b.charge_voltage);
        // What fell earlier, and by less than restarts a hold, may also be given back earlier.
        RC_ASSERT(tightest(a.charge_limiters).value() <= tightest(b.charge_limiters).value());
        RC_ASSERT(tightest(a.discharge_limiters).value() <= tightest(b.discharge_limiters).value());
    }
}

// What a limiter of the list allows.
template <Direction D>
Milliamps limit_of(const Bounds<D>& bounds, Rule rule) {
    const auto* const it = std::find_if(bounds.begin(), bounds.end(),
                                        [&](const Bound<D>& b) { return b.reason().rule == rule; });
    ensure(it != bounds.end(), "every limiter of a sample is listed");
    return it->value();
}

// One sample never loosens what the two before it agreed upon.
RC_GTEST_PROP(Properties, S2_OneSampleAloneNeverLoosensACellOrTemperatureLimit, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) play(rig, moment);
    rig.reading.settings = {};
    rig.now += seconds(1);
    rig.feed();
    rig.now += seconds(1);
    rig.feed();
    RC_PRE(rig.last.complete);
    RC_PRE(rig.last.age == Duration{});
    const Decision before = rig.last;
    const auto next = *rc::gen::arbitrary<Moment>();
    play(rig, next);
    for (std::size_t i = 0; i < sample_limiters; ++i) {
        const auto rule = static_cast<Rule>(i);
        RC_ASSERT(limit_of(rig.last.charge_limiters, rule) <= limit_of(before.charge_limiters, rule));
        RC_ASSERT(limit_of(rig.last.discharge_limiters, rule) <= limit_of(before.discharge_limiters, rule));
    }
}

RC_GTEST_PROP(Properties, S3_LimitsRiseOnlyAfterTheHoldAndNotFasterThanTheRamp, (const Moments& moments)) {
    const Config config = *any_config();
    Rig rig(config, any_start());
    TimePoint fell = rig.now;
    bool fallen = false;
    for (const Moment& moment : moments) {
        const Decision before = rig.last;
        const Decision& d = play(rig, moment);
        const Milliamps was = before.complete ? before.charge.value() : Milliamps(0);
        const Milliamps one_percent = scaled(config.packs[0].max_charge, percent(1));
        if (d.charge.value() > was) {
            RC_ASSERT(!fallen || rig.now - fell >= config.dynamics.rise_hold);
            const auto most = std::max(was + amps(2), config.smallest_useful);  // 1 A/s, at most 2 s at once
            RC_ASSERT(d.charge.value() <= most);
        }
        if (was - d.charge.value() > one_percent) {
            fell = rig.now;
            fallen = true;
        }
    }
}

RC_GTEST_PROP(Properties, S6_OldDataAllowsNothing, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) {
        const Decision& d = play(rig, moment);
        if (!d.complete || d.age < rig.config.age.zero_at) continue;
        RC_ASSERT(d.charge.value() == Milliamps(0));
        RC_ASSERT(d.discharge.value() == Milliamps(0));
        RC_ASSERT(!d.charge_enable && !d.discharge_enable);
        RC_ASSERT(d.current == Milliamps(0));
        RC_ASSERT(d.protections.has(BatteryFlag::system_error));
    }
}

RC_GTEST_PROP(Properties, S8_EveryOutputFitsItsField, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) {
        const Decision& d = play(rig, moment);
        if (!d.complete) continue;
        RC_ASSERT(d.charge.value() >= Milliamps(0) && d.charge.value() <= amps(300));
        RC_ASSERT(d.discharge.value() >= Milliamps(0) && d.discharge.value() <= amps(300));
        RC_ASSERT(d.charge_voltage >= mv(0) && d.charge_voltage <= mv(100'000));
        RC_ASSERT(d.discharge_voltage == mv(16 * 2800));
        RC_ASSERT(d.soc >= percent(1) && d.soc <= percent(100));
        RC_ASSERT(d.voltage > mv(0) && d.voltage <= mv(160'000));
        RC_ASSERT(d.temperature >= celsius(-40) && d.temperature <= celsius(120));
        RC_ASSERT(!d.alarms.has(BatteryFlag::system_error));
        RC_ASSERT(!d.protections.has(BatteryFlag::internal_communication));
        RC_ASSERT(!d.force_charge_1 && !d.force_charge_2 && !d.full_charge);
    }
}

struct Pair {
    Decision base;
    Decision changed;
};

// The same state steps twice, once with `base` and once with `changed`.
Pair fork(const Rig& rig, const PackReading& base, TimePoint base_at, const PackReading& changed,
          TimePoint changed_at) {
    State one = rig.state;
    State two = rig.state;
    const Arrival a{0, {base, base_at}};
    const Arrival b{0, {changed, changed_at}};
    return {step(rig.config, one, {rig.now, {&a, 1}, rig.now}),
            step(rig.config, two, {rig.now, {&b, 1}, rig.now})};
}

// A current no history of these properties has, so that neither reading continues frozen data.
constexpr Milliamps never_before = amps(1.234);

RC_GTEST_PROP(Properties, S9_AHigherHighestCellNeverAllowsMoreCharge, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) play(rig, moment);
    rig.now += seconds(1);
    const auto high = *rc::gen::inRange(3000, 3700);
    const auto more = *rc::gen::inRange(1, 300);
    PackReading base = reading_between(mv(high), mv(2950));
    base.current = never_before;
    PackReading higher = base;
    higher.cells[2] = mv(high + more);
    sum_up(higher);
    const Pair pair = fork(rig, base, rig.now, higher, rig.now);
    RC_ASSERT(pair.changed.charge.value() <= pair.base.charge.value());
}

RC_GTEST_PROP(Properties, S9_ALowerLowestCellNeverAllowsMoreOfAnything, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) play(rig, moment);
    rig.now += seconds(1);
    const auto low = *rc::gen::inRange(2400, 3400);
    const auto less = *rc::gen::inRange(1, 400);
    PackReading base = reading_between(mv(3420), mv(low));
    base.current = never_before;
    PackReading lower = base;
    lower.cells[6] = mv(low - less);
    sum_up(lower);
    const Pair pair = fork(rig, base, rig.now, lower, rig.now);
    RC_ASSERT(pair.changed.charge.value() <= pair.base.charge.value());
    RC_ASSERT(pair.changed.discharge.value() <= pair.base.discharge.value());
}

RC_GTEST_PROP(Properties, S9_OlderDataNeverAllowsMore, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    for (const Moment& moment : moments) play(rig, moment);
    const TimePoint newest = rig.now;
    const auto gap = *rc::gen::inRange(2, 4000);
    rig.now += milliseconds(gap);
    const auto older = *rc::gen::inRange(1, gap);
    PackReading reading = reading_of(*rc::gen::arbitrary<Moment>());
    reading.current = never_before;
    const Pair pair = fork(rig, reading, rig.now, reading, rig.now - milliseconds(older));
    RC_ASSERT(rig.now - milliseconds(older) >= newest);
    RC_ASSERT(pair.changed.charge.value() <= pair.base.charge.value());
    RC_ASSERT(pair.changed.discharge.value() <= pair.base.discharge.value());
}

// Local releases in any situation: the next step allows no more than it would have without them.
RC_GTEST_PROP(Properties, S10_NoCommandRaisesALimitAtOnce, (const Moments& moments)) {
    Rig rig(*any_config(), any_start());
    rig.config.dynamics.rise_hold = seconds(10);
    for (const Moment& moment : moments) {
        play(rig, moment);
        State commanded = rig.state;
        (void)acknowledge(rig.config, commanded, 0, rig.now);
        (void)recover(rig.config, commanded, 0, rig.now);
        const Decision d = step(rig.config, commanded, {rig.now, {}, rig.now});
        RC_ASSERT(d.charge.value() <= rig.last.charge.value());
        RC_ASSERT(d.discharge.value() <= rig.last.discharge.value());
    }
}

RC_GTEST_PROP(Properties, S12_TheSameHistoryGivesTheSameDecisionsAndState, (const Moments& moments)) {
    const Config config = *any_config();
    const TimePoint start = any_start();
    Rig one(config, start);
    Rig two(config, start);
    for (const Moment& moment : moments) RC_ASSERT(play(one, moment) == play(two, moment));
    RC_ASSERT(one.state == two.state);
}

// Nothing depends on where the clock stands, only on differences.
RC_GTEST_PROP(Properties, S12_TheClocksOriginDoesNotMatter, (const Moments& moments)) {
    const Config config = *any_config();
    Rig early(config, at(seconds(0)));
    Rig late(config, at(hours(500'000)));
    for (const Moment& moment : moments) {
        const Decision& a = play(early, moment);
        const Decision& b = play(late, moment);
        RC_ASSERT(a.charge == b.charge);
        RC_ASSERT(a.discharge == b.discharge);
        RC_ASSERT(a.charge_voltage == b.charge_voltage);
        RC_ASSERT(a.soc == b.soc);
        RC_ASSERT(a.phase == b.phase);
        RC_ASSERT(a.events == b.events);
    }
}

}  // namespace
}  // namespace jkp::control::test
