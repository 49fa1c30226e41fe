// SPDX-License-Identifier: MIT
// The exact edges of commands: borders of time and value, both directions alike, what is told.
#include <gtest/gtest.h>

#include "command_rig.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

TEST(CommandEdges, NothingIsOrderedAndNothingWasSentAtTheBeginning) {
    const Orders orders = make_state(config_of_one()).orders;
    EXPECT_EQ(orders.charge_sent, amps(0));
    EXPECT_EQ(orders.discharge_sent, amps(0));
    EXPECT_EQ(orders.most_charge(), Milliamps::max());
}

TEST(CommandEdges, AnOrderMayLastAYearAndNoLonger) {
    Rig rig = settled();
    const Duration year = hours(24 * 365);
    EXPECT_FALSE(charge(rig, 20, year).refused);
    EXPECT_EQ(charge(rig, 20, year + Duration(1)).refused, CommandRefusal::out_of_range);
}

TEST(CommandEdges, S10_OneLatchedPackOfTwoIsEnoughToRefuseAFullCharge) {
    Config config = asking();
    config.packs.push_back(config.packs[0]);
    config.packs[1].name = "B";
    State state = make_state(config);
    state.complete_since = at(seconds(10));
    state.packs[1].latches.hard_stop = true;
    const auto full = [&] {
        return order(config, state, {CommandKind::full_charge, 1, {}, "test"}, at(seconds(20))).refused;
    };
    EXPECT_EQ(full(), CommandRefusal::latched);
    state.packs[1].latches.hard_stop = false;
    EXPECT_EQ(full(), std::nullopt);
}

TEST(CommandEdges, S3_WhatWasTakenFromTheDischargeIsHeldLikeTheCharge) {
    Rig rig = settled();
    send(rig, CommandKind::max_discharge, 20'000);
    rig.silent();
    ASSERT_EQ(rig.last.discharge.value(), amps(20));
    rig.feed_for(minutes(2));
    send(rig, CommandKind::max_discharge, {});
    rig.feed_for(rig.config.dynamics.rise_hold - seconds(1));
    EXPECT_EQ(rig.last.discharge.value(), amps(20));
    rig.feed_for(seconds(5));
    EXPECT_GT(rig.last.discharge.value(), amps(20));
}

TEST(CommandEdges, TheHoldIsOverAtItsEndAndNotAMomentLater) {
    Rig rig = settled();
    charge(rig, 60);
    rig.silent();
    ASSERT_TRUE(rig.state.orders.charge);
    const TimePoint begin = rig.now;
    charge(rig, 61);
    send(rig, CommandKind::max_charge, {});
    rig.feed_for(rig.config.dynamics.rise_hold - seconds(1));
    ASSERT_EQ(rig.state.orders.charge->hold_until, begin + rig.config.dynamics.rise_hold);
    rig.feed_for(seconds(1));
    EXPECT_FALSE(rig.state.orders.charge);
}

TEST(CommandEdges, S6_TheAgeThatReducesAnOrderIsOneOfTheLimiters) {
    const auto of_age = [](const Rig& rig) {
        return std::count_if(rig.last.charge_limiters.begin(), rig.last.charge_limiters.end(),
                             [](const ChargeBound& bound) { return bound.reason().rule == Rule::age; });
    };
    Rig without = settled();
    Rig with = settled();
    charge(with, 20);
    without.silent_for(seconds(10));
    with.silent_for(seconds(10));
    EXPECT_EQ(of_age(with), of_age(without) + 1);
}

TEST(CommandEdges, AnEmptyBatteryMayAskToBeCharged) {
    Rig rig = settled(asking());
    rig.settle(reading_at(mv(2950)));
    ASSERT_FALSE(rig.last.discharge_enable);
    ASSERT_GT(rig.last.charge.value(), amps(0));
    switched(rig, CommandKind::force_charge);
    rig.feed();
    EXPECT_TRUE(rig.last.force_charge_1);
}

TEST(CommandEdges, TheLeastCurrentIsEnoughToAsk) {
    Rig rig = settled(asking());
    send(rig, CommandKind::max_charge, 1);
    switched(rig, CommandKind::force_charge);
    rig.feed();
    ASSERT_EQ(rig.last.charge.value(), Milliamps(1));
    EXPECT_TRUE(rig.last.force_charge_1);
}

}  // namespace
}  // namespace jkp::control::test
