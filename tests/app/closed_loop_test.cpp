// SPDX-License-Identifier: MIT
#include "app/closed_loop.hpp"

#include <gtest/gtest.h>

#include "control/builders.hpp"

namespace jkp::app {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

ClosedLoopSettings site(std::size_t packs, int wish_a) {
    ClosedLoopSettings s;
    s.controller.control = control::test::config_of_one();
    for (std::size_t i = 1; i < packs; ++i) {
        s.controller.control.packs.push_back(s.controller.control.packs[0]);
        s.controller.control.packs.back().name = "B";
    }
    s.packs.resize(packs);
    for (std::size_t i = 0; i < packs; ++i) s.packs[i].seed = i + 1;
    s.wish = [wish_a](TimePoint) { return Milliamps(wish_a * 1000); };
    return s;
}

TEST(ClosedLoop, TheInverterFollowsTheLimitsOfTheController) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(3));
    EXPECT_EQ(loop.decision().charge.value(), Milliamps(60'000));
    EXPECT_EQ(loop.bank().current(), Milliamps(40'000));
    EXPECT_EQ(loop.line(0).counters().answers, 180U);
    EXPECT_TRUE(loop.controller().inverter_seen());
}

TEST(ClosedLoop, ACellAtTheHardStopEndsTheCharge) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(3));
    loop.pack(0).force_cell(5, Millivolts(3560));
    loop.advance(loop.now() + seconds(15));
    EXPECT_EQ(loop.decision().charge.value(), Milliamps(0));
    EXPECT_EQ(loop.bank().current(), Milliamps(0));
}

TEST(ClosedLoop, TwoPacksAreOneBank) {
    ClosedLoop loop(site(2, 60));
    loop.advance(loop.now() + minutes(5));
    EXPECT_EQ(loop.decision().modules, 2);
    EXPECT_NEAR(loop.bank().current().count(), 60'000, 5);
    EXPECT_NEAR(loop.pack(0).current().count(), 30'000, 3'000);
}

TEST(ClosedLoop, S6_ASilentPackStopsTheInverter) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(3));
    loop.connect_pack(0, false);
    loop.advance(loop.now() + seconds(30));
    EXPECT_EQ(loop.decision().charge.value(), Milliamps(0));
    EXPECT_EQ(loop.bank().current(), Milliamps(0));
    loop.connect_pack(0, true);
    loop.advance(loop.now() + minutes(3));
    EXPECT_EQ(loop.bank().current(), Milliamps(40'000));
}

TEST(ClosedLoop, S7_AProgramThatDoesNotRunPutsNothingOnTheBus) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(3));
    loop.restart(seconds(20));
    loop.advance(loop.now() + seconds(12));
    EXPECT_FALSE(loop.running());
    EXPECT_FALSE(loop.inverter().hears_battery(loop.now()));
    EXPECT_EQ(loop.bank().current(), Milliamps(0));
    loop.advance(loop.now() + minutes(3));
    EXPECT_TRUE(loop.running());
    EXPECT_EQ(loop.bank().current(), Milliamps(40'000));
}

TEST(ClosedLoop, ALatchSurvivesTheRestart) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(1));
    loop.pack(0).force_cell(5, Millivolts(3610));
    loop.advance(loop.now() + seconds(5));
    loop.pack(0).force_cell(5, Millivolts(3500));
    loop.restart(seconds(5));
    loop.advance(loop.now() + minutes(2));
    EXPECT_TRUE(loop.controller().state().packs[0].latches.hard_stop);
}

TEST(ClosedLoop, AnOrderlyStopLeavesZeroLimitsBehind) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(3));
    loop.restart(minutes(1), StopKind::orderly);
    loop.advance(loop.now() + seconds(3));
    EXPECT_EQ(loop.inverter().limits_obeyed()->charge_current_limit, Milliamps(0));
}

TEST(ClosedLoop, ACutCanCableStopsTheInverterAndItComesBack) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + minutes(3));
    loop.connect_can(false);
    loop.advance(loop.now() + seconds(15));
    EXPECT_EQ(loop.bank().current(), Milliamps(0));
    EXPECT_EQ(loop.controller().mode(loop.now()), control::TransportMode::unacknowledged);
    loop.connect_can(true);
    loop.advance(loop.now() + minutes(1));
    EXPECT_EQ(loop.bank().current(), Milliamps(40'000));
}

TEST(ClosedLoop, ASleepingBmsIsActivated) {
    ClosedLoop loop(site(1, 40));
    loop.device(0).misbehaviour.asleep = true;
    loop.advance(loop.now() + seconds(10));
    EXPECT_EQ(loop.device(0).activations(), 1U);
    EXPECT_GT(loop.line(0).counters().answers, 4U);
}

TEST(ClosedLoop, DamagedAnswersAreCountedAndAgeTheData) {
    ClosedLoop loop(site(1, 40));
    loop.advance(loop.now() + seconds(30));
    loop.device(0).misbehaviour.wrong_checksum = true;
    loop.advance(loop.now() + seconds(20));
    EXPECT_GT(loop.line(0).counters().refused, 18U);
    EXPECT_EQ(loop.decision().charge.value(), Milliamps(0));
}

TEST(ClosedLoop, S12_TheSameSiteGivesTheSameDay) {
    const auto day = [](std::uint64_t seed) {
        ClosedLoopSettings settings = site(2, 35);
        for (sim::PackSpec& pack : settings.packs) {
            pack.noise = true;
            pack.seed += seed;
        }
        ClosedLoop loop(settings);
        std::vector<CanFrame> frames;
        loop.on_cycle([&] { frames.insert(frames.end(), loop.sent().begin(), loop.sent().end()); });
        loop.advance(loop.now() + hours(2));
        return frames;
    };
    const auto first = day(5);
    EXPECT_GE(first.size(), 7200U * 6);
    EXPECT_TRUE(first == day(5));
    EXPECT_FALSE(first == day(6));
}

}  // namespace
}  // namespace jkp::app
