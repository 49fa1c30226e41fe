// SPDX-License-Identifier: MIT
// Stage E: every phase with every kind of input, and each condition by itself.
#include "control/phase.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

constexpr std::array all_phases{Phase::init, Phase::idle,     Phase::bulk,    Phase::absorb,
                                Phase::full, Phase::floating, Phase::balance, Phase::fault};

struct Cycle {
    Config config = config_of_one();
    PhaseState state{};
    Events events{};
    TimePoint now = at(hours(1000));
    int high = 3300;
    int low = 3300;
    Milliamps current{};
    MilliampHours capacity{100'000};
    int lowered = 0;
    std::int32_t micro_ohm = 1000;
    bool fault = false;

    Phase tick(Duration after = seconds(1)) {
        now += after;
        Events step_events;
        advance(state, config,
                {.at = now,
                 .highest = {mv(high), 1},
                 .pack_current = current,
                 .pack_capacity = capacity,
                 .bank_current = current,
                 .bank_capacity = capacity,
                 .difference = mv(high - low),
                 .lowered_by = mv(lowered),
                 .micro_ohm = micro_ohm,
                 .fault = fault},
                step_events);
        for (const Event& e : step_events) events.offer(e);
        return state.phase;
    }
    Phase run(Duration time, Duration period = seconds(1)) {
        for (Duration t{}; t < time; t += period) tick(period);
        return state.phase;
    }
    void cells(int h, int l) {
        high = h;
        low = l;
    }
};

// In the given phase since now, with nothing pending; the charge ended an hour ago.
Cycle in_phase(Phase phase) {
    Cycle c;
    c.tick();
    c.state.phase = phase;
    c.state.since = c.now;
    c.state.last_end = c.state.last_full = c.now - hours(1);
    c.state.full_claimed = true;
    return c;
}

enum class Stimulus {
    calm,
    top_for_10_s,
    tail_for_60_s,
    certain_for_60_s,
    hour_at_top,
    even,
    two_hours_uneven,
    one_percent,
    ten_percent,
    low_for_10_min,
    two_weeks,
    fault
};

// The phase after the stimulus. Written out in full: a row for each phase, a column for each stimulus.
Phase after(Phase phase, Stimulus stimulus) {
    Cycle c = in_phase(phase);
    c.cells(3340, 3335);
    switch (stimulus) {
        case Stimulus::calm: return c.tick();
        case Stimulus::top_for_10_s:
            c.cells(3440, 3300);
            c.current = amps(40);
            return c.run(seconds(12));
        case Stimulus::tail_for_60_s: c.cells(3440, 3300); return c.run(seconds(75));
        case Stimulus::certain_for_60_s:
            c.cells(3500, 3300);
            c.current = amps(50);
            return c.run(seconds(75));
        case Stimulus::hour_at_top:
            c.cells(3445, 3300);
            c.current = amps(40);
            return c.run(minutes(61));
        case Stimulus::even: c.cells(3345, 3335); return c.tick();
        case Stimulus::two_hours_uneven: c.cells(3380, 3320); return c.run(hours(2) + seconds(2));
        case Stimulus::one_percent:
            c.current = amps(-36);  // 36 A s per second: 1 Ah in 100 s
            return c.run(seconds(101));
        case Stimulus::ten_percent: c.current = amps(-36); return c.run(seconds(1001));
        case Stimulus::low_for_10_min: c.cells(3299, 3290); return c.run(minutes(10) + seconds(2));
        case Stimulus::two_weeks: return c.tick(hours(14 * 24));
        case Stimulus::fault: c.fault = true; return c.tick();
    }
    return Phase::init;
}

TEST(Phases, EveryPhaseWithEveryKindOfInputGoesWhereItShould) {
    using P = Phase;
    struct Row {
        P from;
        std::array<P, 12> to;
    };
    // calm, top, tail, certain, hour at top, even, 2 h uneven, 1 %, 10 %, low, 14 days, fault
    constexpr auto B = P::bulk, A = P::absorb, F = P::floating, I = P::idle, L = P::balance, X = P::fault;
    const std::array<Row, 8> table{{
        {P::init, {B, A, L, L, F, B, B, B, B, B, B, X}},
        {P::idle, {I, I, I, I, I, I, I, I, B, B, B, X}},
        {P::bulk, {B, A, L, L, F, B, B, B, B, B, B, X}},
        {P::absorb, {A, A, L, L, F, A, F, A, A, A, F, X}},
        {P::full, {F, L, L, L, L, F, F, I, B, B, F, X}},
        {P::floating, {F, F, F, F, F, F, F, I, B, B, B, X}},
        {P::balance, {F, L, L, L, L, F, F, I, B, B, F, X}},
        {P::fault, {B, A, L, L, F, B, B, B, B, B, B, X}},
    }};
    ASSERT_EQ(table.size(), all_phases.size());
    for (const Row& row : table) {
        for (std::size_t i = 0; i < row.to.size(); ++i) {
            const Phase got = after(row.from, static_cast<Stimulus>(i));
            EXPECT_EQ(got, row.to[i]) << name(row.from) << " with stimulus " << i << " became " << name(got);
        }
    }
}

TEST(Phases, BulkIsReachedFromEveryPhaseWithoutAnOperatorExceptWhileFaultLasts) {
    for (const Phase phase : all_phases) {
        Cycle c = in_phase(phase);
        c.cells(3250, 3240);  // an ordinary evening
        c.current = amps(-20);
        EXPECT_EQ(c.run(hours(4)), Phase::bulk) << name(phase);
        Cycle faulty = in_phase(phase);
        faulty.fault = true;
        faulty.cells(3250, 3240);
        faulty.current = amps(-20);
        EXPECT_EQ(faulty.run(hours(4)), Phase::fault) << name(phase);
        faulty.fault = false;
        EXPECT_EQ(faulty.tick(), Phase::bulk) << name(phase);
    }
}

TEST(Phases, AbsorbBeginsAfterTenSecondsAt3440) {
    Cycle c = in_phase(Phase::bulk);
    c.cells(3439, 3400);
    EXPECT_EQ(c.run(minutes(5)), Phase::bulk);
    c.cells(3440, 3400);
    EXPECT_EQ(c.run(seconds(10)), Phase::bulk);
    EXPECT_EQ(c.tick(), Phase::absorb);
}

TEST(Phases, AGapInTheDataIsNotTimeAtTheTop) {
    Cycle c = in_phase(Phase::bulk);
    c.cells(3440, 3400);
    c.tick();
    EXPECT_EQ(c.tick(seconds(30)), Phase::bulk);
    EXPECT_EQ(c.run(seconds(10)), Phase::absorb);
}

// R_eoc = 0.28 V / 5 A = 56 mOhm at 100 Ah: at 3.43 V x is 3.37 V or more up to 1.07 A.
TEST(Phases, TheEndOfChargeIsTheVoltageWithoutTheCurrentsShare) {
    const auto ends = [](int high, double current) {
        Cycle c = in_phase(Phase::absorb);
        c.cells(high, high);
        c.current = amps(current);
        return c.run(seconds(60)) != Phase::absorb;
    };
    EXPECT_TRUE(ends(3430, 1.05));
    EXPECT_FALSE(ends(3430, 1.1));
    EXPECT_TRUE(ends(3450, 1.4));
    EXPECT_FALSE(ends(3450, 1.5));
    EXPECT_TRUE(ends(3420, 0));
    EXPECT_FALSE(ends(3419, 0));  // H must be at 3.42 V now
    EXPECT_TRUE(ends(3430, -0.5));
    EXPECT_FALSE(ends(3430, -0.501));  // discharging
}

TEST(Phases, TheEndIsIntegratedForAMinuteWithALeak) {
    Cycle c = in_phase(Phase::absorb);
    c.cells(3440, 3440);
    EXPECT_EQ(c.run(seconds(59)), Phase::absorb);
    c.current = amps(30);
    EXPECT_EQ(c.run(seconds(20)), Phase::absorb);  // leaks 10 s
    c.current = amps(0);
    EXPECT_EQ(c.run(seconds(10)), Phase::absorb);
    EXPECT_EQ(c.tick(), Phase::full);
    EXPECT_TRUE(c.state.claims_full());
}

TEST(Phases, AMinuteAt3500EndsTheChargeWhateverTheCurrent) {
    Cycle c = in_phase(Phase::absorb);
    c.cells(3500, 3500);
    c.current = amps(60);
    EXPECT_EQ(c.run(seconds(60)), Phase::absorb);
    EXPECT_EQ(c.tick(), Phase::full);
}

TEST(Phases, AnAbsorbOfAnHourGivesUpWithoutClaimingFull) {
    Cycle c = in_phase(Phase::absorb);
    c.cells(3430, 3430);
    c.current = amps(20);
    EXPECT_EQ(c.run(minutes(60) - seconds(1)), Phase::absorb);
    EXPECT_EQ(c.tick(), Phase::floating);
    EXPECT_FALSE(c.state.claims_full());
    EXPECT_TRUE(has(c.events, EventCode::absorb_gave_up));
}

TEST(Phases, WhatIsDischargedWhileAbsorbingCountsTowardsTheNextBulk) {
    Cycle c = in_phase(Phase::bulk);
    c.cells(3440, 3400);
    c.current = amps(40);
    ASSERT_EQ(c.run(seconds(12)), Phase::absorb);
    c.cells(3320, 3310);
    c.current = amps(-20);
    EXPECT_EQ(c.run(minutes(60) + seconds(3)), Phase::bulk);  // 20 Ah of 100 are gone
}

TEST(Phases, FullGoesToFloatAtOnceWhenTheCellsAgree) {
    Cycle c = in_phase(Phase::full);
    c.cells(3440, 3430);
    EXPECT_EQ(c.tick(), Phase::floating);
    EXPECT_TRUE(c.state.claims_full());
}

TEST(Phases, BalanceLastsWhileCellsDifferAndAtMostTwoHours) {
    Cycle c = in_phase(Phase::full);
    c.cells(3440, 3429);
    EXPECT_EQ(c.tick(), Phase::balance);
    EXPECT_TRUE(c.state.claims_full());
    EXPECT_EQ(c.run(hours(1)), Phase::balance);
    c.cells(3440, 3430);
    EXPECT_EQ(c.tick(), Phase::floating);

    Cycle forever = in_phase(Phase::full);
    forever.cells(3440, 3400);
    EXPECT_EQ(forever.tick(), Phase::balance);
    EXPECT_EQ(forever.run(hours(2) - seconds(1)), Phase::balance);
    EXPECT_EQ(forever.tick(), Phase::floating);
}

TEST(Phases, TheRebulkVoltageIsCorrectedByTheDischargeCurrent) {
    const auto rebulks = [](int high, double current, int lowered) {
        Cycle c = in_phase(Phase::floating);
        c.cells(high, high);
        c.current = amps(current);
        c.lowered = lowered;
        c.state.discharged = 0;
        for (int i = 0; i < 602; ++i) {
            c.tick();
            c.state.discharged = 0;  // only the voltage may decide here
        }
        return c.state.phase == Phase::bulk;
    };
    EXPECT_TRUE(rebulks(3299, 0, 0));
    EXPECT_FALSE(rebulks(3300, 0, 0));
    EXPECT_FALSE(rebulks(3270, -30, 0));  // 1 mOhm at 100 Ah: 30 mV
    EXPECT_TRUE(rebulks(3269, -30, 0));
    EXPECT_FALSE(rebulks(3250, 0, 110));  // lowered with the other voltages
    EXPECT_TRUE(rebulks(3189, 0, 110));
}

TEST(Phases, ChargingInBetweenCountsAgainstTheTenPercent) {
    Cycle c = in_phase(Phase::floating);
    c.cells(3330, 3325);
    c.current = amps(-36);
    c.run(seconds(900));
    c.current = amps(36);
    c.run(seconds(400));
    c.current = amps(-36);
    EXPECT_EQ(c.run(seconds(400)), Phase::idle);
    EXPECT_EQ(c.run(seconds(101)), Phase::bulk);
}

TEST(Phases, AMonthWithoutFullIsToldOnceAlsoWhenFullWasNeverReached) {
    for (const bool known : {true, false}) {
        Cycle c = in_phase(Phase::bulk);
        if (!known) c.state.last_full.reset();
        if (known) c.state.last_full = c.now;
        c.tick(hours(29 * 24));
        EXPECT_FALSE(has(c.events, EventCode::full_overdue));
        c.tick(hours(24));
        EXPECT_TRUE(has(c.events, EventCode::full_overdue));
        c.events.clear();
        c.tick(hours(24));
        EXPECT_FALSE(has(c.events, EventCode::full_overdue));
    }
}

TEST(Phases, LoweredVoltagesMoveEveryConditionAtTheTop) {
    Cycle c = in_phase(Phase::bulk);
    c.lowered = 110;
    c.cells(3330, 3330);
    EXPECT_EQ(c.run(seconds(12)), Phase::absorb);
    EXPECT_EQ(c.run(seconds(61)), Phase::floating);
    EXPECT_TRUE(c.state.claims_full());
}

// Nobody knows what current is a tail of an unknown capacity: only none at all is.
TEST(Phases, WithAnUnknownCapacityAbsorbEndsWithoutACurrentOnly) {
    Cycle c = in_phase(Phase::absorb);
    c.capacity = MilliampHours(0);
    c.cells(3430, 3430);
    c.current = Milliamps(1);
    EXPECT_EQ(c.run(minutes(10)), Phase::absorb);
    c.current = Milliamps(0);
    EXPECT_EQ(c.run(seconds(61)), Phase::floating);
}

TEST(Phases, WithAnUnknownCapacityNoDischargeCountsAndALowVoltageStillBeginsTheNextCharge) {
    Cycle c = in_phase(Phase::floating);
    c.capacity = MilliampHours(0);
    c.current = amps(-50);
    EXPECT_EQ(c.run(hours(3)), Phase::floating);
    c.cells(3200, 3200);
    EXPECT_EQ(c.run(minutes(11)), Phase::bulk);
}

TEST(Phases, AFloatOfWhichTheBeginningIsNotKnownIsNotTooLong) {
    Cycle c = in_phase(Phase::floating);
    c.state.last_end.reset();
    EXPECT_EQ(c.tick(hours(20 * 24)), Phase::floating);
}

TEST(Phases, FloatBecomesIdleWhenExactlyOnePercentWasUsed) {
    Cycle c = in_phase(Phase::floating);
    c.current = amps(-50);
    EXPECT_EQ(c.run(seconds(71)), Phase::floating);
    EXPECT_EQ(c.run(seconds(1)), Phase::idle);
}

TEST(Phases, ReadingsFiveSecondsApartAreNoGapInTheEvidence) {
    Cycle c = in_phase(Phase::bulk);
    c.cells(3440, 3440);
    EXPECT_EQ(c.run(seconds(10), seconds(5)), Phase::bulk);
    EXPECT_EQ(c.run(seconds(5), seconds(5)), Phase::absorb);
    Cycle gaps = in_phase(Phase::bulk);
    gaps.cells(3440, 3440);
    EXPECT_EQ(gaps.run(minutes(1), seconds(6)), Phase::bulk);
}

TEST(Phases, EvidenceTowardsTheNextPhaseStartsAnewInEachPhase) {
    Cycle c = in_phase(Phase::bulk);
    c.cells(3440, 3440);
    c.run(seconds(10));
    c.fault = true;
    EXPECT_EQ(c.tick(), Phase::fault);
    c.fault = false;
    EXPECT_EQ(c.tick(), Phase::bulk);
    EXPECT_EQ(c.run(seconds(10)), Phase::bulk);
    EXPECT_EQ(c.tick(), Phase::absorb);

    Cycle low = in_phase(Phase::floating);
    low.cells(3280, 3280);
    low.current = amps(-12);
    EXPECT_EQ(low.run(seconds(300)), Phase::idle);
    EXPECT_EQ(low.run(seconds(595)), Phase::idle);
    EXPECT_EQ(low.run(seconds(10)), Phase::bulk);
}

TEST(Phases, TheEventOfAChangeConcernsTheBankAndNamesThePhase) {
    Cycle c = in_phase(Phase::bulk);
    c.fault = true;
    c.events.clear();
    c.tick();
    ASSERT_EQ(c.events.size(), 1U);
    EXPECT_EQ(c.events[0], (Event{EventCode::phase_changed, 0, static_cast<std::int32_t>(Phase::fault)}));
}

TEST(Phases, TheEndIsReachedWhereTheVoltageWithoutTheCurrentsShareIsExactlyThere) {
    const auto ends = [](int high, int milliamps) {
        Cycle c = in_phase(Phase::absorb);
        c.cells(high, high);
        c.current = Milliamps(milliamps);
        return c.run(seconds(61)) == Phase::floating;
    };
    EXPECT_TRUE(ends(3440, 1250));  // 280 mV at 5 A: 70 mV
    EXPECT_FALSE(ends(3439, 1250));
    EXPECT_TRUE(ends(3439, 1249));
}

TEST(Phases, OnePercentOfTheCapacityIsExact) {
    Cycle c = in_phase(Phase::floating);
    c.current = amps(-50);
    c.run(seconds(71));
    EXPECT_EQ(c.tick(milliseconds(990)), Phase::floating);
    EXPECT_EQ(c.tick(milliseconds(10)), Phase::idle);
    Cycle tiny = in_phase(Phase::floating);
    tiny.capacity = MilliampHours(1);
    tiny.current = amps(-1);
    EXPECT_EQ(tiny.tick(), Phase::bulk);
}

TEST(Phases, AFullChargeBeginsEveryCountAnewAndOneThatWasGivenUpOnlyItsTime) {
    Cycle full = in_phase(Phase::absorb);
    full.state.discharged = 1'000'000;
    full.state.overdue_told = true;
    full.cells(3500, 3480);
    while (full.state.phase == Phase::absorb) full.tick();
    EXPECT_EQ(full.state.phase, Phase::full);
    EXPECT_EQ(full.state.last_end, full.now);
    EXPECT_EQ(full.state.last_full, full.now);
    EXPECT_EQ(full.state.discharged, 0);
    EXPECT_FALSE(full.state.overdue_told);
    EXPECT_TRUE(full.state.full_claimed);

    Cycle up = in_phase(Phase::absorb);
    up.state.discharged = 1'000'000;
    const auto last_full = up.state.last_full;
    while (up.state.phase == Phase::absorb) up.tick();
    EXPECT_EQ(up.state.phase, Phase::floating);
    EXPECT_EQ(up.state.last_end, up.now);
    EXPECT_EQ(up.state.last_full, last_full);
    EXPECT_EQ(up.state.discharged, 1'000'000);
    EXPECT_FALSE(up.state.full_claimed);
}

TEST(Phases, TheNextChargeBeginsAfterExactlyTwoWeeksOrByTheHighestCell) {
    Cycle c = in_phase(Phase::floating);  // the last charge ended an hour ago
    EXPECT_EQ(c.tick(hours(14 * 24 - 1) - Duration(1)), Phase::floating);
    EXPECT_EQ(c.tick(Duration(1)), Phase::bulk);
    Cycle uneven = in_phase(Phase::floating);
    uneven.cells(3310, 3200);
    EXPECT_EQ(uneven.run(minutes(11)), Phase::floating);
}

TEST(Phases, EachAbsorbBeginsWithoutTheEvidenceOfTheOneBefore) {
    for (const int high : {3500, 3430}) {
        Cycle c = in_phase(Phase::absorb);
        c.config.phase.absorb_delay = {};
        c.config.phase.absorb_at = mv(3400);
        c.cells(high, high);
        EXPECT_EQ(c.run(seconds(55)), Phase::absorb);
        c.fault = true;
        c.tick();
        c.fault = false;
        c.tick();
        EXPECT_EQ(c.tick(), Phase::absorb);
        EXPECT_EQ(c.run(seconds(55)), Phase::absorb) << high;
        EXPECT_NE(c.run(seconds(10)), Phase::absorb) << high;
    }
}

TEST(Phases, WhatWasDischargedBeforeAbsorbIsForgottenInIt) {
    Cycle c = in_phase(Phase::bulk);
    c.state.discharged = 1'000'000;
    c.cells(3440, 3440);
    c.run(seconds(10));
    EXPECT_EQ(c.state.discharged, 1'000'000);
    EXPECT_EQ(c.tick(), Phase::absorb);
    EXPECT_EQ(c.state.discharged, 0);
}

TEST(Phases, WhatWasDischargedIsCountedOverNoGapNeverBackwardsAndNeverBelowZero) {
    Cycle c = in_phase(Phase::bulk);
    c.current = amps(-50);
    c.tick(hours(1));
    EXPECT_EQ(c.state.discharged, 50'000 * 5'000);
    c.tick(-seconds(2));
    EXPECT_EQ(c.state.discharged, 50'000 * 5'000);
    c.current = amps(50);
    c.run(seconds(20));
    EXPECT_EQ(c.state.discharged, 0);
}

TEST(Phases, AMilliampereOfDischargeLiftsNothing) {
    Cycle c = in_phase(Phase::absorb);
    c.config.phase.end_highest = mv(3300);
    c.capacity = MilliampHours(1000);  // 50 mA take the whole 280 mV off
    c.current = Milliamps(-1);
    c.cells(3366, 3366);
    EXPECT_EQ(c.run(minutes(3)), Phase::absorb);
    c.cells(3370, 3370);
    EXPECT_NE(c.run(minutes(3)), Phase::absorb);
}

TEST(Phases, ATailOfOneMilliampereIsATail) {
    Cycle c = in_phase(Phase::absorb);
    c.config.phase.end_certain = mv(3800);
    c.capacity = MilliampHours(20);
    c.current = Milliamps(1);
    c.cells(3649, 3649);
    EXPECT_EQ(c.run(minutes(3)), Phase::absorb);
    c.cells(3650, 3650);
    EXPECT_NE(c.run(minutes(3)), Phase::absorb);
}

// Whether a floating battery is found below 3.30 V at rest.
bool found_low(int high, std::int32_t micro_ohm, int milliamps) {
    Cycle c = in_phase(Phase::floating);
    c.cells(high, high);
    c.micro_ohm = micro_ohm;
    c.current = Milliamps(milliamps);
    c.tick();
    return c.state.rebulk.first.has_value();
}

TEST(Phases, TheVoltageDropIsInWholeMillivoltsAndOfADischargeOnly) {
    constexpr std::int32_t ohm = 1'000'000;  // of the smallest pack, with the largest setting
    EXPECT_TRUE(found_low(3299, ohm, 0));
    EXPECT_FALSE(found_low(3300, ohm, 1));
    EXPECT_FALSE(found_low(3299, ohm, -1));
    EXPECT_TRUE(found_low(3299, 1001, -999));  // 999.999 uV
}

TEST(Phases, InputsAreWithoutAFaultAndOfOneMilliohmUnlessTold) {
    EXPECT_FALSE(PhaseInputs{}.fault);
    EXPECT_EQ(PhaseInputs{}.micro_ohm, 1000);
}

}  // namespace
}  // namespace jkp::control::test
