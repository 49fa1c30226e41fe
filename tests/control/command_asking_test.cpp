// SPDX-License-Identifier: MIT
// Commands that ask for more: force charge, full charge, float hold.
#include <gtest/gtest.h>

#include "command_rig.hpp"

namespace jkp::control::test {
namespace {

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

TEST(Commands, S10_AnOrderedFullChargeThatWasReachedIsBalancedLikeAnyOther) {
    Rig ordered = settled(asking());
    Rig own = settled(asking());
    switched(ordered, CommandKind::full_charge);
    ordered.state.phase.asked = true;
    for (Rig* rig : {&ordered, &own}) {
        rig->state.phase.phase = Phase::absorb;
        rig->state.phase.end_credit = hours(1);  // its end was seen
        rig->reading = reading_between(mv(3'430), mv(3'400));
        rig->feed_for(seconds(10));
        ASSERT_EQ(rig->last.phase, Phase::balance);
    }
    switched(ordered, CommandKind::full_charge, false);
    ordered.feed_for(minutes(2));
    own.feed_for(minutes(2));
    EXPECT_EQ(ordered.last.phase, Phase::balance);
    EXPECT_EQ(ordered.last.charge_voltage, own.last.charge_voltage);
    EXPECT_EQ(ordered.last.charge.value(), own.last.charge.value());
    EXPECT_EQ(ordered.last.discharge.value(), own.last.discharge.value());
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

}  // namespace
}  // namespace jkp::control::test
