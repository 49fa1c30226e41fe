// SPDX-License-Identifier: MIT
// The safety rules over random histories of pack, meter and second battery.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "generators.hpp"
#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

enum class Says : std::uint8_t { nothing, usual, impossible, old, again };

// What one moment brings from the pack, the meter and the second battery.
struct SiteMoment {
    Moment pack;
    Says meter = Says::usual;
    Says peer = Says::usual;
    int grid = 0;
    int peer_da = 0;  // 0.1 A
    int source = 0;
};

std::ostream& operator<<(std::ostream& out, const SiteMoment& m) {
    return out << m.pack << " meter " << int(m.meter) << " " << m.grid << " W, peer " << m.source << " "
               << int(m.peer) << " " << m.peer_da << " dA";
}

}  // namespace
}  // namespace jkp::control::test

namespace rc {

template <>
struct Arbitrary<jkp::control::test::SiteMoment> {
    static Gen<jkp::control::test::SiteMoment> arbitrary() {
        using jkp::control::test::Moment;
        using jkp::control::test::Says;
        using jkp::control::test::SiteMoment;
        const auto says = gen::weightedElement<Says>(
            {{8, Says::usual}, {2, Says::nothing}, {1, Says::impossible}, {1, Says::old}, {1, Says::again}});
        return gen::build<SiteMoment>(gen::set(&SiteMoment::pack), gen::set(&SiteMoment::meter, says),
                                      gen::set(&SiteMoment::peer, says),
                                      gen::set(&SiteMoment::grid, gen::inRange(-9000, 9000)),
                                      gen::set(&SiteMoment::peer_da, gen::inRange(-800, 800)),
                                      gen::set(&SiteMoment::source, gen::inRange(0, 4)));
    }
};

}  // namespace rc

namespace jkp::control::test {
namespace {

using SiteMoments = std::vector<SiteMoment>;

rc::Gen<Config> any_site() {
    return rc::gen::exec([] {
        Config config = *any_config();
        config.coordination.expects_peer = *rc::gen::arbitrary<bool>();
        config.coordination.on_unknown =
            *rc::gen::element(OnUnknown::neutral, OnUnknown::keep, OnUnknown::zero);
        config.coordination.leave_hold = seconds(*rc::gen::inRange(0, 30));
        config.coordination.unknown_hold = seconds(*rc::gen::inRange(0, 90));
        return config;
    });
}

void tell_site(Rig& rig, const SiteMoment& m) {
    const TimePoint now = rig.now + milliseconds(m.pack.after_ms);
    const TimePoint told = m.meter == Says::old ? now - seconds(30) : now;
    if (m.meter != Says::nothing && m.meter != Says::again) {
        rig.grid = {GridReading{watts(m.meter == Says::impossible ? 1'000'000 : m.grid)}, told};
    }
    if (m.peer == Says::nothing) rig.peers.clear();
    if (m.peer == Says::nothing || m.peer == Says::again) return;
    PeerReading reading = peer_at(Milliamps(m.peer_da * 100));
    if (m.peer == Says::impossible) reading = peer_at(amps(900));
    rig.peers = {PeerSeen{static_cast<PeerSource>(m.source),
                          {reading, m.peer == Says::old ? now - minutes(20) : now}}};
}

const Decision& play_site(Rig& rig, const SiteMoment& m) {
    tell_site(rig, m);
    return play(rig, m.pack);
}

// With the same readings, never more than without coordination, to the milliampere.
RC_GTEST_PROP(SiteProperties, S4_CoordinationOnlyTakesAway, (const SiteMoments& moments)) {
    const Config config = *any_site();
    const TimePoint start = any_start();
    Rig with(config, start);
    Rig without(config, start);
    without.config.coordination.enabled = false;
    without.config.oscillation.enabled = false;
    for (const SiteMoment& moment : moments) {
        const Decision& a = play_site(with, moment);
        const Decision& b = play(without, moment.pack);
        RC_ASSERT(a.charge.value() <= b.charge.value());
        RC_ASSERT(a.discharge.value() <= b.discharge.value());
        RC_ASSERT(with.state.charge == without.state.charge);
        RC_ASSERT(with.state.discharge == without.state.discharge);
        RC_ASSERT(a.charge_enable == b.charge_enable && a.discharge_enable == b.discharge_enable);
        RC_ASSERT(a.alarms == b.alarms && a.protections == b.protections);
        RC_ASSERT(a.charge_voltage == b.charge_voltage && a.soc == b.soc && a.phase == b.phase);
    }
}

RC_GTEST_PROP(SiteProperties, S1_NoLimitIsAboveAnyLimiter, (const SiteMoments& moments)) {
    Rig rig(*any_site(), any_start());
    for (const SiteMoment& moment : moments) {
        const Decision& d = play_site(rig, moment);
        for (const ChargeBound& bound : d.charge_limiters) RC_ASSERT(d.charge.value() <= bound.value());
        for (const DischargeBound& bound : d.discharge_limiters) {
            RC_ASSERT(d.discharge.value() <= bound.value());
        }
    }
}

// Meter and second battery fall silent: what was taken is not given back before the hold is over.
RC_GTEST_PROP(SiteProperties, S2_UnknownSourcesGiveNothingBackBeforeTheHold, (const SiteMoments& moments)) {
    Rig rig(*any_site(), any_start());
    rig.config.coordination.unknown_hold = seconds(60);
    for (const SiteMoment& moment : moments) play_site(rig, moment);
    rig.peers.clear();
    rig.reading = reading_at(mv(3300));
    const auto reached = [&] { return rig.state.site.charging.active || rig.state.site.discharging.active; };
    while (rig.last.site.view.peer) {
        rig.now += seconds(1);
        rig.feed();
    }
    RC_PRE(reached());
    RC_PRE(rig.state.site.damping.cap == std::nullopt);
    const SiteState before = rig.state.site;
    // The hold counts from the last step that knew it.
    const Duration left = *before.peer_known + seconds(59) - rig.now;
    RC_PRE(left > Duration{});
    rig.feed_for(left);
    if (before.charging.active) RC_ASSERT(rig.last.discharge.value() == Milliamps(0));
    if (before.discharging.active) RC_ASSERT(rig.last.charge.value() == Milliamps(0));
}

// A rise of what is sent needs an answer to the step before, and is no larger than the rate for that time.
RC_GTEST_PROP(SiteProperties, S3_WhatTheSiteGivesBackIsBounded, (const SiteMoments& moments)) {
    Rig rig(*any_site(), any_start());
    for (const SiteMoment& moment : moments) {
        const SiteState before = rig.state.site;
        const Decision& d = play_site(rig, moment);
        const SiteState& after = rig.state.site;
        if (before.charge.bound.value() >= rig.config.packs[0].max_charge) continue;
        if (after.charge.bound.value() <= before.charge.bound.value()) continue;
        const Milliamps rise = rig.config.coordination.large_rise_per_second * 15;
        RC_ASSERT(rig.now - before.charge.moved_at >= seconds(1));
        RC_ASSERT(d.charge.value() <=
                  std::max(before.charge.bound.value() + rise, rig.config.smallest_useful));
    }
}

// S9: with everything else equal, a second battery that does more of the opposite never allows more.
RC_GTEST_PROP(SiteProperties, S9_MoreOfTheOppositeNeverAllowsMore, (const SiteMoments& moments)) {
    Rig rig(*any_site(), any_start());
    for (const SiteMoment& moment : moments) play_site(rig, moment);
    rig.now += seconds(1);
    const auto less = *rc::gen::inRange(0, 800);
    const auto more = *rc::gen::inRange(0, 200);
    const auto grid = *rc::gen::inRange(-9000, 9000);
    for (const int sign : {1, -1}) {
        const auto ask = [&](int deciamps) {
            Rig copy = rig;
            copy.grid = {GridReading{watts(grid)}, copy.now};
            copy.peers = {PeerSeen{PeerSource::local, {peer_at(Milliamps(sign * deciamps * 100)), copy.now}}};
            copy.feed();
            return copy.last;
        };
        const Decision a = ask(less);
        const Decision b = ask(less + more);
        if (!a.site.view.peer || !b.site.view.peer) continue;
        if (a.site.view.peer->flow.at != rig.now || b.site.view.peer->flow.at != rig.now) continue;
        if (sign > 0) RC_ASSERT(b.discharge.value() <= a.discharge.value());
        if (sign < 0) RC_ASSERT(b.charge.value() <= a.charge.value());
    }
}

RC_GTEST_PROP(SiteProperties, S12_TheSameHistoryGivesTheSameDecisionsAndState, (const SiteMoments& moments)) {
    const Config config = *any_site();
    const TimePoint start = any_start();
    Rig one(config, start);
    Rig two(config, start);
    for (const SiteMoment& moment : moments) RC_ASSERT(play_site(one, moment) == play_site(two, moment));
    RC_ASSERT(one.state == two.state);
}

RC_GTEST_PROP(SiteProperties, S12_TheClocksOriginDoesNotMatter, (const SiteMoments& moments)) {
    const Config config = *any_site();
    Rig early(config, at(hours(1)));
    Rig late(config, at(hours(500'000)));
    for (const SiteMoment& moment : moments) {
        const Decision& a = play_site(early, moment);
        const Decision& b = play_site(late, moment);
        RC_ASSERT(a.charge == b.charge);
        RC_ASSERT(a.discharge == b.discharge);
        RC_ASSERT(a.site.mode == b.site.mode);
        RC_ASSERT(a.events == b.events);
    }
}

}  // namespace
}  // namespace jkp::control::test
