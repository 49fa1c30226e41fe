// SPDX-License-Identifier: MIT
// Stage H within the control step: it comes after the cells, tightens only, and is told like the others.
#include <gtest/gtest.h>

#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

// A rig with a second battery and a meter that tell each second.
class House {
  public:
    explicit House(bool expected = true) {
        rig.config.coordination.expects_peer = expected;
        rig.reading = reading_at(mv(3300));
    }
    const Decision& run(Milliamps peer, int grid, int times = 1, bool reading = true) {
        for (int i = 0; i < times; ++i) {
            rig.now += seconds(1);
            rig.grid = {GridReading{watts(grid)}, rig.now};
            rig.peers = {PeerSeen{PeerSource::local, {peer_at(peer), rig.now}}};
            reading ? rig.feed() : rig.silent();
        }
        return rig.last;
    }
    // Both limits at 60 A, the second battery idle.
    void settle() {
        run(amps(0), 0, 200);
        rig.forget();
    }
    [[nodiscard]] const Decision& last() const { return rig.last; }

    Rig rig;
};

TEST(CoordinationInTheStep, S4_TheSecondBatteryTakesAwayAndTheReasonSaysSo) {
    House house;
    house.settle();
    ASSERT_EQ(house.last().discharge.value(), amps(60));
    house.run(amps(12.3), 0);
    EXPECT_EQ(house.last().discharge.value(), amps(0));
    EXPECT_EQ(house.last().discharge.reason().rule, Rule::peer_charging);
    EXPECT_EQ(house.last().discharge.reason().value, 12'300);
    EXPECT_EQ(house.last().charge.value(), amps(60));
    ASSERT_NE(find(house.last().discharge_limiters, Rule::peer_charging), nullptr);
    EXPECT_EQ(find(house.last().charge_limiters, Rule::peer_charging), nullptr);
    EXPECT_EQ(house.last().site.mode, SiteMode::peer_charging);
    EXPECT_EQ(house.rig.state.discharge.output, amps(60)) << "the cells' own limit goes on without it";
}

TEST(CoordinationInTheStep, TheEnableBitsAndAlarmsStay) {
    House house;
    house.settle();
    const Decision before = house.last();
    for (const double peer : {20.0, -20.0}) {
        const Decision& d = house.run(amps(peer), 0, 5);
        EXPECT_TRUE(d.charge_enable);
        EXPECT_TRUE(d.discharge_enable);
        EXPECT_EQ(d.alarms, before.alarms);
        EXPECT_EQ(d.protections, before.protections);
        EXPECT_EQ(d.charge_voltage, before.charge_voltage);
    }
}

TEST(CoordinationInTheStep, S4_ALowerLimitOfTheCellsWins) {
    House house;
    house.settle();
    house.rig.reading = reading_at(mv(3470));
    house.rig.reading.current = amps(20);
    const Milliamps cells = house.run(amps(0), 0).charge.value();
    ASSERT_LT(cells, amps(10));
    house.run(amps(-5), 30'000, 60);
    EXPECT_EQ(house.last().site.mode, SiteMode::peer_discharging);
    EXPECT_LE(house.last().charge.value(), cells) << "however large the surplus";
    EXPECT_EQ(house.last().charge.reason().rule, Rule::cell_high_curve);
}

// What coordination gives back is quicker than the cells' own rise, which runs by its own hold and ramp.
TEST(CoordinationInTheStep, S3_ItGivesBackNothingThatTheCellsHold) {
    House house;
    house.settle();
    house.run(amps(10), 0);
    house.rig.reading = reading_at(mv(3060));  // 35 % of the maximum
    house.run(amps(10), 0);
    const Milliamps cells = house.rig.state.discharge.output;
    ASSERT_LT(cells, amps(30));
    house.rig.reading = reading_at(mv(3300));
    house.run(amps(0), -3000, 20);
    EXPECT_EQ(house.last().discharge.value(), cells) << "the hold of the cells";
    EXPECT_EQ(house.last().discharge.reason().rule, Rule::hold);
}

TEST(CoordinationInTheStep, ASurplusIsUsedWithinSeconds) {
    House house;
    house.settle();
    house.run(amps(-10), 0, 30);
    ASSERT_EQ(house.last().charge.value(), amps(0));
    house.run(amps(0), 1500, 9);
    EXPECT_GE(house.last().charge.value(), amps(10));
    house.run(amps(0), 1500, 25);
    EXPECT_EQ(house.last().charge.value(), amps(60));
}

TEST(CoordinationInTheStep, AtAStartNothingIsAllowedUntilTheSecondBatteryIsKnown) {
    House house;
    house.rig.feed_for(seconds(30));
    EXPECT_EQ(house.last().charge.value(), amps(0));
    EXPECT_EQ(house.last().charge.reason().rule, Rule::peer_unknown);
    House without(false);
    without.rig.feed_for(seconds(100));
    EXPECT_GT(without.last().charge.value(), amps(0));
    EXPECT_EQ(without.last().site.mode, SiteMode::off);
}

// Rule S6 for what coordination left.
TEST(CoordinationInTheStep, S6_OldDataOfThePackReducesWhatWasLeft) {
    House house;
    house.settle();
    house.rig.reading.current = amps(10);
    house.run(amps(-10), 500, 30);
    const Milliamps left = house.last().charge.value();
    ASSERT_GT(left, amps(9));
    ASSERT_LT(left, amps(11));
    house.run(amps(-10), 4000, 4, false);
    EXPECT_EQ(house.last().charge.value(), left) << "however large the surplus: nothing rises on old data";
    house.run(amps(-10), 4000, 6, false);
    EXPECT_EQ(house.last().charge.value(), Milliamps(left.count() * 5 / 10)) << "10 s old";
    EXPECT_EQ(house.last().charge.reason().rule, Rule::age);
    EXPECT_EQ(house.last().charge.reason().age, seconds(10));
    house.run(amps(-10), 4000, 5, false);
    EXPECT_EQ(house.last().charge.value(), amps(0));
    EXPECT_EQ(house.last().discharge.value(), amps(0));
    EXPECT_FALSE(house.last().charge_enable);
}

TEST(CoordinationInTheStep, S6_AProbeThatAgesReducesItAsWell) {
    House house;
    house.settle();
    house.rig.reading.current = amps(10);
    house.run(amps(-10), 500, 30);
    const Milliamps left = house.last().charge.value();
    ASSERT_GT(left, amps(0));
    house.rig.reading.temperatures[Probe::t1].reset();
    house.run(amps(-10), 500, 10);
    EXPECT_EQ(house.last().charge.value(), Milliamps(left.count() * 5 / 10));
}

TEST(CoordinationInTheStep, WithoutASiteOldDataAddsNoSecondLimiter) {
    House house(false);
    house.rig.settle(reading_at(mv(3300)));
    house.rig.silent_for(seconds(10));
    int ages = 0;
    for (const ChargeBound& bound : house.last().charge_limiters) {
        if (bound.reason().rule == Rule::age) ++ages;
    }
    EXPECT_EQ(ages, 1);
    EXPECT_EQ(house.rig.state.site.charge.bound.value(), all);
}

TEST(CoordinationInTheStep, TheEventsOfTheSiteAreInTheDecision) {
    House house;
    house.settle();
    house.rig.peers.clear();
    house.rig.feed_for(seconds(30));
    EXPECT_TRUE(house.rig.happened(EventCode::peer_lost));
    EXPECT_TRUE(house.rig.happened(EventCode::meter_lost));
}

}  // namespace
}  // namespace jkp::control::test
