// SPDX-License-Identifier: MIT
// Commands of every kind in every situation, beside the same history without them.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "control/saved.hpp"
#include "generators.hpp"
#include "site_builders.hpp"

namespace jkp::control::test {

// What is sent at a moment, before its reading.
struct Sent {
    Moment moment;
    bool sends = false;
    CommandKind kind = CommandKind::max_charge;
    int value = -1;     // A, or 0 and 1; below 0: ends it
    int expires_s = 0;  // 0: no end of its own
    int grid = 0;       // W at the meter, + export
    int peer_da = 0;    // 0.1 A of the second battery
};

inline std::ostream& operator<<(std::ostream& out, const Sent& s) {
    out << s.moment;
    return s.sends ? out << " " << name(s.kind) << " " << s.value << " for " << s.expires_s : out;
}

}  // namespace jkp::control::test

namespace rc {

template <>
struct Arbitrary<jkp::control::test::Sent> {
    static Gen<jkp::control::test::Sent> arbitrary() {
        using jkp::control::CommandKind;
        using jkp::control::test::Moment;
        using jkp::control::test::Sent;
        const auto value = gen::weightedOneOf<int>({{3, gen::inRange(0, 320)}, {2, gen::element(-1, 0, 1)}});
        const auto expires = gen::weightedOneOf<int>({{1, gen::just(0)}, {1, gen::inRange(1, 100)}});
        return gen::build<Sent>(
            gen::set(&Sent::moment, gen::arbitrary<Moment>()),
            gen::set(&Sent::sends, gen::weightedElement<bool>({{1, true}, {1, false}})),
            gen::set(&Sent::kind,
                     gen::map(gen::inRange(0, 6), [](int i) { return static_cast<CommandKind>(i); })),
            gen::set(&Sent::value, value), gen::set(&Sent::expires_s, expires),
            gen::set(&Sent::grid, gen::inRange(-9000, 9000)),
            gen::set(&Sent::peer_da, gen::inRange(-300, 300)));
    }
};

}  // namespace rc

namespace jkp::control::test {
namespace {

using History = std::vector<Sent>;

Config any_asking_config() {
    Config config = *any_config();
    config.force_charge_requests = *rc::gen::arbitrary<bool>();
    config.full_charge_requests = *rc::gen::arbitrary<bool>();
    config.coordination.expects_peer = *rc::gen::arbitrary<bool>();
    return config;
}

Command command_of(const Sent& sent) {
    Command command{sent.kind, {}, {}, "somebody"};
    if (sent.value >= 0 && is_current(sent.kind)) command.value = sent.value * 1000;
    if (sent.value >= 0 && !is_current(sent.kind)) command.value = sent.value % 2;
    if (sent.expires_s > 0) command.expires = seconds(sent.expires_s);
    return command;
}

const Decision& play_without(Rig& rig, const Sent& sent) {
    const TimePoint now = rig.now + milliseconds(sent.moment.after_ms);
    if (rig.config.coordination.expects_peer) {
        rig.grid = {GridReading{watts(sent.grid)}, now};
        rig.peers = {PeerSeen{PeerSource::local, {peer_at(Milliamps(sent.peer_da * 100)), now}}};
    }
    return test::play(rig, sent.moment);
}

const Decision& play(Rig& rig, const Sent& sent) {
    if (sent.sends) order(rig.config, rig.state, command_of(sent), rig.now);
    return play_without(rig, sent);
}

RC_GTEST_PROP(CommandProperties, S10_NoCommandEverRaisesALimit, (const History& history)) {
    const Config config = any_asking_config();
    const TimePoint start = any_start();
    Rig with(config, start);
    Rig without(config, start);
    for (const Sent& sent : history) {
        const Decision& a = play(with, sent);
        const Decision& b = play_without(without, sent);
        RC_ASSERT(a.transmit == b.transmit);
        RC_ASSERT(a.charge.value() <= b.charge.value());
        RC_ASSERT(a.discharge.value() <= b.discharge.value());
        RC_ASSERT(with.state.charge == without.state.charge &&
                  with.state.discharge == without.state.discharge);
        RC_ASSERT(a.site == b.site);
        RC_ASSERT(a.charge_enable <= b.charge_enable);
        RC_ASSERT(a.discharge_enable <= b.discharge_enable);
        RC_ASSERT(a.protections == b.protections);
        RC_ASSERT(a.charge_voltage <= mv(16 * 3450) || a.charge_voltage <= b.charge_voltage);
        RC_ASSERT(a.discharge_voltage == b.discharge_voltage);
    }
}

RC_GTEST_PROP(CommandProperties, S1_NoLimitIsAboveWhatIsOrdered, (const History& history)) {
    Rig rig(any_asking_config(), any_start());
    for (const Sent& sent : history) {
        const Decision& d = play(rig, sent);
        for (const ChargeBound& bound : d.charge_limiters) RC_ASSERT(d.charge.value() <= bound.value());
        for (const DischargeBound& bound : d.discharge_limiters) {
            RC_ASSERT(d.discharge.value() <= bound.value());
        }
        const Orders& orders = rig.state.orders;
        if (const auto& most = orders.of(CommandKind::max_charge)) {
            RC_ASSERT(d.charge.value() <= Milliamps(most->value));
        }
        if (const auto& most = orders.of(CommandKind::max_discharge)) {
            RC_ASSERT(d.discharge.value() <= Milliamps(most->value));
        }
        if (!orders.of(CommandKind::pause)) continue;
        RC_ASSERT(d.charge.value() == Milliamps(0) && d.discharge.value() == Milliamps(0));
        RC_ASSERT(!d.charge_enable && !d.discharge_enable);
    }
}

RC_GTEST_PROP(CommandProperties, S3_WithCommandsAsWellLimitsRiseOnlyAfterTheHoldAndNotFasterThanTheRamp,
              (const History& history)) {
    Config config = any_asking_config();
    config.coordination.expects_peer = false;  // its steps have a pace of their own
    Rig rig(config, any_start());
    std::optional<TimePoint> fell;
    for (const Sent& sent : history) {
        const Decision before = rig.last;
        const Decision& d = play(rig, sent);
        const Milliamps was = before.complete ? before.charge.value() : Milliamps(0);
        if (d.charge.value() > was) {
            RC_ASSERT(!fell || rig.now - *fell >= config.dynamics.rise_hold);
            RC_ASSERT(d.charge.value() <= std::max(was + amps(2), config.smallest_useful));
        }
        if (was - d.charge.value() > scaled(config.packs[0].max_charge, percent(1))) fell = rig.now;
    }
}

RC_GTEST_PROP(CommandProperties, S6_WithCommandsAsWellOldDataOnlyLowersALimit, (const History& history)) {
    Rig rig(any_asking_config(), any_start());
    for (const Sent& sent : history) {
        const Decision before = rig.last;
        const Decision& d = play(rig, sent);
        if (!before.complete || d.age_stage == AgeStage::fresh) continue;
        RC_ASSERT(d.charge.value() <= before.charge.value());
        RC_ASSERT(d.discharge.value() <= before.discharge.value());
    }
}

RC_GTEST_PROP(CommandProperties, S10_WhatAsksForMoreIsOverAMinuteAfterItWasLastSent,
              (const History& history)) {
    Rig rig(any_asking_config(), any_start());
    std::array<std::optional<TimePoint>, command_count> asked{};
    for (const Sent& sent : history) {
        if (sent.sends) asked[static_cast<std::size_t>(sent.kind)] = rig.now;
        const Decision& d = play(rig, sent);
        const auto over = [&](CommandKind kind) {
            const auto& last = asked[static_cast<std::size_t>(kind)];
            return !last || rig.now - *last >= seconds(60);
        };
        for (const CommandKind kind :
             {CommandKind::force_charge, CommandKind::full_charge, CommandKind::float_hold}) {
            if (over(kind)) RC_ASSERT(!rig.state.orders.of(kind));
        }
        if (over(CommandKind::force_charge)) RC_ASSERT(!d.force_charge_1 && !d.force_charge_2);
        if (over(CommandKind::full_charge)) RC_ASSERT(!d.full_charge);
        RC_ASSERT(rig.config.force_charge_requests || (!d.force_charge_1 && !d.force_charge_2));
        RC_ASSERT(rig.config.full_charge_requests || !d.full_charge);
    }
}

RC_GTEST_PROP(CommandProperties, S12_TheSameCommandsGiveTheSameDecisionsAndState, (const History& history)) {
    const Config config = any_asking_config();
    const TimePoint start = any_start();
    Rig one(config, start);
    Rig two(config, start);
    for (const Sent& sent : history) RC_ASSERT(play(one, sent) == play(two, sent));
    RC_ASSERT(one.state == two.state);
}

RC_GTEST_PROP(CommandProperties, S10_ARestartLosesNothingThatTightens, (const History& history)) {
    Rig rig(any_asking_config(), any_start());
    for (const Sent& sent : history) play(rig, sent);
    const auto wall = *rc::gen::element<std::optional<WallTime>>(
        std::nullopt, WallTime{1'700'000'000}, WallTime{1'700'000'030}, WallTime{1'600'000'000});
    const Saved saved =
        save(rig.config, rig.state, rig.now, WallTime{1'700'000'000}, *rc::gen::arbitrary<bool>());
    const TimePoint start = at(seconds(5));
    State state = restore(rig.config, saved, start, wall, hours(24));
    const bool known = wall && wall->seconds >= 1'700'000'000;
    const Duration off = known ? Duration(seconds(wall->seconds - 1'700'000'000)) : Duration{};
    for (std::size_t i = 0; i < command_count; ++i) {
        const auto& before = rig.state.orders.given[i];
        const auto& after = state.orders.given[i];
        RC_ASSERT(after.has_value() == (before.has_value() && tightens(static_cast<CommandKind>(i))));
        if (!after) continue;
        RC_ASSERT(after->value == before->value && after->who == before->who);
        RC_ASSERT(after->until.has_value() == before->until.has_value());
        if (!after->until) continue;
        const Duration left = *before->until - rig.now;
        RC_ASSERT(*after->until - start == (known ? left - off : *before->lasts));
    }
}

}  // namespace
}  // namespace jkp::control::test
