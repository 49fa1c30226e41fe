// SPDX-License-Identifier: MIT
// Commands from outside: what is taken and refused, what it does to the limits, how it ends.
#include "control/command.hpp"

#include <gtest/gtest.h>

#include "command_rig.hpp"
#include "control/judge.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

// The last one of this code.
Event last_event(const Rig& rig, EventCode code) {
    Event found;
    for (const Event& event : rig.last.events) {
        if (event.code == code) found = event;
    }
    EXPECT_EQ(found.code, code);
    return found;
}

TEST(Commands, S10_AMaximumHoldsItsDirectionAtOnceAndStays) {
    Rig rig = settled();
    EXPECT_EQ(charge(rig, 20), (Outcome{.refused = {}, .effective = 20'000}));
    rig.silent();
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(20), {.rule = Rule::user_current}));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    EXPECT_NE(find(rig.last.charge_limiters, Rule::user_current), nullptr);
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::user_current), nullptr);
    EXPECT_TRUE(rig.last.charge_enable);
    rig.feed_for(hours(2));
    EXPECT_EQ(rig.last.charge.value(), amps(20));
    EXPECT_EQ(send(rig, CommandKind::max_discharge, 15'000).effective, 15'000);
    rig.silent();
    EXPECT_EQ(rig.last.charge.value(), amps(20));
    EXPECT_EQ(rig.last.discharge, DischargeBound(amps(15), {.rule = Rule::user_current}));
}

TEST(Commands, S10_AMaximumAboveTheConfiguredOneIsCutToIt) {
    Rig rig = settled();
    EXPECT_EQ(charge(rig, 100),
              (Outcome{.refused = {}, .effective = 60'000, .cut = CommandCut::configured_maximum}));
    rig.silent();
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    EXPECT_EQ(charge(rig, 60).cut, CommandCut::none);
    rig.config.packs[0].max_discharge = amps(40);
    EXPECT_EQ(send(rig, CommandKind::max_discharge, 41'000).effective, 40'000);
    rig.config.bank.max_discharge = amps(30);
    EXPECT_EQ(send(rig, CommandKind::max_discharge, 41'000).effective, 30'000);
    rig.config.bank.max_charge = amps(50);
    EXPECT_EQ(charge(rig, 55).effective, 50'000);
}

TEST(Commands, AMaximumOfZeroKeepsTheEnableBitAndAPauseClearsBoth) {
    Rig rig = settled();
    charge(rig, 0);
    rig.silent();
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(0), {.rule = Rule::user_current}));
    EXPECT_TRUE(rig.last.charge_enable && rig.last.discharge_enable);
    EXPECT_EQ(switched(rig, CommandKind::pause).effective, 1);
    rig.silent();
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(0), {.rule = Rule::paused}));
    EXPECT_EQ(rig.last.discharge, DischargeBound(amps(0), {.rule = Rule::paused}));
    EXPECT_FALSE(rig.last.charge_enable || rig.last.discharge_enable);
    EXPECT_EQ(switched(rig, CommandKind::pause, false), Outcome{});
    rig.silent();
    EXPECT_TRUE(rig.last.charge_enable && rig.last.discharge_enable) << "the battery refuses nothing";
    EXPECT_EQ(rig.last.discharge, DischargeBound(amps(0), {.rule = Rule::command_release}));
}

TEST(Commands, S3_WhatAnOrderTookIsGivenBackAfterTheHoldWithTheRamp) {
    Rig rig = settled();
    charge(rig, 20);
    rig.feed_for(minutes(5));
    EXPECT_EQ(send(rig, CommandKind::max_charge, std::nullopt), Outcome{});
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(20), {.rule = Rule::command_release}));
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge.value(), amps(21));
    rig.feed_for(seconds(38));
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(59), {.rule = Rule::command_release}));
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(60), {.rule = Rule::user_maximum}));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::command_release), nullptr);
    EXPECT_FALSE(rig.state.orders.charge);
}

TEST(Commands, AHigherMaximumIsReachedAlsoByASmallStepAndLowerOnesAtOnce) {
    Rig rig = settled();
    charge(rig, 20);
    rig.feed_for(minutes(1));
    charge(rig, 21.5);
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), amps(20));
    rig.feed_for(seconds(2));
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(21.5), {.rule = Rule::user_current}));
    charge(rig, 3);
    rig.silent();
    EXPECT_EQ(rig.last.charge.value(), amps(3));
}

TEST(Commands, FromAPauseTheFirstStepIsTheSmallestUsefulCurrentOrNone) {
    Rig rig = settled();
    rig.config.smallest_useful = amps(5);
    switched(rig, CommandKind::pause);
    charge(rig, 4);
    rig.feed_for(seconds(10));
    switched(rig, CommandKind::pause, false);
    rig.feed_for(minutes(2));
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(0), {.rule = Rule::command_release}));
    charge(rig, 40);
    rig.feed_for(seconds(30));
    EXPECT_EQ(rig.last.charge.value(), amps(5));
}

// What everything else allows is now this much and on its way up.
void let_through(Rig& rig, Milliamps value) {
    rig.state.charge = {.output = value, .hold_until = {}, .moved_at = rig.now, .allowed = {}};
    rig.silent();
}

TEST(Commands, AnOrderAboveWhatIsSentHoldsNothingUp) {
    Rig rig = settled();
    let_through(rig, amps(5));
    charge(rig, 20);
    rig.feed_for(seconds(10));
    EXPECT_EQ(rig.last.charge.value(), amps(15));
    rig.feed_for(seconds(10));
    EXPECT_EQ(rig.last.charge, ChargeBound(amps(20), {.rule = Rule::user_current}));
}

TEST(Commands, S3_DuringTheHoldNothingThatIsSentRisesWhateverElseRises) {
    for (const bool released : {false, true}) {
        Rig rig = settled();
        charge(rig, 20);
        rig.feed_for(seconds(10));
        if (released) send(rig, CommandKind::max_charge, std::nullopt);
        let_through(rig, amps(19.5));
        EXPECT_EQ(rig.last.charge.value(), amps(19.5));
        rig.feed_for(seconds(released ? 29 : 19));
        EXPECT_EQ(rig.last.charge.value(), amps(19.5)) << released;
        rig.feed_for(seconds(3));
        EXPECT_GT(rig.last.charge.value(), amps(19.5)) << released;
    }
}

TEST(Commands, TheSameOrderAgainRestartsNoHoldAndIsNotToldAgain) {
    Rig rig = settled();
    charge(rig, 20);
    rig.feed_for(seconds(60));
    EXPECT_TRUE(rig.happened(EventCode::command_accepted));
    charge(rig, 50);
    rig.feed_for(seconds(1));
    rig.forget();
    for (int i = 0; i < 60; ++i) {
        charge(rig, 50);
        rig.feed_for(seconds(1));
    }
    EXPECT_EQ(rig.last.charge.value(), amps(50));
    EXPECT_FALSE(rig.happened(EventCode::command_accepted));
    const TimePoint since = rig.state.orders.of(CommandKind::max_charge)->since;
    EXPECT_EQ(since, rig.now - seconds(61));
    send(rig, CommandKind::max_charge, 50'000, {}, "other");
    rig.silent();
    EXPECT_EQ(last_event(rig, EventCode::command_accepted),
              (Event{EventCode::command_accepted, 0, 50'000, CommandKind::max_charge, "other"}));
    EXPECT_EQ(rig.state.orders.of(CommandKind::max_charge)->since, since) << "it is the same maximum";
}

TEST(Commands, EachIsToldOnceWithWhoGaveIt) {
    Rig rig = settled(asking());
    const auto told = [&](EventCode code) {
        rig.silent();
        const Event event = last_event(rig, code);
        rig.silent();
        EXPECT_FALSE(has(rig.last.events, code));
        return event;
    };
    charge(rig, 100);
    EXPECT_EQ(told(EventCode::command_accepted),
              (Event{EventCode::command_accepted, 0, 60'000, CommandKind::max_charge, "test"}));
    send(rig, CommandKind::max_charge, std::nullopt, {}, "somebody \x80 \x7F \x1F else");
    EXPECT_EQ(told(EventCode::command_ended),
              (Event{EventCode::command_ended, 0, 100'000, CommandKind::max_charge, "somebody ? ? ? else"}));
    send(rig, CommandKind::max_charge, std::nullopt);
    rig.silent();
    EXPECT_FALSE(has(rig.last.events, EventCode::command_ended)) << "there was nothing to end";
    send(rig, CommandKind::pause, 2);
    EXPECT_EQ(told(EventCode::command_refused),
              (Event{EventCode::command_refused, 0, 0, CommandKind::pause, "test"}));
    send(rig, CommandKind::pause, 1, seconds(1));
    rig.silent();
    rig.now += seconds(1);
    EXPECT_EQ(told(EventCode::command_expired),
              (Event{EventCode::command_expired, 0, 1, CommandKind::pause, "test"}));
}

TEST(Commands, S10_AnOrderWithAnEndEndsThenAndIsHeldAsAnyOther) {
    Rig rig = settled();
    EXPECT_EQ(charge(rig, 20, seconds(600)).expires, seconds(600));
    rig.feed_for(milliseconds(599'000));
    rig.now += milliseconds(999);
    rig.feed();
    EXPECT_EQ(rig.last.charge.value(), amps(20));
    EXPECT_TRUE(rig.state.orders.of(CommandKind::max_charge));
    rig.now += milliseconds(1);
    rig.feed();
    EXPECT_TRUE(has(rig.last.events, EventCode::command_expired));
    EXPECT_FALSE(rig.state.orders.of(CommandKind::max_charge));
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), amps(20));
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge.value(), amps(21));
    // Sent again without one, it stays; with one, it is prolonged.
    charge(rig, 10, seconds(5));
    charge(rig, 10);
    rig.feed_for(seconds(60));
    EXPECT_EQ(rig.last.charge.value(), amps(10));
    charge(rig, 10, seconds(5));
    rig.feed_for(seconds(4));
    charge(rig, 10, seconds(5));
    rig.feed_for(seconds(4));
    EXPECT_TRUE(rig.state.orders.of(CommandKind::max_charge));
    rig.feed_for(seconds(1));
    EXPECT_FALSE(rig.state.orders.of(CommandKind::max_charge));
}

TEST(Commands, ValuesAndTimesHaveExactBorders) {
    Rig rig = settled(asking());
    const auto refused = [&](CommandKind kind, Value value, std::optional<Duration> expires = {}) {
        return send(rig, kind, value, expires).refused == CommandRefusal::out_of_range;
    };
    EXPECT_TRUE(refused(CommandKind::max_charge, -1));
    EXPECT_FALSE(refused(CommandKind::max_charge, 0));
    EXPECT_FALSE(refused(CommandKind::max_charge, wire_maximum.count()));
    EXPECT_TRUE(refused(CommandKind::max_charge, wire_maximum.count() + 1));
    EXPECT_TRUE(refused(CommandKind::max_discharge, wire_maximum.count() + 1));
    EXPECT_FALSE(refused(CommandKind::max_discharge, 2));
    EXPECT_TRUE(refused(CommandKind::float_hold, 2));
    EXPECT_FALSE(refused(CommandKind::float_hold, 1));
    EXPECT_TRUE(refused(CommandKind::pause, 1, Duration{}));
    EXPECT_TRUE(refused(CommandKind::pause, std::nullopt, seconds(-1)));
    EXPECT_FALSE(refused(CommandKind::pause, 1, Duration(1)));
    EXPECT_FALSE(refused(CommandKind::pause, 1, longest_order));
    EXPECT_TRUE(refused(CommandKind::pause, 1, longest_order + Duration(1)));
}

TEST(Commands, S6_OldDataReducesWhatWasOrderedAndRaisesNothing) {
    Rig rig = settled();
    rig.config.dynamics.rise_hold = {};
    charge(rig, 20);
    rig.silent();
    rig.silent_for(seconds(3));
    send(rig, CommandKind::max_charge, std::nullopt);
    rig.silent_for(milliseconds(1500));
    EXPECT_EQ(rig.last.charge.value(), amps(20)) << "limits may only fall";
    rig.silent_for(seconds(5) + milliseconds(500));
    EXPECT_EQ(rig.last.age, seconds(10));
    EXPECT_EQ(rig.last.charge.value(), amps(10)) << "half of what was sent at 5 s";
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::age);
    EXPECT_EQ(rig.last.discharge.value(), amps(30));
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::command_release), nullptr);
    rig.silent_for(seconds(5));
    EXPECT_EQ(rig.last.charge.value(), amps(0));
}

TEST(Commands, S6_EachDirectionIsReducedFromWhatWasOrderedForIt) {
    Rig rig = settled();
    send(rig, CommandKind::max_discharge, 40'000);
    charge(rig, 20);
    rig.silent_for(seconds(10));
    EXPECT_EQ(rig.last.charge.value(), amps(10));
    EXPECT_EQ(rig.last.discharge.value(), amps(20));
}

TEST(Commands, ReturningDataIsFollowedByTheHoldAlsoForWhatIsGivenBack) {
    Rig rig = settled();
    charge(rig, 20);
    rig.feed_for(minutes(1));
    send(rig, CommandKind::max_charge, std::nullopt);
    rig.feed_for(seconds(31));
    ASSERT_EQ(rig.last.charge.value(), amps(22));
    rig.silent_for(seconds(4));
    EXPECT_EQ(rig.last.charge.value(), amps(24)) << "fresh up to 2 s";
    rig.feed_for(seconds(29));
    EXPECT_EQ(rig.last.charge.value(), amps(24));
    rig.feed_for(seconds(2));
    EXPECT_GT(rig.last.charge.value(), amps(24));
}

TEST(Commands, AnInverterThatChargesThroughAPauseIsNamed) {
    Rig rig = settled();
    rig.reading.current = amps(3);
    switched(rig, CommandKind::pause);
    rig.feed_for(seconds(70));
    EXPECT_TRUE(rig.happened(EventCode::inverter_disobeys));
    EXPECT_TRUE(rig.last.alarms.has(BatteryFlag::charge_over_current));
}

TEST(Commands, ABankIsHeldAsAWhole) {
    Packs packs(config_of({100, 100}));
    packs.run(minutes(6));
    ASSERT_EQ(packs.last.charge.value(), amps(200));
    const Command command{CommandKind::max_charge, 250'000, {}, "test"};
    EXPECT_EQ(order(packs.config, packs.state, command, packs.now).effective, 200'000);
    EXPECT_EQ(
        order(packs.config, packs.state, {CommandKind::max_charge, 50'000, {}, "test"}, packs.now).effective,
        50'000);
    packs.tick();
    EXPECT_EQ(packs.last.charge.value(), amps(50));
    EXPECT_EQ(packs.last.discharge.value(), amps(200));
}

TEST(Commands, AChangedConfigurationKeepsWhatIsOrdered) {
    Rig rig = settled();
    charge(rig, 20);
    rig.silent();
    Config other = rig.config;
    other.packs[0].max_charge = amps(15);
    rig.state = adopt(other, rig.config, rig.state);
    rig.config = other;
    rig.feed_for(minutes(3));
    EXPECT_EQ(rig.last.charge.value(), amps(15));
    EXPECT_EQ(effective(rig.config, CommandKind::max_charge, 20'000), 15'000);
}

}  // namespace
}  // namespace jkp::control::test
