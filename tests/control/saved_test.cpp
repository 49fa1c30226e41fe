// SPDX-License-Identifier: MIT
// What a restart keeps.
#include "control/saved.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

constexpr Duration a_day = hours(24);
constexpr WallTime noon{1'700'000'000};

WallTime later(std::int64_t seconds) {
    return {noon.seconds + seconds};
}

// Everything that latches, latched.
Rig latched() {
    Rig rig;
    PackLatches& l = rig.state.packs[0].latches;
    l.hard_stop = true;
    l.high = HighFault::awaiting_operator;
    l.low = true;
    l.lockout = true;
    return rig;
}

TEST(Saved, LatchesSurviveWhateverTheirAgeAndWhateverTheClockSays) {
    const Rig rig = latched();
    for (const bool orderly : {true, false}) {
        const Saved saved = save(rig.config, rig.state, rig.now, noon, orderly);
        const std::array<std::optional<WallTime>, 6> clocks{
            later(5),    later(86'400 * 400), later(-50), WallTime{0}, WallTime{9'000'000'000'000'000'000},
            std::nullopt};
        for (const auto& wall : clocks) {
            const State state = restore(rig.config, saved, at(seconds(3)), wall, a_day);
            const PackLatches& l = state.packs[0].latches;
            EXPECT_TRUE(l.hard_stop && l.low && l.lockout);
            EXPECT_EQ(l.high, HighFault::awaiting_operator);
        }
    }
}

TEST(Saved, ARenamedPackKeepsItsLatches) {
    const Rig rig = latched();
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    Config renamed = rig.config;
    renamed.packs[0].name = "garage";
    EXPECT_TRUE(restore(renamed, saved, rig.now, later(1), a_day).packs[0].latches.hard_stop);
    renamed.packs.push_back(rig.config.packs[0]);
    const State moved = restore(renamed, saved, rig.now, later(1), a_day);
    EXPECT_FALSE(moved.packs[0].latches.hard_stop);
    EXPECT_TRUE(moved.packs[1].latches.hard_stop);
}

TEST(Saved, TheLearnedResistanceIsKeptForTheSamePackWhileItIsNotTooOld) {
    Rig rig;
    const Resistance learned{
        .current2 = 16'000, .product = 12.8, .voltage2 = 0.0105, .steps = 16, .micro_ohm = 800};
    rig.state.packs[0].resistance = learned;
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    EXPECT_EQ(restore(rig.config, saved, rig.now, later(60), a_day).packs[0].resistance, learned);
    EXPECT_EQ(restore(rig.config, saved, rig.now, later(86'401), a_day).packs[0].resistance, Resistance{});
    EXPECT_EQ(restore(rig.config, saved, rig.now, std::nullopt, a_day).packs[0].resistance, Resistance{});
    Config renamed = rig.config;
    renamed.packs[0].name = "garage";
    EXPECT_EQ(restore(renamed, saved, rig.now, later(60), a_day).packs[0].resistance, Resistance{});
}

TEST(Saved, SumsThatConvinceNobodyAreNoResistance) {
    Rig rig;
    rig.state.packs[0].resistance = {
        .current2 = 16'000, .product = 12.8, .voltage2 = 1.0, .steps = 5'000, .micro_ohm = 800};
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const Resistance found = restore(rig.config, saved, rig.now, later(60), a_day).packs[0].resistance;
    EXPECT_FALSE(found.micro_ohm);
    EXPECT_EQ(found.steps, rig.config.resistance.steps);
}

// The hold that is left when the program comes back after `off` seconds.
Duration hold_after(Duration left, bool orderly, std::optional<WallTime> saved_at,
                    std::optional<WallTime> wall) {
    Rig rig;
    rig.settle(rig.reading);
    rig.state.charge.hold_until = rig.now + left;
    const Saved saved = save(rig.config, rig.state, rig.now, saved_at, orderly);
    return restore(rig.config, saved, at(seconds(3)), wall, a_day).restored_hold;
}

TEST(Saved, HoldsRunOnByTheWallClock) {
    EXPECT_EQ(hold_after(seconds(25), true, noon, later(10)), seconds(15));
    EXPECT_EQ(hold_after(seconds(25), true, noon, later(26)), seconds(0));
}

TEST(Saved, AnUnknownOrBackwardClockKeepsTheFullHold) {
    EXPECT_EQ(hold_after(seconds(25), true, noon, later(-1)), seconds(25));
    EXPECT_EQ(hold_after(seconds(25), true, noon, std::nullopt), seconds(25));
    EXPECT_EQ(hold_after(seconds(25), true, std::nullopt, later(100)), seconds(25));
    EXPECT_EQ(hold_after(seconds(25), true, WallTime{-1}, later(100)), seconds(25));
    EXPECT_EQ(hold_after(seconds(25), true, noon, WallTime{9'000'000'000'000'000'000}), seconds(25));
}

TEST(Saved, ACrashMeansAtLeastTheFullHold) {
    EXPECT_EQ(hold_after(seconds(0), false, std::nullopt, std::nullopt), seconds(30));
    EXPECT_EQ(hold_after(seconds(45), false, std::nullopt, std::nullopt), seconds(45));
    for (const int passed : {10, 1000}) {
        EXPECT_EQ(hold_after(seconds(0), false, noon, later(passed)), seconds(30))
            << "a hold may have begun after the file was written";
    }
}

TEST(Saved, ARestoredHoldIsServedBeforeAnyRise) {
    Rig rig;
    rig.settle(rig.reading);
    const Saved saved = save(rig.config, rig.state, rig.now, std::nullopt, false);
    rig.state = restore(rig.config, saved, rig.now, std::nullopt, a_day);
    rig.now += seconds(1);
    rig.feed();
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge.value(), amps(1));
}

TEST(Saved, ARestartDuringARestoredHoldKeepsTheRestOfIt) {
    Rig rig;
    rig.settle(rig.reading);
    State state = restore(rig.config, save(rig.config, rig.state, rig.now, std::nullopt, false), rig.now,
                          std::nullopt, a_day);
    EXPECT_EQ(save(rig.config, state, rig.now, noon, true).hold, seconds(30));
    rig.state = state;
    rig.feed();
    rig.feed_for(seconds(10));
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).hold, seconds(20));
}

TEST(Saved, AnOverVoltageLatchIsStillThereAfterARestart) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    rig.reading = reading_between(mv(3610), mv(3300));
    rig.feed_for(seconds(2));
    rig.state =
        restore(rig.config, save(rig.config, rig.state, rig.now, noon, false), rig.now, later(12), a_day);
    rig.settle(reading_at(mv(3450)));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_NE(find(rig.last.charge_limiters, Rule::hard_stop_latched), nullptr);
    rig.settle(reading_at(mv(3300)));
    EXPECT_FALSE(rig.state.packs[0].latches.hard_stop);
}

TEST(Saved, ARecoveryGoesOnOnlyWhenItsAgeIsKnown) {
    Rig rig = latched();
    rig.state.packs[0].latches.recovery =
        Recovery{.started = rig.now - hours(1), .lowest_at_start = mv(2600), .risen = true};
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const State known = restore(rig.config, saved, at(hours(9)), later(60), a_day);
    ASSERT_TRUE(known.packs[0].latches.recovery.has_value());
    EXPECT_EQ(known.packs[0].latches.recovery->started, at(hours(8) - minutes(1)));
    EXPECT_TRUE(known.packs[0].latches.recovery->risen);
    EXPECT_FALSE(restore(rig.config, saved, at(hours(9)), std::nullopt, a_day).packs[0].latches.recovery);
}

TEST(Saved, RiseGatesKeepWhatWasTakenAndSinceWhen) {
    Rig rig(config_of_one(Preset::original_strict));
    rig.settle(reading_at(mv(3390)));
    rig.now += seconds(1);
    rig.feed(reading_at(mv(3440)));
    rig.now += minutes(10);
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const State known = restore(rig.config, saved, at(hours(5)), later(300), a_day);
    EXPECT_EQ(known.packs[0].charge_gate.allowed, Milliamps(0));
    EXPECT_EQ(known.packs[0].charge_gate.reduced_at, at(hours(5) - minutes(15)));
    const State unknown = restore(rig.config, saved, at(hours(5)), std::nullopt, a_day);
    EXPECT_EQ(unknown.packs[0].charge_gate.reduced_at, at(hours(5)));
}

TEST(Saved, TheChargeCycleIsForgottenWhenOldOrUndated) {
    Rig rig;
    rig.settle(rig.reading);
    rig.state.phase.phase = Phase::floating;
    rig.state.phase.full_claimed = true;
    rig.state.phase.discharged = 77;
    rig.state.phase.last_full = rig.state.phase.last_end = rig.now - hours(2);
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const State known = restore(rig.config, saved, at(hours(9)), later(3600), a_day);
    EXPECT_EQ(known.phase.phase, Phase::floating);
    EXPECT_TRUE(known.phase.claims_full());
    EXPECT_EQ(known.phase.discharged, 77);
    EXPECT_EQ(known.phase.last_full, at(hours(6)));
    EXPECT_EQ(known.soc.sent, rig.state.soc.sent);
    for (const std::optional<WallTime> wall :
         {std::optional(later(86'401)), std::optional(later(-1)), std::optional<WallTime>()}) {
        const State fresh = restore(rig.config, saved, at(hours(9)), wall, a_day);
        EXPECT_EQ(fresh.phase, PhaseState{});
        EXPECT_EQ(fresh.soc, SocState{});
    }
}

TEST(Saved, OnlyWhatMattersAtOnceIsWorthWritingAtOnce) {
    Rig rig;
    rig.settle(rig.reading);
    const State before = rig.state;
    rig.feed_for(seconds(10));
    EXPECT_FALSE(latches_differ(before, rig.state));
    rig.reading = reading_between(mv(3610), mv(3300));
    rig.feed_for(seconds(2));
    EXPECT_TRUE(latches_differ(before, rig.state));
}

TEST(Saved, APackThatWasNeverSavedStartsWithoutAnything) {
    const Rig rig = latched();
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    Config more = rig.config;
    more.packs.push_back(more.packs[0]);
    more.packs[1].name = "new";
    const State state = restore(more, saved, rig.now, later(1), a_day);
    EXPECT_TRUE(state.packs[0].latches.hard_stop);
    EXPECT_EQ(state.packs[1].latches, PackLatches{});
}

TEST(Saved, EachLatchGateAndPhaseIsWorthWritingAtOnce) {
    Rig rig;
    rig.settle(rig.reading);
    const auto worth = [&](auto change) {
        State changed = rig.state;
        change(changed);
        return latches_differ(rig.state, changed);
    };
    EXPECT_FALSE(worth([](State&) {}));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.hard_stop = true; }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.high = HighFault::blocked; }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.low = true; }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.lockout = true; }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.unknown = true; }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.recovery = Recovery{}; }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].charge_gate.reduced_at = at(seconds(1)); }));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].discharge_gate.reduced_at = at(seconds(1)); }));
    EXPECT_TRUE(worth([](State& s) { s.phase.phase = Phase::full; }));
    EXPECT_TRUE(worth([](State& s) { s.packs.resize(2); }));
    for (const std::size_t tightening : {0U, 1U, 2U}) {
        EXPECT_TRUE(worth([&](State& s) { s.orders.given[tightening] = Order{.value = 1}; }));
    }
    EXPECT_FALSE(worth([](State& s) { s.orders.given[3] = Order{.value = 1}; }))
        << "it ends with the program";
    rig.state.packs[0].latches.recovery = Recovery{.started = rig.now, .lowest_at_start = mv(2600)};
    EXPECT_FALSE(worth([](State&) {}));
    EXPECT_TRUE(worth([](State& s) { s.packs[0].latches.recovery->risen = true; }));
    rig.state.packs[0].charge_gate.reduced_at = at(seconds(7));
    EXPECT_FALSE(worth([](State&) {}));
}

TEST(Saved, AClockIsBelievedForTenYears) {
    const std::int64_t ten_years = std::int64_t{10} * 365 * 86'400;
    EXPECT_EQ(hold_after(seconds(25), true, noon, later(ten_years)), seconds(0));
    EXPECT_EQ(hold_after(seconds(25), true, noon, later(ten_years + 1)), seconds(25));
}

TEST(Saved, EachGateAndTheBeginningOfARecoveryAreKept) {
    Rig rig;
    PackState& pack = rig.state.packs[0];
    pack.charge_gate = {.allowed = amps(20), .reduced_at = rig.now - minutes(5)};
    pack.discharge_gate = {.allowed = amps(30), .reduced_at = rig.now - minutes(7)};
    pack.latches.lockout = true;
    pack.latches.recovery = Recovery{.started = rig.now, .lowest_at_start = mv(2600)};
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const PackState known = restore(rig.config, saved, rig.now, noon, a_day).packs[0];
    EXPECT_EQ(known.charge_gate, pack.charge_gate);
    EXPECT_EQ(known.discharge_gate, pack.discharge_gate);
    EXPECT_EQ(known.latches.recovery, pack.latches.recovery);
    rig.now += hours(24 * 365 * 11);
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).packs[0].charge_gate.reduced_ago,
              hours(24 * 365 * 10))
        << "more is not read back";
}

TEST(Saved, AClockThatCountsFromZeroIsBelievedAndANegativeOneIsNot) {
    EXPECT_EQ(hold_after(seconds(25), true, WallTime{0}, WallTime{10}), seconds(15));
    EXPECT_EQ(hold_after(seconds(25), true, WallTime{-1}, WallTime{5}), seconds(25));
}

// A maximum for ten minutes, given four minutes ago, after a restart of a minute.
std::optional<Order> maximum_after(std::optional<WallTime> wall) {
    Rig rig;
    rig.config.force_charge_requests = true;
    rig.settle(rig.reading);
    order(rig.config, rig.state, {CommandKind::max_charge, 20'000, minutes(10), "mqtt"}, rig.now);
    rig.feed_for(minutes(4));
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    return restore(rig.config, saved, at(hours(1)), wall, a_day).orders.of(CommandKind::max_charge);
}

TEST(Saved, S10_AnOrderThatEndsRunsOnByTheWallClockAndWithoutOneLastsOnceMore) {
    const auto known = maximum_after(later(60));
    ASSERT_TRUE(known);
    EXPECT_EQ(known->value, 20'000);
    EXPECT_EQ(known->who.view(), "mqtt");
    EXPECT_EQ(known->since, at(hours(1) - minutes(5)));
    EXPECT_EQ(known->until, at(hours(1) + minutes(5)));
    for (const std::optional<WallTime> wall : {std::optional<WallTime>(), std::optional(later(-1))}) {
        const auto unknown = maximum_after(wall);
        ASSERT_TRUE(unknown);
        EXPECT_EQ(unknown->since, at(hours(1) - minutes(4)));
        EXPECT_EQ(unknown->until, at(hours(1) + minutes(10)));
    }
    EXPECT_EQ(maximum_after(later(3600))->until, at(hours(1) - minutes(54))) << "the first step ends it";
}

TEST(Saved, S10_WhatTightensIsKeptUntilItIsChangedAndWhatAsksForMoreIsNot) {
    Rig rig;
    rig.config.force_charge_requests = true;
    rig.settle(rig.reading);
    for (const CommandKind kind :
         {CommandKind::max_charge, CommandKind::max_discharge, CommandKind::pause, CommandKind::force_charge,
          CommandKind::full_charge, CommandKind::float_hold}) {
        order(rig.config, rig.state, {kind, 1, {}, "mqtt"}, rig.now);
    }
    const Saved saved = save(rig.config, rig.state, rig.now, noon, false);
    EXPECT_EQ(saved.orders.size(), 3U);
    const State state = restore(rig.config, saved, rig.now, std::nullopt, a_day);
    for (std::size_t i = 0; i < command_count; ++i) {
        const auto kind = static_cast<CommandKind>(i);
        EXPECT_EQ(state.orders.of(kind).has_value(), tightens(kind)) << name(kind);
    }
    EXPECT_EQ(state.orders.of(CommandKind::pause)->until, std::nullopt);
    Rig again;
    again.state = state;
    again.settle(again.reading);
    EXPECT_EQ(again.last.discharge.value(), amps(0));
    EXPECT_FALSE(again.last.charge_enable);
}

TEST(Saved, AFileThatSaysMoreThanItMayIsNotBelieved) {
    Rig rig;
    Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    saved.orders = {{.kind = CommandKind::force_charge, .value = 1, .who = "x"},
                    {.kind = CommandKind::pause, .value = 1, .who = "x", .left = seconds(5)}};
    const State state = restore(rig.config, saved, rig.now, later(60), a_day);
    EXPECT_FALSE(state.orders.of(CommandKind::force_charge));
    ASSERT_TRUE(state.orders.of(CommandKind::pause));
    EXPECT_FALSE(state.orders.of(CommandKind::pause)->until) << "an end without its length is none";
}

TEST(Saved, AnOrderIsWorthWritingAtOnceUnlessOnlyItsEndIsPutOffALittle) {
    Rig rig;
    const Order first{.value = 1, .who = "a", .until = at(seconds(600)), .lasts = seconds(60)};
    rig.state.orders.given[2] = first;
    const auto worth = [&](auto change) {
        State changed = rig.state;
        change(*changed.orders.given[2]);
        EXPECT_EQ(orders_differ(rig.state, changed), orders_differ(changed, rig.state));
        return orders_differ(rig.state, changed);
    };
    EXPECT_FALSE(worth([](Order&) {}));
    EXPECT_FALSE(worth([](Order& o) { o.since = at(seconds(5)); }));
    EXPECT_FALSE(worth([](Order& o) { o.until = at(seconds(630)); }));
    EXPECT_TRUE(worth([](Order& o) { o.until = at(seconds(630)) + Duration(1); }));
    EXPECT_TRUE(worth([](Order& o) { o.value = 2; }));
    EXPECT_TRUE(worth([](Order& o) { o.who = "b"; }));
    EXPECT_TRUE(worth([](Order& o) { o.lasts = seconds(61); }));
    State none = rig.state;
    none.orders.given[2].reset();
    EXPECT_TRUE(orders_differ(rig.state, none) && orders_differ(none, rig.state));
    EXPECT_FALSE(orders_differ(none, none));
}

TEST(Saved, AnAskedChargeIsIdleAfterARestart) {
    Rig rig;
    rig.settle(rig.reading);
    rig.state.phase.phase = Phase::absorb;
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).phase, Phase::absorb);
    rig.state.phase.asked = true;
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).phase, Phase::idle);
}

TEST(Saved, AnOrderThatIsOverButNotYetEndedHasNothingLeft) {
    Rig rig;
    order(rig.config, rig.state, {CommandKind::pause, 1, seconds(5), "x"}, rig.now);
    const Saved saved = save(rig.config, rig.state, rig.now + seconds(9), noon, true);
    EXPECT_EQ(saved.orders.at(0).left, Duration{});
    EXPECT_EQ(saved.orders.at(0).ago, seconds(9));
    rig.now += hours(24 * 365 * 11);
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).orders.at(0).ago, hours(24 * 365 * 10));
}

TEST(Saved, TheLongerHoldOfBothDirectionsIsKept) {
    Rig rig;
    rig.state.charge.hold_until = rig.now + seconds(5);
    rig.state.discharge.hold_until = rig.now + seconds(25);
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).hold, seconds(25));
    rig.state.charge.hold_until = rig.now + seconds(35);
    EXPECT_EQ(save(rig.config, rig.state, rig.now, noon, true).hold, seconds(35));
}

TEST(Saved, TheChargeCycleGoesOnAfterADayAtMost) {
    Rig rig;
    rig.settle(rig.reading);
    rig.state.phase.phase = Phase::floating;
    rig.state.phase.last_full = rig.now - hours(3);
    rig.state.phase.last_end = rig.now - hours(2);
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const State known = restore(rig.config, saved, at(hours(90)), later(86'400), a_day);
    EXPECT_EQ(known.phase.phase, Phase::floating);
    EXPECT_EQ(known.phase.since, at(hours(90)));
    EXPECT_EQ(known.phase.last_full, at(hours(90 - 24 - 3)));
    EXPECT_EQ(known.phase.last_end, at(hours(90 - 24 - 2)));
    EXPECT_EQ(known.soc.sent, rig.state.soc.sent);
    EXPECT_EQ(known.soc.counter, rig.state.soc.counter);
    EXPECT_TRUE(known.soc.counter.has_value());
}

TEST(Saved, WithinOneRunOfTheMachineTheSteadyClockTellsTheAge) {
    Rig rig;
    rig.settle(rig.reading);
    rig.state.charge.hold_until = rig.now + seconds(25);
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true, "run 1");
    EXPECT_EQ(saved.since_boot, rig.now.time_since_epoch());
    const auto hold = [&](TimePoint now, std::string_view boot) {
        return restore(rig.config, saved, now, later(6 * 3600), a_day, boot).restored_hold;
    };
    EXPECT_EQ(hold(rig.now + seconds(10), "run 1"), seconds(15)) << "the clock on the wall was set meanwhile";
    EXPECT_EQ(hold(rig.now, "run 1"), seconds(25));
    EXPECT_EQ(hold(rig.now + seconds(10), "run 2"), seconds(0));
    EXPECT_EQ(hold(rig.now + seconds(10), ""), seconds(0));
    EXPECT_EQ(hold(rig.now - seconds(1), "run 1"), seconds(0)) << "that cannot be the same run";
    Saved half = saved;
    half.since_boot.reset();
    EXPECT_EQ(restore(rig.config, half, rig.now + seconds(10), later(5), a_day, "run 1").restored_hold,
              seconds(20));
    half = saved;
    half.boot.clear();
    EXPECT_EQ(restore(rig.config, half, rig.now + seconds(10), later(5), a_day, "").restored_hold,
              seconds(20));
    const Saved nameless = save(rig.config, rig.state, rig.now, noon, true);
    EXPECT_FALSE(nameless.since_boot);
    EXPECT_EQ(restore(rig.config, nameless, rig.now + seconds(10), later(5), a_day, "").restored_hold,
              seconds(20));
}

TEST(Saved, AStepOfTheClockEndsNoOrderWithinOneRunOfTheMachine) {
    Rig rig;
    rig.settle(rig.reading);
    order(rig.config, rig.state, {CommandKind::pause, 1, hours(1), "mqtt"}, rig.now);
    const Saved saved = save(rig.config, rig.state, rig.now, noon, false, "run 1");
    const TimePoint now = rig.now + minutes(5);
    const State state = restore(rig.config, saved, now, later(6 * 3600), a_day, "run 1");
    EXPECT_EQ(state.orders.of(CommandKind::pause)->until, now + minutes(55));
}

TEST(Saved, TheHoldOfAnOrderThatWasGivenBackIsKept) {
    for (const CommandKind kind : {CommandKind::max_charge, CommandKind::max_discharge}) {
        Rig rig;
        rig.settle(rig.reading);
        order(rig.config, rig.state, {kind, 20'000, {}, "mqtt"}, rig.now);
        rig.feed_for(minutes(2));
        order(rig.config, rig.state, {kind, std::nullopt, {}, "mqtt"}, rig.now);
        rig.feed_for(seconds(1));
        const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
        EXPECT_EQ(saved.hold, seconds(29)) << name(kind);
        EXPECT_EQ(restore(rig.config, saved, rig.now, later(1), a_day).restored_hold, seconds(28));
    }
}

TEST(Saved, AnOrderThatEndedDuringTheRestartIsGivenBackAfterTheHold) {
    Rig rig;
    rig.settle(rig.reading);
    order(rig.config, rig.state, {CommandKind::pause, 1, seconds(60), "mqtt"}, rig.now);
    rig.feed_for(seconds(40));
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    const auto hold = [&](std::int64_t off) {
        return restore(rig.config, saved, at(hours(1)), later(off), a_day).restored_hold;
    };
    EXPECT_EQ(hold(19), seconds(0));
    EXPECT_EQ(hold(20), seconds(30));
    EXPECT_EQ(hold(3600), seconds(30));
}

TEST(Saved, AFileThatCannotBeUsedLeavesEachPackBlockedBothWaysUntilItIsAcknowledged) {
    Rig rig(config_of_one(Preset::original_strict));
    rig.state = restore_unknown(rig.config, rig.now);
    EXPECT_EQ(rig.state.restored_hold, rig.config.dynamics.rise_hold);
    const RiseGate closed{.allowed = Milliamps(0), .reduced_at = rig.now};
    EXPECT_EQ(rig.state.packs[0].charge_gate, closed);
    EXPECT_EQ(rig.state.packs[0].discharge_gate, closed);
    rig.settle(rig.reading);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_FALSE(rig.last.charge_enable || rig.last.discharge_enable);
    EXPECT_NE(find(rig.last.charge_limiters, Rule::latches_unknown), nullptr);
    EXPECT_NE(find(rig.last.discharge_limiters, Rule::latches_unknown), nullptr);
    const Saved saved = save(rig.config, rig.state, rig.now, noon, true);
    EXPECT_TRUE(restore(rig.config, saved, rig.now, noon, a_day).packs[0].latches.unknown);
}

TEST(Saved, WhatAFileDoesNotHoldWasNeverLearned) {
    EXPECT_EQ(SavedPack{}.resistance, (SavedResistance{0, 0, 0, 0}));
}

}  // namespace
}  // namespace jkp::control::test
