// SPDX-License-Identifier: MIT
// Packs that change their place, leave the configuration and come back: a latch stays with its pack.
#include <gtest/gtest.h>

#include "control/saved.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

constexpr WallTime noon{1'700'000'000};

Config named(std::initializer_list<const char*> names) {
    Config config = config_of_one();
    const PackConfig one = config.packs[0];
    config.packs.clear();
    for (const char* const name : names) {
        config.packs.push_back(one);
        config.packs.back().name = name;
    }
    return config;
}

// A is well; B has everything that latches, and its rise gate was taken down.
State b_latched(const Config& config) {
    Packs bank(config);
    bank.run(seconds(5));
    PackState& b = bank.state.packs[1];
    b.latches.hard_stop = b.latches.low = b.latches.lockout = true;
    b.latches.high = HighFault::awaiting_operator;
    b.latches.recovery = Recovery{.started = bank.now, .lowest_at_start = mv(2600)};
    b.latches.below_release.first = bank.now;
    b.charge_gate = {.allowed = amps(20), .reduced_at = bank.now};
    b.discharge_gate = {.allowed = amps(30), .reduced_at = bank.now};
    return bank.state;
}

void expect_latched(const PackState& pack) {
    EXPECT_TRUE(pack.latches.hard_stop && pack.latches.low && pack.latches.lockout);
    EXPECT_EQ(pack.latches.high, HighFault::awaiting_operator);
    EXPECT_EQ(pack.charge_gate.allowed, amps(20));
    EXPECT_EQ(pack.discharge_gate.allowed, amps(30));
}

TEST(Former, PacksInAnotherOrderKeepTheirLatchesAndTheirReadings) {
    const Config before = named({"A", "B"});
    const State old = b_latched(before);
    const State state = adopt(named({"B", "A"}), before, old);
    ASSERT_EQ(state.packs.size(), 2U);
    expect_latched(state.packs[0]);
    EXPECT_EQ(state.packs[0].latches, old.packs[1].latches);
    EXPECT_EQ(state.packs[0].valid_samples, old.packs[1].valid_samples);
    EXPECT_EQ(state.packs[1].latches, old.packs[0].latches);
    EXPECT_TRUE(state.packs[1].sample);
    EXPECT_TRUE(state.former.empty());
}

TEST(Former, WhatIsLeftOfABankIsFoundByItsName) {
    const Config before = named({"A", "B"});
    const State old = b_latched(before);
    const State state = adopt(named({"B"}), before, old);
    expect_latched(state.packs[0]);
    EXPECT_EQ(state.packs[0].sample->at, old.packs[1].sample->at);
    EXPECT_TRUE(state.former.empty()) << "nothing of A was latched";
}

TEST(Former, ALockedPackThatIsTakenOutAndPutBackIsStillLocked) {
    const Config before = named({"A", "B"});
    const Config without = named({"A"});
    State state = adopt(without, before, b_latched(before));
    ASSERT_EQ(state.former.size(), 1U);
    EXPECT_EQ(state.former[0].name.view(), "B");
    state = adopt(named({"B", "A"}), without, state);
    expect_latched(state.packs[0]);
    EXPECT_FALSE(state.packs[0].latches.recovery) << "it needs a new local release";
    EXPECT_FALSE(state.packs[0].latches.below_release.first);
    EXPECT_FALSE(state.packs[0].sample);
    EXPECT_TRUE(state.former.empty());
}

TEST(Former, TheFirstPackOfTheConfigurationIsRememberedLikeAnyOther) {
    const Config before = named({"A", "B"});
    const Config turned = named({"B", "A"});
    const State state = adopt(named({"A"}), turned, adopt(turned, before, b_latched(before)));
    ASSERT_EQ(state.former.size(), 1U);
    EXPECT_EQ(state.former[0].name.view(), "B");
}

TEST(Former, ANewNameInThePlaceOfOneThatIsGoneTakesOverItsLatchesButNoReading) {
    const Config before = named({"A", "B"});
    const Config renamed = named({"A", "C"});
    const State state = adopt(renamed, before, b_latched(before));
    expect_latched(state.packs[1]);
    EXPECT_FALSE(state.packs[1].latches.recovery);
    EXPECT_FALSE(state.packs[1].sample) << "it may be another battery";
    EXPECT_TRUE(state.packs[0].sample);
    EXPECT_EQ(state.former.size(), 1U) << "if it is another one, B is remembered all the same";
    expect_latched(adopt(before, renamed, state).packs[1]);
}

TEST(Former, ANewPackWithoutAPlaceOfAnotherStartsWithoutAnything) {
    const Config before = named({"A", "B"});
    const State state = adopt(named({"C", "A", "B"}), before, b_latched(before));
    EXPECT_EQ(state.packs[0].latches, PackLatches{});
    EXPECT_FALSE(state.packs[0].sample);
    expect_latched(state.packs[2]);
    EXPECT_EQ(adopt(named({"A", "B", "C"}), before, b_latched(before)).packs[2].latches, PackLatches{});
}

TEST(Former, APackThatIsOutOfTheConfigurationIsRememberedAcrossARestart) {
    const Config before = named({"A", "B"});
    const Config without = named({"A"});
    const TimePoint now = at(seconds(2000));
    State state = adopt(without, before, b_latched(before));
    for (int restarts = 0; restarts < 2; ++restarts) {
        state = restore(without, save(without, state, now, noon, true), now, noon, hours(24));
        ASSERT_EQ(state.former.size(), 1U);
    }
    const State back = restore(before, save(without, state, now, noon, true), now, noon, hours(24));
    expect_latched(back.packs[1]);
    EXPECT_EQ(back.packs[0].latches, PackLatches{});
    EXPECT_TRUE(back.former.empty());
}

TEST(Former, APackThatIsTakenOutWhileTheProgramIsOffIsRememberedAsWell) {
    const Config before = named({"A", "B"});
    const Config without = named({"A"});
    const TimePoint now = at(seconds(2000));
    const State state =
        restore(without, save(before, b_latched(before), now, noon, true), now, noon, hours(24));
    ASSERT_EQ(state.former.size(), 1U);
    expect_latched(adopt(before, without, state).packs[1]);
}

// C was renamed from A, so both are known; what is remembered of a name goes before the place.
TEST(Former, TheOwnLatchesGoBeforeThoseOfThePlaceAndThePresentOnesBeforeTheRemembered) {
    Saved saved;
    saved.packs.resize(2);
    saved.former.resize(2);
    saved.packs[0].name = "A";
    saved.packs[0].lockout = true;
    saved.packs[1].name = "B";
    saved.packs[1].low = true;
    saved.former[0].name = "C";
    saved.former[0].hard_stop = true;
    saved.former[1].name = "B";
    saved.former[1].lockout = true;
    const State state = restore(named({"C", "B"}), saved, at(seconds(9)), noon, hours(24));
    EXPECT_TRUE(state.packs[0].latches.hard_stop);
    EXPECT_FALSE(state.packs[0].latches.lockout);
    EXPECT_TRUE(state.packs[1].latches.low);
    EXPECT_FALSE(state.packs[1].latches.lockout);
    ASSERT_EQ(state.former.size(), 1U);
    EXPECT_EQ(state.former[0].name.view(), "A");
}

TEST(Former, EachThingThatIsLatchedIsAReasonToRemember) {
    const auto remembered = [](auto change) {
        FormerPack pack{.name = "B", .latches = {}, .charge_gate = {}, .discharge_gate = {}};
        change(pack);
        std::vector<FormerPack> former;
        remember(former, pack);
        return former.size();
    };
    EXPECT_EQ(remembered([](FormerPack&) {}), 0U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.charge_gate.allowed = amps(60); }), 0U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.latches.hard_stop = true; }), 1U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.latches.high = HighFault::blocked; }), 1U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.latches.low = true; }), 1U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.latches.lockout = true; }), 1U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.latches.unknown = true; }), 1U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.charge_gate.reduced_at = at(seconds(1)); }), 1U);
    EXPECT_EQ(remembered([](FormerPack& p) { p.discharge_gate.reduced_at = at(seconds(1)); }), 1U);
}

TEST(Former, AllThatIsLatchedIsRememberedAndNoEvidence) {
    PackLatches l;
    l.hard_stop = l.low = l.lockout = l.unknown = true;
    l.high = HighFault::blocked;
    const PackLatches latched = l;
    l.high_samples = l.critical_samples = l.low_samples = l.lockout_samples = 1;
    l.below_release.first = l.low_recovered.first = at(seconds(1));
    l.recovery = Recovery{.started = at(seconds(1)), .lowest_at_start = mv(2600)};
    EXPECT_EQ(latched_only(l), latched);
}

TEST(Former, OfMoreThanSixteenTheOldestIsForgottenAndOneNameIsListedOnce) {
    std::vector<FormerPack> former;
    for (int i = 0; i < 17; ++i) {
        FormerPack pack{.name = std::string_view(std::to_string(i)),
                        .latches = {},
                        .charge_gate = {},
                        .discharge_gate = {}};
        pack.latches.lockout = true;
        remember(former, pack);
        remember(former, pack);
    }
    ASSERT_EQ(former.size(), max_former_packs);
    EXPECT_EQ(former.front().name.view(), "1");
    EXPECT_EQ(former.back().name.view(), "16");
    EXPECT_FALSE(take_back(former, "0"));
}

TEST(Former, APackThatLeavesIsWorthWritingAtOnce) {
    const Config before = named({"A", "B"});
    const State old = b_latched(before);
    EXPECT_TRUE(latches_differ(old, adopt(named({"B", "A"}), before, old)));
    State state = adopt(named({"A"}), before, old);
    const State kept = state;
    EXPECT_FALSE(latches_differ(kept, state));
    state.former[0].latches.lockout = false;
    EXPECT_TRUE(latches_differ(kept, state));
    state.former.clear();
    EXPECT_TRUE(latches_differ(kept, state));
}

}  // namespace
}  // namespace jkp::control::test
