// SPDX-License-Identifier: MIT
// The exact edges of stage H: thresholds, steps, ages and what is told.
#include <gtest/gtest.h>

#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

// One step in which several sources of the second battery speak at once.
const SiteLimits& all_say(Site& site, std::initializer_list<std::pair<PeerSource, double>> words) {
    site.now += seconds(1);
    site.own.now = site.own.sample_at = site.now;
    if (site.meter) site.grid = {GridReading{*site.meter}, site.now};
    std::vector<PeerSeen> seen;
    for (const auto& [source, current] : words) seen.push_back({source, {peer_at(amps(current)), site.now}});
    site.last = coordinate(site.config, site.state, site.own, site.grid, seen, site.happened);
    return site.last;
}

TEST(CoordinationEdges, ASecondBatteryThatIsNotConfiguredCountsOnceItHasSpoken) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.after(3);
    EXPECT_EQ(site.mode(), SiteMode::off);
    site.peer_says(amps(3));
    EXPECT_EQ(site.mode(), SiteMode::peer_charging);
    EXPECT_EQ(site.discharge(), amps(0));
    site.peer.reset();
    site.after(21);
    EXPECT_EQ(site.mode(), SiteMode::unknown);
    EXPECT_EQ(site.last.decision.peer_state, SourceState::unknown);
}

TEST(CoordinationEdges, TheSurplusIsReckonedWithTheSourceThatTellsOfMoreDischarge) {
    Site site;
    site.begin();
    site.meter = watts(600);
    site.own.current = amps(20);
    // 1000 W of ours and 600 W at the meter; 5 A at 51.2 V are not ours.
    all_say(site, {{PeerSource::local, 4}, {PeerSource::sensor, -5}});
    EXPECT_EQ(site.charge(), Milliamps(26'880)) << "1600 W - 256 W at 50 V";
}

TEST(CoordinationEdges, TheShortageIsReckonedWithTheSourceThatTellsOfMoreCharge) {
    const auto freed_after = [](int import) {
        Site site;
        site.begin();
        site.peer_says(amps(3));
        site.meter = watts(-import);
        const auto both = {std::pair{PeerSource::local, 0.0}, {PeerSource::sensor, 0.5}};  // 25 W
        for (int second = 1; second < 100; ++second) {
            all_say(site, both);
            if (!site.state.charging.active) return second;
        }
        return 100;
    };
    EXPECT_EQ(freed_after(126), 3) << "126 W - 25 W are more than 100 W";
    EXPECT_EQ(freed_after(125), 20);
}

TEST(CoordinationEdges, AHundredWattLeftOverAreNoSurplusYet) {
    for (const auto& [surplus, held] : {std::pair{100, 20}, {101, 3}}) {
        Site site;
        site.begin();
        site.peer_says(amps(-2));
        site.meter = watts(surplus);
        site.peer_says(amps(0));
        site.after(held - 2);
        EXPECT_TRUE(site.state.discharging.active) << surplus;
        site.after();
        EXPECT_FALSE(site.state.discharging.active) << surplus;
    }
}

TEST(CoordinationEdges, ALostMeterShortensNoHold) {
    Site site;
    site.begin();
    site.peer_says(amps(-2));
    site.peer_says(amps(0));
    site.after(18);
    EXPECT_TRUE(site.state.discharging.active);
}

TEST(CoordinationEdges, TheSurplusIsTakenUpToTheMaximumOfTheCharge) {
    Site site;
    site.own.charge_maximum = amps(40);
    site.begin();
    site.own.current = amps(40);
    site.meter = watts(30'000);
    site.peer_says(amps(-10));
    EXPECT_EQ(site.charge(), amps(40));
    Site large;
    large.own.charge_maximum = amps(200);
    large.begin();
    large.own.voltage = mv(51'200);
    large.meter = watts(8163);  // 500 W of the other's
    large.peer_says(amps(-10));
    EXPECT_EQ(large.charge(), Milliamps(149'667)) << "7663 W at 51.2 V, rounded down";
}

TEST(CoordinationEdges, AFallOfMoreThanAnAmpereDelaysTheNextStepUp) {
    for (const auto& [fall, delayed] : {std::pair{500, false}, {1000, false}, {1001, true}, {10'000, true}}) {
        Site site;
        site.begin();
        site.peer_says(amps(-10));
        site.own.voltage = mv(1'000'000);  // a milliampere for each milliwatt
        site.state.charge.bound = {Milliamps(20'000 + fall), {}};
        site.state.charge.moved_at = site.now - seconds(4);
        site.own.current = amps(0);
        site.meter = watts(20'500);  // 20 A after the 500 W of the other
        site.after();
        ASSERT_EQ(site.charge(), amps(20)) << fall;
        site.meter = watts(60'500 - 20'000);
        site.after();
        EXPECT_EQ(site.charge(), delayed ? amps(20) : amps(40)) << fall;
    }
}

TEST(CoordinationEdges, TheSmallestFallIsAnsweredToo) {
    Site site;
    site.begin();
    site.peer_says(amps(-10));
    site.own.voltage = mv(1'000'000);
    site.state.charge.bound = {Milliamps(20'001), {}};
    site.state.response.cut_at.reset();
    site.own.current = amps(26);
    site.own.charge_maximum = amps(20);
    site.meter = watts(0);
    site.after();
    ASSERT_EQ(site.charge(), amps(20));
    EXPECT_EQ(site.state.response.cut_at, site.now);
    EXPECT_EQ(site.state.response.target, amps(20));
}

TEST(CoordinationEdges, UnknownTimeFreesNoChargeEither) {
    Site site;
    site.begin();
    site.peer_says(amps(-10));
    site.peer.reset();
    site.after(40);
    ASSERT_EQ(site.mode(), SiteMode::unknown);
    site.peer_says(amps(0));
    site.after(15);
    EXPECT_EQ(site.mode(), SiteMode::peer_discharging) << "the hold runs from when it is known again";
}

TEST(CoordinationEdges, SourcesThatAreRemovedLeaveNothingBehind) {
    SiteState state;
    state.sources.grid = {watts(100), at(seconds(1))};
    state.sources.grid_newest = at(seconds(1));
    state.sources.peers[1].newest = at(seconds(1));
    state.peer_known = state.begun = at(seconds(1));
    state.grid_lost = state.peer_lost = true;
    state.charging.active = state.discharging.active = true;
    forget_sources(state, {});
    EXPECT_EQ(state, SiteState{});
}

TEST(CoordinationEdges, OfTwoThatSayTheSameThePreferredOneCounts) {
    CoordinationSettings settings;
    Sources sources;
    const TimePoint now = at(seconds(1000));
    const std::array seen{PeerSeen{PeerSource::local, {peer_at(amps(4)), now}},
                          PeerSeen{PeerSource::json, {peer_at(amps(4)), now - seconds(5)}}};
    const SiteView view = see(sources, settings, {}, seen, now);
    ASSERT_TRUE(view.peer);
    EXPECT_EQ(view.peer->highest.at, now);
    EXPECT_EQ(view.peer->lowest.at, now);
}

TEST(CoordinationEdges, AStepUpIsRoundedDown) {
    Site site;
    site.begin();
    site.config.coordination.rise_per_second = Milliamps(2001);
    site.state.response.learned = std::chrono::microseconds(14'992'503);
    site.peer_says(amps(3));
    site.peer_says(amps(0));
    site.until_discharge();
    EXPECT_EQ(site.discharge(), Milliamps(29'999)) << "2001 mA/s for 14.992503 s are 29999.998 mA";
}

TEST(CoordinationEdges, ALongLossIsToldWithItsSeconds) {
    Site site;
    site.begin();
    site.meter = watts(10);
    site.after();
    site.meter.reset();
    site.peer.reset();
    site.now += seconds(2000);
    site.step();
    ASSERT_EQ(site.happened.size(), 2U);
    EXPECT_EQ(site.happened[0], (Event{EventCode::peer_lost, 0, 2000}));
    EXPECT_EQ(site.happened[1], (Event{EventCode::meter_lost, 0, 2000}));
}

TEST(CoordinationEdges, AContradictionIsToldWhenItBegins) {
    Site site;
    site.begin();
    const auto contradict = {std::pair{PeerSource::local, 5.0}, {PeerSource::sensor, -5.0}};
    all_say(site, contradict);
    ASSERT_EQ(site.happened.size(), 1U);
    EXPECT_EQ(site.happened[0], (Event{EventCode::peers_differ, 0, 10'000}));
    all_say(site, contradict);
    all_say(site, contradict);
    EXPECT_EQ(site.happened.size(), 1U);
    all_say(site, {{PeerSource::local, 5}, {PeerSource::sensor, 5}});
    all_say(site, contradict);
    EXPECT_EQ(site.happened.size(), 2U) << "and again when it comes back";
}

// The other way round than OscillationAtTheSite.TheLargerMaximumEndsIt.
TEST(CoordinationEdges, ACapOfAnOscillationLastsUntilTheLargerMaximum) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.own.charge_maximum = amps(10);
    site.step();
    site.state.damping = {amps(20), site.now, site.now, seconds(10)};
    site.after();
    EXPECT_EQ(site.state.damping.cap, amps(30)) << "above one maximum and below the other";
}

TEST(CoordinationEdges, OldDataOfThePackReducesBothCaps) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.step();
    site.state.damping = {amps(20), site.now, site.now + hours(1), seconds(10)};
    site.after();
    ASSERT_EQ(site.charge(), amps(20));
    ASSERT_EQ(site.discharge(), amps(20));
    site.own.age_stage = AgeStage::falling;
    site.own.age = seconds(10);
    site.after();
    EXPECT_EQ(site.charge(), amps(10));
    EXPECT_EQ(site.discharge(), amps(10));
    EXPECT_EQ(site.last.charge.reason().rule, Rule::age);
    EXPECT_EQ(site.last.discharge.reason().rule, Rule::age);
    EXPECT_EQ(site.last.charge_limiters.size(), 2U);
    EXPECT_EQ(site.last.discharge_limiters.size(), 2U);
}

TEST(CoordinationEdges, OldDataOfThePackAddsNothingToALimitThatIsNotThere) {
    Site site;
    site.begin();
    site.peer_says(amps(10));
    site.own.age_stage = AgeStage::falling;
    site.own.age = seconds(10);
    site.after();
    EXPECT_EQ(site.last.discharge_limiters.size(), 2U);
    EXPECT_TRUE(site.last.charge_limiters.empty());
    EXPECT_EQ(site.charge(), all);
    site.own.age_stage = AgeStage::fresh;
    site.own.age = Duration{};
    site.peer_says(amps(0));
    site.after(100);
    site.peer_says(amps(-10));
    site.own.age_stage = AgeStage::falling;
    site.own.age = seconds(10);
    site.after();
    EXPECT_EQ(site.last.charge_limiters.size(), 2U);
    EXPECT_TRUE(site.last.discharge_limiters.empty());
    EXPECT_EQ(site.discharge(), all);
}

}  // namespace
}  // namespace jkp::control::test
