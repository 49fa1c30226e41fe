// SPDX-License-Identifier: MIT
// Commands from outside: what is taken and refused, what it does to the limits, how it ends.
#include "control/command.hpp"

#include <gtest/gtest.h>

#include "control/judge.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

using Value = std::optional<std::int32_t>;

Rig settled(Config config = config_of_one()) {
    Rig rig(std::move(config));
    rig.settle(rig.reading);
    rig.forget();
    return rig;
}

Outcome send(Rig& rig, CommandKind kind, Value value, std::optional<Duration> expires = {},
             const char* who = "test") {
    return order(rig.config, rig.state, {kind, value, expires, who}, rig.now);
}
Outcome charge(Rig& rig, double value, std::optional<Duration> expires = {}) {
    return send(rig, CommandKind::max_charge, amps(value).count(), expires);
}
Outcome switched(Rig& rig, CommandKind kind, bool on = true) {
    return send(rig, kind, on ? 1 : 0);
}

Config asking() {
    Config config = config_of_one();
    config.force_charge_requests = config.full_charge_requests = true;
    return config;
}

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

TEST(Commands, S10_WhatAsksForMoreEndsAMinuteAfterItWasLastSent) {
    for (const CommandKind kind :
         {CommandKind::force_charge, CommandKind::full_charge, CommandKind::float_hold}) {
        Rig rig = settled(asking());
        EXPECT_EQ(switched(rig, kind).expires, seconds(60));
        rig.feed_for(seconds(50));
        EXPECT_EQ(switched(rig, kind).cut, CommandCut::none);
        rig.feed_for(seconds(59));
        EXPECT_TRUE(rig.state.orders.of(kind)) << name(kind);
        rig.feed_for(seconds(1));
        EXPECT_FALSE(rig.state.orders.of(kind)) << name(kind);
        EXPECT_TRUE(has(rig.last.events, EventCode::command_expired));
        const Outcome longer = send(rig, kind, 1, seconds(61));
        EXPECT_EQ(longer.expires, seconds(60));
        EXPECT_EQ(longer.cut, CommandCut::one_minute);
        EXPECT_EQ(send(rig, kind, 1, seconds(60)).cut, CommandCut::none);
        EXPECT_EQ(send(rig, kind, 1, seconds(5)).expires, seconds(5));
        EXPECT_EQ(switched(rig, kind, false), Outcome{});
        EXPECT_FALSE(rig.state.orders.of(kind));
    }
}

TEST(Commands, RequestsAreSentOnlyWhenTheyAreConfigured) {
    Rig rig = settled();
    EXPECT_EQ(switched(rig, CommandKind::force_charge).refused, CommandRefusal::not_configured);
    EXPECT_EQ(switched(rig, CommandKind::force_charge, false).refused, std::nullopt) << "off is always taken";
    const Outcome full = switched(rig, CommandKind::full_charge);
    EXPECT_EQ(full.effective, 1);
    EXPECT_EQ(full.cut, CommandCut::without_request);
    rig.feed_for(seconds(1));
    EXPECT_FALSE(rig.last.force_charge_1 || rig.last.force_charge_2 || rig.last.full_charge);
    rig.config.force_charge_requests = true;
    EXPECT_EQ(switched(rig, CommandKind::force_charge).refused, std::nullopt);
    rig.feed_for(seconds(1));
    EXPECT_TRUE(rig.last.force_charge_1 && rig.last.force_charge_2);
    EXPECT_FALSE(rig.last.full_charge);
    switched(rig, CommandKind::force_charge, false);
    rig.config.full_charge_requests = true;
    EXPECT_EQ(switched(rig, CommandKind::full_charge).cut, CommandCut::none);
    rig.feed_for(seconds(1));
    EXPECT_TRUE(rig.last.full_charge);
    EXPECT_FALSE(rig.last.force_charge_1 || rig.last.force_charge_2);
    rig.config.force_charge_requests = rig.config.full_charge_requests = false;
    switched(rig, CommandKind::full_charge);
    rig.feed_for(seconds(1));
    EXPECT_FALSE(rig.last.full_charge) << "a new configuration holds at once";
}

TEST(Commands, S10_ALatchedPackIsNotAskedToBeCharged) {
    using Change = void (*)(PackLatches&);
    const Change changes[] = {[](PackLatches& l) { l.hard_stop = true; },
                              [](PackLatches& l) { l.lockout = true; }, [](PackLatches& l) { l.low = true; },
                              [](PackLatches& l) { l.high = HighFault::awaiting_operator; }};
    for (const Change change : changes) {
        Rig rig = settled(asking());
        switched(rig, CommandKind::force_charge);
        rig.silent();
        EXPECT_TRUE(rig.last.force_charge_1);
        change(rig.state.packs[0].latches);
        rig.silent();
        EXPECT_FALSE(rig.last.force_charge_1 || rig.last.force_charge_2) << "also what was accepted before";
        for (const CommandKind kind : {CommandKind::force_charge, CommandKind::full_charge}) {
            EXPECT_EQ(switched(rig, kind).refused, CommandRefusal::latched);
        }
        EXPECT_EQ(switched(rig, CommandKind::float_hold).refused, std::nullopt);
        EXPECT_EQ(switched(rig, CommandKind::pause).refused, std::nullopt);
    }
}

TEST(Commands, NothingIsAskedForWithoutFreshDataWhileWhatTightensIsAlwaysTaken) {
    Rig early(asking());
    for (const CommandKind kind :
         {CommandKind::force_charge, CommandKind::full_charge, CommandKind::float_hold}) {
        EXPECT_EQ(switched(early, kind).refused, CommandRefusal::no_data);
    }
    EXPECT_EQ(switched(early, CommandKind::pause).refused, std::nullopt);
    EXPECT_EQ(charge(early, 20).refused, std::nullopt);
    early.settle(early.reading);
    EXPECT_EQ(early.last.charge.value(), amps(0));

    Rig rig = settled(asking());
    switched(rig, CommandKind::force_charge);
    rig.silent_for(seconds(2));
    EXPECT_TRUE(rig.last.force_charge_1);
    rig.silent_for(milliseconds(500));
    EXPECT_FALSE(rig.last.force_charge_1) << "not on old data";
    EXPECT_EQ(switched(rig, CommandKind::force_charge).refused, std::nullopt);
    rig.silent_for(seconds(13));
    EXPECT_EQ(switched(rig, CommandKind::force_charge).refused, CommandRefusal::no_data);
}

TEST(Commands, NothingIsAskedForWhileNothingMayFlow) {
    Rig rig = settled(asking());
    switched(rig, CommandKind::force_charge);
    charge(rig, 0);
    rig.silent();
    EXPECT_FALSE(rig.last.force_charge_1);
    charge(rig, 20);
    switched(rig, CommandKind::pause);
    rig.silent();
    EXPECT_FALSE(rig.last.force_charge_1);
}

TEST(Commands, S10_AFullChargeIsBegunAndTakenBackWithTheOrder) {
    Rig rig = settled(asking());
    for (const Phase from : {Phase::idle, Phase::floating}) {
        rig.state.phase.phase = from;
        switched(rig, CommandKind::full_charge);
        rig.feed_for(seconds(1));
        EXPECT_EQ(rig.last.phase, Phase::bulk);
        rig.feed_for(seconds(58));
        EXPECT_EQ(rig.last.phase, Phase::bulk);
        EXPECT_EQ(rig.last.charge_voltage, mv(16 * 3450));
        rig.feed_for(seconds(1));
        EXPECT_EQ(rig.last.phase, Phase::idle);
        EXPECT_LT(rig.last.charge_voltage, mv(16 * 3450));
    }
    rig.state.phase.phase = Phase::absorb;
    rig.state.phase.asked = true;
    EXPECT_EQ(rig.feed_for(seconds(1)).phase, Phase::idle);
    EXPECT_FALSE(rig.state.phase.asked);
}

TEST(Commands, AChargeThatWouldHaveBegunByItselfGoesOnAfterTheOrder) {
    Rig rig = settled(asking());
    rig.state.phase.phase = Phase::idle;
    rig.state.phase.last_end = rig.now - hours(15 * 24);
    switched(rig, CommandKind::full_charge);
    rig.feed_for(minutes(2));
    EXPECT_EQ(rig.last.phase, Phase::bulk);
    Rig charging = settled(asking());
    ASSERT_EQ(charging.last.phase, Phase::bulk);
    switched(charging, CommandKind::full_charge);
    EXPECT_EQ(charging.feed_for(minutes(2)).phase, Phase::bulk);
}

TEST(Commands, AFullBatteryIsNotChargedOnceMore) {
    Rig rig = settled(asking());
    rig.state.phase.phase = Phase::floating;
    rig.state.phase.full_claimed = true;
    switched(rig, CommandKind::full_charge);
    rig.feed_for(seconds(2));
    EXPECT_EQ(rig.last.phase, Phase::floating);
    EXPECT_FALSE(rig.last.full_charge);
}

TEST(Commands, AFloatHoldLowersTheVoltageAndNothingElseAndItsEndGivesItBack) {
    Rig rig = settled();
    ASSERT_EQ(rig.last.charge_voltage, mv(16 * 3450));
    for (int i = 0; i < 150; ++i) {
        switched(rig, CommandKind::float_hold);
        rig.feed_for(seconds(1));
    }
    EXPECT_EQ(rig.last.charge_voltage, mv(16 * 3350));
    EXPECT_EQ(rig.last.phase, Phase::bulk) << "the charge cycle goes on";
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    rig.feed_for(seconds(58));
    EXPECT_EQ(rig.last.charge_voltage, mv(16 * 3350));
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge_voltage, mv(16 * 3450));
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
    rig.state = adopt(other, rig.state);
    rig.config = other;
    rig.feed_for(minutes(3));
    EXPECT_EQ(rig.last.charge.value(), amps(15));
    EXPECT_EQ(effective(rig.config, CommandKind::max_charge, 20'000), 15'000);
}

}  // namespace
}  // namespace jkp::control::test
