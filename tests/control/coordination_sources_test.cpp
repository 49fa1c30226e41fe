// SPDX-License-Identifier: MIT
// What is believed of meter and second battery: age, impossible values, jumps, several sources at once, and
// what the limits do while nothing is known.
#include <gtest/gtest.h>

#include <limits>

#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint start = at(seconds(1000));

struct Eyes {
    CoordinationSettings settings;
    Sources sources;

    SiteView grid(int power, TimePoint told, TimePoint now) {
        return see(sources, settings, Stamped<GridReading>{{watts(power)}, told}, {}, now);
    }
    SiteView peer(PeerSource source, const PeerReading& reading, TimePoint told, TimePoint now) {
        const PeerSeen seen{source, {reading, told}};
        return see(sources, settings, {}, {&seen, 1}, now);
    }
    SiteView later(TimePoint now) { return see(sources, settings, {}, {}, now); }
};

PeerReading power_only(int power) {
    PeerReading reading;
    reading.power = watts(power);
    return reading;
}

TEST(SiteSources, AMeterIsKnownForTenSeconds) {
    Eyes eyes;
    EXPECT_EQ(eyes.later(start).grid, std::nullopt);
    const SiteView view = eyes.grid(-250, start, start);
    ASSERT_TRUE(view.grid);
    EXPECT_EQ(view.grid->value, watts(-250));
    EXPECT_TRUE(eyes.later(start + seconds(10)).grid);
    EXPECT_FALSE(eyes.later(start + seconds(10) + milliseconds(1)).grid) << "old is not known, and not 0 W";
}

TEST(SiteSources, ASampleOfTheSameTimeOrAnEarlierOneIsNotTaken) {
    Eyes eyes;
    eyes.grid(100, start, start);
    EXPECT_EQ(eyes.grid(900, start, start + seconds(1)).grid->value, watts(100));
    EXPECT_EQ(eyes.grid(900, start - seconds(1), start + seconds(1)).grid->value, watts(100));
    EXPECT_EQ(eyes.sources.refused, 0U);
}

TEST(SiteSources, AnImpossiblePowerAtTheMeterIsNotBelievedAndTheOldOneAges) {
    Eyes eyes;
    eyes.grid(50'000, start, start);
    EXPECT_EQ(eyes.later(start).grid->value, watts(50'000));
    TimePoint told = start + seconds(5);
    for (const int power :
         {50'001, -50'001, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()}) {
        EXPECT_EQ(eyes.grid(power, told, told).grid->at, start);
        told += milliseconds(200);
    }
    EXPECT_EQ(eyes.sources.refused, 4U);
    EXPECT_FALSE(eyes.later(start + seconds(11)).grid);
    EXPECT_TRUE(eyes.grid(-50'000, start + seconds(12), start + seconds(12)).grid);
}

TEST(SiteSources, EachWayToTheSecondBatteryHasItsOwnAge) {
    const std::array ages{seconds(20), seconds(15), seconds(60), seconds(600)};
    for (std::size_t i = 0; i < peer_source_count; ++i) {
        Eyes eyes;
        const auto source = static_cast<PeerSource>(i);
        const SiteView view = eyes.peer(source, peer_at(amps(5)), start, start);
        ASSERT_TRUE(view.peer);
        EXPECT_EQ(view.peer->source, source);
        EXPECT_EQ(view.peer->flow, (Stamped<PeerFlow>{{amps(5), watts(250)}, start}));
        EXPECT_TRUE(eyes.later(start + ages[i]).peer);
        EXPECT_FALSE(eyes.later(start + ages[i] + milliseconds(1)).peer);
    }
}

TEST(SiteSources, CurrentAndPowerAreMadeFromEachOther) {
    const CoordinationSettings settings;
    EXPECT_EQ(flow_of(settings, peer_at(amps(-4))), (PeerFlow{amps(-4), watts(-200)}));
    PeerReading odd = peer_at(Milliamps(100'121));
    odd.voltage = mv(50'379);
    EXPECT_EQ(flow_of(settings, odd)->power, watts(5043)) << "5043.996 W";
    EXPECT_EQ(flow_of(settings, power_only(512)), (PeerFlow{amps(10), watts(512)})) << "at 51.2 V";
    PeerReading reading = power_only(-400);
    reading.voltage = mv(40'000);
    EXPECT_EQ(flow_of(settings, reading), (PeerFlow{amps(-10), watts(-400)}));
    reading.voltage = mv(10'000);
    EXPECT_EQ(flow_of(settings, reading)->current, amps(-40));
    reading.voltage = mv(9'999);
    EXPECT_EQ(flow_of(settings, reading)->current, Milliamps(-7812)) << "no voltage of a battery";
    EXPECT_EQ(flow_of(settings, power_only(7663))->current, Milliamps(149'667)) << "149667.97 mA";
    reading.voltage = mv(50'000);
    reading.current = amps(-7);
    EXPECT_EQ(flow_of(settings, reading), (PeerFlow{amps(-7), watts(-400)})) << "both as told";
}

TEST(SiteSources, AReadingThatSaysNothingOrSomethingImpossibleIsNotKnown) {
    const CoordinationSettings settings;
    EXPECT_FALSE(flow_of(settings, {}));
    PeerReading voltage_only;
    voltage_only.voltage = mv(50'000);
    EXPECT_FALSE(flow_of(settings, voltage_only));
    EXPECT_TRUE(flow_of(settings, peer_at(amps(150))));
    EXPECT_TRUE(flow_of(settings, peer_at(amps(-150))));
    EXPECT_FALSE(flow_of(settings, peer_at(Milliamps(150'001))));
    EXPECT_FALSE(flow_of(settings, peer_at(amps(-204.8)))) << "a sensor at its end";
    EXPECT_FALSE(flow_of(settings, peer_at(Milliamps(std::numeric_limits<int>::min()))));
    EXPECT_TRUE(flow_of(settings, power_only(7680)));
    EXPECT_FALSE(flow_of(settings, power_only(7681)));
    EXPECT_FALSE(flow_of(settings, power_only(std::numeric_limits<int>::min())));
    PeerReading both = peer_at(amps(5));
    both.power = watts(8000);
    EXPECT_FALSE(flow_of(settings, both)) << "a power that cannot be";
}

TEST(SiteSources, AReadingThatContradictsItselfIsNotKnown) {
    const CoordinationSettings settings;
    const auto says = [&](Milliamps current, int power) {
        PeerReading reading = peer_at(current);
        reading.power = watts(power);
        return flow_of(settings, reading).has_value();
    };
    EXPECT_FALSE(says(amps(1.1), -60));
    EXPECT_FALSE(says(Milliamps(1001), -60));
    EXPECT_FALSE(says(Milliamps(-1001), 60));
    EXPECT_FALSE(says(amps(-1.1), 60));
    EXPECT_TRUE(says(amps(1), -60)) << "so small a current may be rounded";
    EXPECT_TRUE(says(amps(-1), 60));
    EXPECT_TRUE(says(amps(1.1), -50));
    EXPECT_TRUE(says(amps(-1.1), 50));
    EXPECT_TRUE(says(amps(5), 240));
    EXPECT_TRUE(says(amps(-5), -240));
}

TEST(SiteSources, AJumpMustBeToldTwice) {
    Eyes eyes;
    const auto tell = [&](double current, int second) {
        const TimePoint told = start + seconds(second);
        return eyes.peer(PeerSource::sensor, peer_at(amps(current)), told, told).peer->flow.value.current;
    };
    EXPECT_EQ(tell(-50, 0), amps(-50));
    EXPECT_EQ(tell(50, 1), amps(50)) << "100 A are possible";
    EXPECT_EQ(tell(-51, 2), amps(50)) << "more than 100 A need a second word";
    EXPECT_EQ(eyes.sources.refused, 1U);
    EXPECT_EQ(tell(50, 3), amps(50));
    EXPECT_EQ(tell(-51, 4), amps(50)) << "the doubt before is forgotten";
    EXPECT_EQ(tell(-60, 5), amps(-60)) << "told twice";
    EXPECT_EQ(eyes.sources.refused, 2U);
}

TEST(SiteSources, ARefusedReadingLeavesTheOldOneAgeing) {
    Eyes eyes;
    eyes.peer(PeerSource::local, peer_at(amps(5)), start, start);
    const TimePoint later = start + seconds(20);
    EXPECT_EQ(eyes.peer(PeerSource::local, peer_at(amps(999)), later, later).peer->flow.at, start);
    EXPECT_EQ(eyes.sources.refused, 1U);
    EXPECT_EQ(eyes.peer(PeerSource::local, peer_at(amps(999)), later, later).peer->flow.at, start);
    EXPECT_EQ(eyes.sources.refused, 1U) << "the same reading is looked at once";
    EXPECT_FALSE(eyes.later(later + seconds(1)).peer);
}

TEST(SiteSources, TheInverterItselfIsPreferredAndThePortalComesLast) {
    Eyes eyes;
    const std::array order{PeerSource::portal, PeerSource::json, PeerSource::sensor, PeerSource::local};
    double current = 1;
    for (const PeerSource source : order) {
        const SiteView view = eyes.peer(source, peer_at(amps(current)), start, start);
        EXPECT_EQ(view.peer->source, source);
        EXPECT_EQ(view.peer->flow.value.current, amps(current));
        current += 1;
    }
    EXPECT_EQ(eyes.later(start + seconds(18)).peer->source, PeerSource::local);
    EXPECT_EQ(eyes.later(start + seconds(21)).peer->source, PeerSource::json)
        << "the sensor is older than 15 s";
    EXPECT_EQ(eyes.later(start + seconds(61)).peer->source, PeerSource::portal);
}

TEST(SiteSources, OfTwoThatSpeakOfTheSameMomentBothCount) {
    Eyes eyes;
    const TimePoint now = start + seconds(10);
    eyes.peer(PeerSource::sensor, peer_at(amps(-6)), start, start);
    SiteView view = eyes.peer(PeerSource::local, peer_at(amps(4)), now, now);
    EXPECT_EQ(view.peer->flow.value.current, amps(4));
    EXPECT_EQ(view.peer->highest.value, amps(4));
    EXPECT_EQ(view.peer->lowest.value, amps(-6));
    const TimePoint next = now + seconds(1);
    view = eyes.peer(PeerSource::local, peer_at(amps(4)), next, next);
    EXPECT_EQ(view.peer->lowest.value, amps(4)) << "an older opinion is no contradiction";
    view = eyes.peer(PeerSource::sensor, peer_at(amps(9)), next, next);
    EXPECT_EQ(view.peer->highest.value, amps(9));
    EXPECT_EQ(view.peer->lowest.value, amps(4));
}

TEST(SiteSources, OfThreeTheOutermostCount) {
    Eyes eyes;
    eyes.peer(PeerSource::sensor, peer_at(amps(9)), start, start);
    eyes.peer(PeerSource::json, peer_at(amps(6)), start, start);
    SiteView view = eyes.peer(PeerSource::local, peer_at(amps(4)), start, start);
    EXPECT_EQ(view.peer->highest.value, amps(9));
    EXPECT_EQ(view.peer->lowest.value, amps(4));
    const TimePoint next = start + seconds(1);
    eyes.peer(PeerSource::sensor, peer_at(amps(-9)), next, next);
    view = eyes.peer(PeerSource::json, peer_at(amps(-6)), next, next);
    EXPECT_EQ(view.peer->highest.value, amps(4));
    EXPECT_EQ(view.peer->lowest.value, amps(-9));
}

TEST(SiteSources, WhatThePortalSaidBeforeTheInverterFellSilentIsNoNews) {
    Eyes eyes;
    const TimePoint earlier = start - seconds(480);
    eyes.peer(PeerSource::portal, peer_at(amps(0)), earlier, start);
    eyes.peer(PeerSource::local, peer_at(amps(5)), start, start);
    EXPECT_EQ(eyes.later(start + seconds(20)).peer->source, PeerSource::local);
    EXPECT_FALSE(eyes.later(start + seconds(21)).peer) << "held as unknown, not taken for idle";
    const TimePoint next = start + seconds(60);
    const SiteView view = eyes.peer(PeerSource::portal, peer_at(amps(1)), next, next);
    EXPECT_EQ(view.peer->flow.value.current, amps(1)) << "newer than the last word of the inverter";
    EXPECT_EQ(eyes.peer(PeerSource::portal, peer_at(amps(2)), start, next).peer->flow.at, next);
}

TEST(SiteSources, OfTwoSourcesEachOpinionKeepsItsTime) {
    Eyes eyes;
    const TimePoint now = start + seconds(9);
    eyes.peer(PeerSource::sensor, peer_at(amps(9)), start, start);
    SiteView view = eyes.peer(PeerSource::local, peer_at(amps(4)), now, now);
    EXPECT_EQ(view.peer->highest, (Stamped<Milliamps>{amps(9), start}));
    EXPECT_EQ(view.peer->lowest, (Stamped<Milliamps>{amps(4), now}));
}

TEST(SiteSources, ADeadShuntBesideALivingPowerIsNotKnown) {
    const CoordinationSettings settings;
    const auto known = [&](double current, int power) {
        PeerReading reading = peer_at(amps(current));
        reading.power = watts(power);
        return flow_of(settings, reading).has_value();
    };
    EXPECT_FALSE(known(0, -5000));
    EXPECT_FALSE(known(1, 1001));
    EXPECT_FALSE(known(-30, 0));
    EXPECT_FALSE(known(20.001, 50));
    EXPECT_TRUE(known(1, 1000));
    EXPECT_TRUE(known(1.1, 1001));
    EXPECT_TRUE(known(20, 50));
    EXPECT_TRUE(known(20.001, 51)) << "a battery of another voltage, if none is told";
}

TEST(SiteSources, AnImpossibleSampleOfTheMeterIsCountedOnce) {
    Eyes eyes;
    eyes.grid(60'000, start, start);
    eyes.grid(60'000, start, start + seconds(1));
    EXPECT_EQ(eyes.sources.refused, 1U);
}

TEST(SiteSources, AfterAReloadASourceThatIsNoLongerConfiguredHasNoSay) {
    for (const OnUnknown policy : {OnUnknown::keep, OnUnknown::zero}) {
        Site site;
        site.config.coordination.on_unknown = policy;
        site.config.coordination.expects_grid = true;
        site.meter = watts(-500);
        site.begin();
        site.peer_says(amps(10));
        EXPECT_EQ(site.discharge(), amps(0));
        site.config.coordination.expects_peer = site.config.coordination.expects_grid = false;
        forget_sources(site.state, site.config.coordination);
        site.peer.reset();
        site.told.reset();
        site.meter.reset();
        site.grid.reset();
        site.after();
        EXPECT_EQ(site.mode(), SiteMode::off);
        EXPECT_EQ(site.last.decision.grid_state, SourceState::absent);
        EXPECT_LT(site.discharge(), amps(60)) << "given back step by step";
        site.after(120);
        EXPECT_EQ(site.discharge(), all);
        EXPECT_EQ(site.charge(), all);
    }
}

TEST(SiteSources, AReloadThatKeepsTheSourcesKeepsWhatTheyTold) {
    Site site;
    site.config.coordination.expects_grid = true;
    site.meter = watts(-500);
    site.begin();
    site.peer_says(amps(10));
    const SiteState before = site.state;
    forget_sources(site.state, site.config.coordination);
    EXPECT_EQ(site.state, before);
}

TEST(SiteSources, AfterAReloadANewSourceIsWaitedForAnew) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.step();
    site.after(100);
    EXPECT_EQ(site.discharge(), all);
    site.config.coordination.expects_peer = true;
    forget_sources(site.state, site.config.coordination);
    site.after();
    EXPECT_EQ(site.discharge(), amps(0));
}

// --- what the limits do --------------------------------------------------------------------------------

TEST(UnknownPeer, AtFirstNothingIsAllowedUntilItIsKnown) {
    Site site;
    site.step();
    EXPECT_EQ(site.charge(), amps(0));
    EXPECT_EQ(site.discharge(), amps(0));
    EXPECT_EQ(site.mode(), SiteMode::unknown);
    EXPECT_EQ(site.last.decision.peer_state, SourceState::unknown);
    EXPECT_EQ(site.last.decision.grid_state, SourceState::absent);
    EXPECT_EQ(site.last.charge.reason().rule, Rule::peer_unknown);
    site.after(10);
    EXPECT_EQ(site.last.charge.reason().age, seconds(10));
    EXPECT_EQ(site.last.charge.reason().input, Input::none);
    site.peer_says(amps(0));
    EXPECT_EQ(site.mode(), SiteMode::releasing);
    EXPECT_EQ(site.last.decision.peer_state, SourceState::known);
    site.after(40);
    EXPECT_EQ(site.mode(), SiteMode::neutral);
}

TEST(UnknownPeer, OneThatNeverComesDelaysByTheHoldAndIsThenIgnored) {
    Site site;
    site.step();
    site.after(60);
    EXPECT_EQ(site.charge(), amps(0));
    site.after(5);
    EXPECT_EQ(site.charge(), amps(10));
    site.after(60);
    EXPECT_EQ(site.charge(), all);
    EXPECT_EQ(site.discharge(), all);
    EXPECT_EQ(site.mode(), SiteMode::unknown);
    EXPECT_TRUE(site.happened.empty()) << "what was never there is not lost";
}

TEST(UnknownPeer, AMeterThatIsConfiguredAndSilentIsUnknownAndNotZero) {
    Site site;
    site.config.coordination.expects_grid = true;
    site.step();
    EXPECT_EQ(site.last.decision.grid_state, SourceState::unknown);
    EXPECT_FALSE(site.last.decision.view.grid);
}

TEST(UnknownPeer, WhatWasTakenIsHeldForAMinuteAndThenGivenBack) {
    Site site;
    site.begin();
    site.peer_says(amps(10));
    site.peer.reset();
    site.after(20);
    EXPECT_EQ(site.mode(), SiteMode::peer_charging) << "20 s old is still known";
    site.after();
    EXPECT_EQ(site.mode(), SiteMode::unknown);
    EXPECT_EQ(site.last.discharge.reason().rule, Rule::peer_charging);
    EXPECT_EQ(site.last.discharge.reason().input, Input::none);
    EXPECT_EQ(site.last.discharge.reason().age, seconds(1));
    EXPECT_TRUE(has(site.happened, EventCode::peer_lost));
    site.after(59);
    EXPECT_EQ(site.discharge(), amps(0)) << "a minute";
    site.after(5);
    EXPECT_EQ(site.discharge(), amps(10));
    site.after(60);
    EXPECT_EQ(site.discharge(), all);
    EXPECT_EQ(site.charge(), all);
    EXPECT_FALSE(has(site.happened, EventCode::peer_back));
    site.peer_says(amps(0));
    EXPECT_TRUE(has(site.happened, EventCode::peer_back));
}

TEST(UnknownPeer, TheTimeItIsNotKnownIsNoEvidenceForLeaving) {
    Site site;
    site.begin();
    site.peer_says(amps(10));
    site.peer.reset();
    site.after(50);
    EXPECT_EQ(site.mode(), SiteMode::unknown);
    site.peer_says(amps(0.5));
    EXPECT_EQ(site.mode(), SiteMode::peer_charging) << "the hold of 20 s begins now";
    site.after(18);
    EXPECT_EQ(site.mode(), SiteMode::peer_charging);
    site.after(2);
    EXPECT_EQ(site.mode(), SiteMode::releasing);
}

TEST(UnknownPeer, TheSameForTheChargeSide) {
    Site site;
    site.begin();
    site.peer_says(amps(-10));
    site.peer.reset();
    site.meter = watts(3000);
    site.after(21);
    EXPECT_EQ(site.charge(), amps(0)) << "no surplus is reckoned with an unknown battery";
    site.after(65);
    EXPECT_GT(site.charge(), amps(0));
}

TEST(UnknownPeer, KeepStaysForGood) {
    Site site;
    site.config.coordination.on_unknown = OnUnknown::keep;
    site.begin();
    site.peer_says(amps(10));
    site.peer.reset();
    site.after(3600);
    EXPECT_EQ(site.discharge(), amps(0));
    EXPECT_EQ(site.charge(), all);
    EXPECT_EQ(site.last.discharge.reason().rule, Rule::peer_charging);
}

TEST(UnknownPeer, ZeroTakesBothAfterTheHold) {
    Site site;
    site.config.coordination.on_unknown = OnUnknown::zero;
    site.begin();
    site.peer.reset();
    site.after(80);
    EXPECT_EQ(site.charge(), all);
    site.after();
    EXPECT_EQ(site.charge(), amps(0));
    EXPECT_EQ(site.discharge(), amps(0));
    EXPECT_EQ(site.last.discharge.reason().rule, Rule::peer_unknown);
    site.config.coordination.enabled = false;
    site.after(100);
    EXPECT_EQ(site.charge(), all);
}

TEST(UnknownPeer, ALossIsToldOnceWithItsSeconds) {
    Site site;
    site.begin();
    site.meter = watts(10);
    site.after(5);
    site.meter.reset();
    site.peer.reset();
    site.after(40);
    ASSERT_EQ(site.happened.size(), 2U);
    EXPECT_EQ(site.happened[0], (Event{EventCode::meter_lost, 0, 11}));
    EXPECT_EQ(site.happened[1], (Event{EventCode::peer_lost, 0, 1}));
    site.happened.clear();
    site.meter = watts(10);
    site.peer_says(amps(0));
    ASSERT_EQ(site.happened.size(), 2U);
    EXPECT_EQ(site.happened[0], (Event{EventCode::peer_back, 0, 0}));
    EXPECT_EQ(site.happened[1], (Event{EventCode::meter_back, 0, 0}));
}

TEST(UnknownPeer, TwoSourcesThatContradictTakeBothDirectionsAndAreToldOnce) {
    Site site;
    site.begin();
    const auto both = [&](double one, double other) {
        site.now += seconds(1);
        site.own.now = site.own.sample_at = site.now;
        const std::array seen{PeerSeen{PeerSource::local, {peer_at(amps(one)), site.now}},
                              PeerSeen{PeerSource::sensor, {peer_at(amps(other)), site.now}}};
        site.last = coordinate(site.config, site.state, site.own, {}, seen, site.happened);
    };
    both(2, -20);
    EXPECT_FALSE(has(site.happened, EventCode::peers_differ));
    both(20, -1.2);
    EXPECT_FALSE(has(site.happened, EventCode::peers_differ));
    both(2.1, -1.3);
    both(2.1, -1.3);
    ASSERT_EQ(site.happened.size(), 1U);
    EXPECT_EQ(site.happened[0], (Event{EventCode::peers_differ, 0, 3400}));
    EXPECT_EQ(site.charge(), amps(0));
    EXPECT_EQ(site.discharge(), amps(0));
    EXPECT_EQ(site.mode(), SiteMode::peer_contradicts);
    EXPECT_EQ(site.last.charge.reason().value, -1300);
    EXPECT_EQ(site.last.discharge.reason().value, 2100);
    EXPECT_EQ(site.last.decision.peer_told[0], site.now);
    EXPECT_EQ(site.last.decision.peer_told[1], site.now);
    EXPECT_EQ(site.last.decision.peer_told[2], std::nullopt);
}

}  // namespace
}  // namespace jkp::control::test
