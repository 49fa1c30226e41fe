// SPDX-License-Identifier: MIT
// The rules that always hold, for banks: packs of any capacity that join late, get lost, come back, open
// their switches, answer nonsense.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "bank_generators.hpp"
#include "control/intake.hpp"

namespace jkp::control::test {
namespace {

constexpr auto charge = Direction::charge;
constexpr auto discharge = Direction::discharge;

template <Direction D>
Milliamps sent(const Decision& d) {
    return D == charge ? d.charge.value() : d.discharge.value();
}

template <Direction D>
bool switched_on(const PackState& pack) {
    return D == charge ? pack.sample->reading.charge_mos : pack.sample->reading.discharge_mos;
}

template <Direction D>
bool counts(const PackState& pack) {
    return pack.part.present && (D == charge ? pack.part.charges : pack.part.discharges);
}

// What the samples of the pack allow it, its switch apart.
template <Direction D>
Milliamps allowed(const PackState& pack, TimePoint now) {
    Milliamps least = Milliamps::max();
    for (std::size_t i = 0; i < sample_limiters; ++i) {
        if (static_cast<Rule>(i) == Rule::mos_off) continue;
        least = std::min(least, trusted<D>(pack.evidence, i, now).value());
    }
    return least;
}

template <Direction D>
void no_pack_gets_more_than_its_share(const BankRig& rig) {
    for (const PackState& pack : rig.state.packs) {
        if (!counts<D>(pack)) continue;
        const std::int64_t share = D == charge ? pack.part.charge_share : pack.part.discharge_share;
        const std::int64_t own = std::int64_t{sent<D>(rig.last).count()} * share;
        RC_ASSERT(own <= std::int64_t{allowed<D>(pack, rig.now).count()} * 1'000'000);
    }
}

// What physics does when nothing else is known: the current divides by the capacities of the packs whose
// switch is on. Computed apart from the shares of the program.
template <Direction D>
void no_pack_gets_more_by_its_capacity(const BankRig& rig) {
    std::int64_t together = 0;
    for (const PackState& pack : rig.state.packs) {
        if (pack.part.present && switched_on<D>(pack)) together += pack.capacity.count();
    }
    for (const PackState& pack : rig.state.packs) {
        if (!pack.part.present || !switched_on<D>(pack) || pack.capacity.count() == 0) continue;
        RC_ASSERT(std::int64_t{sent<D>(rig.last).count()} * pack.capacity.count() <=
                  std::int64_t{allowed<D>(pack, rig.now).count()} * together);
    }
}

template <Direction D>
void the_whole_is_at_most_the_sum(const BankRig& rig) {
    std::int64_t sum = 0;
    for (const PackState& pack : rig.state.packs) {
        if (pack.part.present && switched_on<D>(pack)) sum += allowed<D>(pack, rig.now).count();
    }
    RC_ASSERT(sent<D>(rig.last).count() <= sum);
    const auto& maximum = D == charge ? rig.config.bank.max_charge : rig.config.bank.max_discharge;
    RC_ASSERT(sent<D>(rig.last) <= maximum.value_or(Milliamps::max()));
}

RC_GTEST_PROP(Properties, S1_NoPackOfABankGetsMoreThanItsLimitersAllow, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    for (const BankMoment& moment : moments) {
        if (!rig.play(moment).complete) continue;
        no_pack_gets_more_than_its_share<charge>(rig);
        no_pack_gets_more_than_its_share<discharge>(rig);
        no_pack_gets_more_by_its_capacity<charge>(rig);
        no_pack_gets_more_by_its_capacity<discharge>(rig);
    }
}

RC_GTEST_PROP(Properties, S1_ABankGetsAtMostTheSumOfItsPacksAndItsOwnMaximum, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    for (const BankMoment& moment : moments) {
        const Decision& d = rig.play(moment);
        for (const ChargeBound& bound : d.charge_limiters) RC_ASSERT(d.charge.value() <= bound.value());
        for (const DischargeBound& bound : d.discharge_limiters) {
            RC_ASSERT(d.discharge.value() <= bound.value());
        }
        if (!d.complete) continue;
        the_whole_is_at_most_the_sum<charge>(rig);
        the_whole_is_at_most_the_sum<discharge>(rig);
    }
}

// Also of a pack that is lost: a person has to look at it.
RC_GTEST_PROP(Properties, S1_AFaultOrAHardStopOfOnePackHoldsTheBankAtZero, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    for (const BankMoment& moment : moments) {
        const Decision& d = rig.play(moment);
        for (const PackState& pack : rig.state.packs) {
            const PackLatches& l = pack.latches;
            const bool stopped = counts<charge>(pack) && (l.hard_stop || (l.lockout && !l.recovery));
            if (stopped || l.high != HighFault::none) RC_ASSERT(d.charge.value() == Milliamps(0));
            if (l.high == HighFault::blocked || l.low) RC_ASSERT(d.discharge.value() == Milliamps(0));
        }
    }
}

std::uint64_t members(const State& state) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        bits |= std::uint64_t{state.packs[i].part.present} << i;
    }
    return bits;
}

// Only a pack that leaves, as the quorum allows, may take its limits with it; rule S3 then holds the bank.
RC_GTEST_PROP(Properties, S2_WithoutNewsNoLimiterOfABankLoosens, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    for (const BankMoment& moment : moments) {
        const Decision before = rig.last;
        const std::uint64_t valid = rig.valid();
        const std::uint64_t present = members(rig.state);
        const Decision& d = rig.play(moment);
        if (!before.complete || rig.valid() != valid || members(rig.state) != present) continue;
        RC_ASSERT(tightest(d.charge_limiters).value() <= tightest(before.charge_limiters).value());
        RC_ASSERT(tightest(d.discharge_limiters).value() <= tightest(before.discharge_limiters).value());
    }
}

RC_GTEST_PROP(Properties, S2_ARejectedReadingOfOnePackLimitsTheBankLikeAMissingOne,
              (const BankMoments& moments)) {
    BankRig garbled = any_bank_rig();
    BankRig missing = garbled;
    for (BankMoment moment : moments) {
        moment.moment.current_da /= 2;  // none that could be doubted: such a reading may tighten
        if (moment.moment.kind == Kind::probe_lost) moment.moment.kind = Kind::one_bad_cell;
        moment.moment.celsius = std::clamp(moment.moment.celsius, -40, 120);
        std::vector<std::uint32_t> valid;
        for (const PackState& pack : garbled.state.packs) valid.push_back(pack.valid_samples);
        const Decision& a = garbled.play(moment);
        std::vector<Arrival> accepted = garbled.arrivals;
        std::erase_if(accepted, [&](const Arrival& arrival) {
            return garbled.state.packs[arrival.pack].valid_samples == valid[arrival.pack];
        });
        missing.now = garbled.now;
        const Decision& b = missing.run(std::move(accepted));
        RC_ASSERT(a.charge == b.charge);
        RC_ASSERT(a.discharge == b.discharge);
        RC_ASSERT(a.charge_voltage == b.charge_voltage);
        RC_ASSERT(a.transmit == b.transmit);
    }
}

RC_GTEST_PROP(Properties, S3_ABankRisesOnlyAfterTheHoldAndNotFasterThanTheRamp,
              (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    std::int64_t sum = 0;
    for (const PackConfig& pack : rig.config.packs) sum += pack.max_charge.count();
    const Milliamps maximum =
        std::min(Milliamps(static_cast<int>(sum)), rig.config.bank.max_charge.value_or(Milliamps::max()));
    std::optional<TimePoint> fell;
    for (const BankMoment& moment : moments) {
        const Milliamps was = rig.last.complete ? rig.last.charge.value() : Milliamps(0);
        const std::uint64_t present = members(rig.state);
        const Decision& d = rig.play(moment);
        if (d.charge.value() > was) {
            const bool held = !fell || rig.now - *fell >= rig.config.dynamics.rise_hold;
            RC_ASSERT(held);
            RC_ASSERT(d.charge.value() <= std::max(was + amps(2), rig.config.smallest_useful));
        }
        const bool left = (present & ~members(rig.state)) != 0;
        if (left || was - d.charge.value() > scaled(maximum, percent(1))) fell = rig.now;
    }
}

RC_GTEST_PROP(Properties, S5_ABankIsSilentUntilItsQuorumHasAnswered, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    for (const BankMoment& moment : moments) {
        const Decision& d = rig.play(moment);
        const auto answered = std::count_if(rig.state.packs.begin(), rig.state.packs.end(),
                                            [](const PackState& p) { return p.valid_samples > 0; });
        if (static_cast<std::size_t>(answered) >= rig.wanted()) continue;
        RC_ASSERT(!d.transmit);
        RC_ASSERT(d.charge.value() == Milliamps(0) && d.discharge.value() == Milliamps(0));
    }
}

RC_GTEST_PROP(Properties, S6_FewerFreshPacksThanTheQuorumAllowNothing, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    for (const BankMoment& moment : moments) {
        const Decision& d = rig.play(moment);
        const auto fresh =
            std::count_if(rig.state.packs.begin(), rig.state.packs.end(), [&](const PackState& p) {
                return p.valid_samples > 0 && rig.now - p.believed_at < rig.config.age.zero_at;
            });
        if (static_cast<std::size_t>(fresh) >= rig.wanted()) continue;
        RC_ASSERT(d.charge.value() == Milliamps(0) && d.discharge.value() == Milliamps(0));
        RC_ASSERT(!d.complete || d.protections.has(BatteryFlag::system_error));
    }
}

RC_GTEST_PROP(Properties, S8_EveryOutputOfABankFitsItsField, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    const auto size = rig.config.packs.size();
    for (const BankMoment& moment : moments) {
        const Decision& d = rig.play(moment);
        if (!d.complete) continue;
        RC_ASSERT(d.charge.value() >= Milliamps(0) && d.charge.value() <= Milliamps(3'276'700));
        RC_ASSERT(d.discharge.value() >= Milliamps(0) && d.discharge.value() <= Milliamps(3'276'700));
        RC_ASSERT(d.charge_voltage >= mv(0) && d.charge_voltage <= mv(100'000));
        RC_ASSERT(d.discharge_voltage == mv(16 * 2800));
        RC_ASSERT(d.soc >= percent(1) && d.soc <= percent(100));
        RC_ASSERT(d.voltage > mv(0) && d.voltage <= mv(160'000));
        RC_ASSERT(magnitude(d.current) <= amps(160.0 * static_cast<double>(size)));
        RC_ASSERT(d.temperature >= celsius(-40) && d.temperature <= celsius(120));
        RC_ASSERT(d.modules >= 1 && d.modules <= size);
        RC_ASSERT(d.highest_pack < size && d.lowest_pack < size && d.highest.voltage >= d.lowest.voltage);
    }
}

// The next step of the same bank, once as it is and once with another reading of one pack.
struct Fork {
    Decision base;
    Decision changed;
};
Fork fork(BankRig& rig, std::size_t pack, Stamped<PackReading> base, Stamped<PackReading> changed) {
    const auto with = [&](const Stamped<PackReading>& reading) {
        State state = rig.state;
        std::vector<Arrival> arrivals = rig.answers(pack);
        arrivals.push_back({pack, reading});
        return step(rig.config, state, {rig.now, arrivals, rig.now});
    };
    return {with(base), with(changed)};
}

void expect_no_more(const Fork& f) {
    RC_ASSERT(f.changed.charge.value() <= f.base.charge.value());
    RC_ASSERT(f.changed.discharge.value() <= f.base.discharge.value());
}

// After that history a second later, one pack of it.
std::size_t after(BankRig& rig, const BankMoments& moments) {
    for (const BankMoment& moment : moments) rig.play(moment);
    rig.now += seconds(1);
    return *rc::gen::inRange<std::size_t>(0, rig.config.packs.size());
}

// No history has this current, so that neither reading continues frozen data.
PackReading fresh_between(int high, int low) {
    PackReading reading = reading_between(mv(high), mv(low));
    reading.current = amps(1.234);
    return reading;
}

RC_GTEST_PROP(Properties, S9_AHigherCellOfOnePackNeverAllowsTheBankMoreCharge, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    const std::size_t pack = after(rig, moments);
    const auto high = *rc::gen::inRange(3000, 3700);
    const PackReading base = fresh_between(high, 2950);
    PackReading higher = base;
    higher.cells[2] = mv(high + *rc::gen::inRange(1, 300));
    sum_up(higher);
    const Fork f = fork(rig, pack, {base, rig.now}, {higher, rig.now});
    RC_ASSERT(f.changed.charge.value() <= f.base.charge.value());
}

RC_GTEST_PROP(Properties, S9_ALowerCellOfOnePackNeverAllowsTheBankMoreOfAnything,
              (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    const std::size_t pack = after(rig, moments);
    const auto low = *rc::gen::inRange(2400, 3400);
    const PackReading base = fresh_between(3420, low);
    PackReading lower = base;
    lower.cells[6] = mv(low - *rc::gen::inRange(1, 400));
    sum_up(lower);
    expect_no_more(fork(rig, pack, {base, rig.now}, {lower, rig.now}));
}

RC_GTEST_PROP(Properties, S9_OlderDataOfOnePackNeverAllowsTheBankMore, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    const std::size_t pack = after(rig, moments);
    const PackReading reading = fresh_between(3420, *rc::gen::inRange(2900, 3400));
    const TimePoint older = rig.now - milliseconds(*rc::gen::inRange(1, 1000));
    expect_no_more(fork(rig, pack, {reading, rig.now}, {reading, older}));
}

RC_GTEST_PROP(Properties, S10_NoCommandToOnePackRaisesALimitOfTheBankAtOnce, (const BankMoments& moments)) {
    BankRig rig = any_bank_rig();
    rig.config.dynamics.rise_hold = seconds(10);
    for (const BankMoment& moment : moments) {
        rig.play(moment);
        State commanded = rig.state;
        const std::size_t pack = moment.pack % rig.config.packs.size();
        (void)acknowledge(rig.config, commanded, pack, rig.now);
        (void)recover(rig.config, commanded, pack, rig.now);
        const Decision d = step(rig.config, commanded, {rig.now, {}, rig.now});
        RC_ASSERT(d.charge.value() <= rig.last.charge.value());
        RC_ASSERT(d.discharge.value() <= rig.last.discharge.value());
    }
}

RC_GTEST_PROP(Properties, S12_TheSameHistoryOfABankGivesTheSameDecisionsAndState,
              (const BankMoments& moments)) {
    BankRig one = any_bank_rig();
    BankRig two = one;
    for (const BankMoment& moment : moments) RC_ASSERT(one.play(moment) == two.play(moment));
    RC_ASSERT(one.state == two.state);
}

RC_GTEST_PROP(Properties, S12_TheOrderOfThePacksChangesNoLimit, (const BankMoments& moments)) {
    BankRig one = any_bank_rig();
    Config reversed = one.config;
    std::reverse(reversed.packs.begin(), reversed.packs.end());
    BankRig two(reversed, one.now, 0);
    const std::size_t size = reversed.packs.size();
    for (std::size_t i = 0; i < size; ++i) two.silent[size - 1 - i] = one.silent[i];
    for (const BankMoment& moment : moments) {
        BankMoment mirrored = moment;
        mirrored.pack = size - 1 - moment.pack % size;
        const Decision& a = one.play(moment);
        const Decision& b = two.play(mirrored);
        RC_ASSERT(a.charge.value() == b.charge.value());
        RC_ASSERT(a.discharge.value() == b.discharge.value());
        RC_ASSERT(a.charge_enable == b.charge_enable && a.discharge_enable == b.discharge_enable);
        RC_ASSERT(a.protections == b.protections && a.alarms == b.alarms);
    }
}

}  // namespace
}  // namespace jkp::control::test
