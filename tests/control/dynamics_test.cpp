// SPDX-License-Identifier: MIT
// Stage D: down at once, up slowly.
#include "control/dynamics.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

// One direction by itself; the target is given directly.
struct Mover {
    Config config = config_of_one();
    Rising rising{};
    TimePoint now = at(seconds(100));

    Milliamps to(Milliamps target, Duration after = seconds(1), bool started = true) {
        now += after;
        return move(config, rising, ChargeBound(target, {}), amps(60), started, now).value();
    }
};

TEST(Dynamics, TheFirstStepIsTheSmallestUsefulCurrentAndThenOneAmperePerSecond) {
    Mover m;
    m.config.smallest_useful = amps(3);
    EXPECT_EQ(m.to(amps(60)), amps(3));
    EXPECT_EQ(m.to(amps(60)), amps(4));
    EXPECT_EQ(m.to(amps(60), milliseconds(500)), amps(4.5));
    EXPECT_EQ(m.to(amps(4.7)), amps(4.7));
}

TEST(Dynamics, LessThanTheSmallestUsefulCurrentStaysZero) {
    Mover m;
    m.config.dynamics.rise_window = {};
    m.config.smallest_useful = amps(3);
    EXPECT_EQ(m.to(amps(2.9)), Milliamps(0));
    EXPECT_EQ(m.to(amps(3)), amps(3));
}

TEST(Dynamics, ASmallMaximumRisesByTwoPercentPerSecond) {
    Mover m;
    m.config.smallest_useful = amps(0);
    m.to(amps(10));
    const Milliamps first = m.rising.output;
    m.now += seconds(1);
    move(m.config, m.rising, ChargeBound(amps(10), {}), amps(10), true, m.now);
    EXPECT_EQ(m.rising.output - first, amps(0.2));
}

TEST(Dynamics, ADecreaseAboveOnePercentRestartsTheHoldAndASmallerOneDoesNot) {
    Mover m;
    m.config.dynamics.rise_window = {};
    m.to(amps(60));
    while (m.rising.output < amps(60)) m.to(amps(60));
    EXPECT_EQ(m.to(amps(59.4)), amps(59.4));  // exactly 1 %
    EXPECT_EQ(m.to(amps(60)), amps(60));
    EXPECT_EQ(m.to(amps(59.3)), amps(59.3));
    EXPECT_EQ(m.to(amps(60)), amps(59.3));
    EXPECT_EQ(m.to(amps(60), milliseconds(28'999)), amps(59.3));
    EXPECT_EQ(m.to(amps(60), milliseconds(1)), amps(59.3) + Milliamps(1));
}

TEST(Dynamics, AHoldIsRestartedByEachDecrease) {
    Mover m;
    m.config.dynamics.rise_window = {};
    while (m.rising.output < amps(30)) m.to(amps(30));
    m.to(amps(20));
    m.to(amps(60), seconds(20));
    m.to(amps(10), seconds(5));
    EXPECT_EQ(m.to(amps(60), seconds(29)), amps(10));
    EXPECT_GT(m.to(amps(60), seconds(2)), amps(10));
}

TEST(Dynamics, ALimitRisesOnlyToWhatWasAllowedForTheWholeWindow) {
    Mover m;
    m.config.dynamics.rise_from = {};
    while (m.rising.output < amps(20)) m.to(amps(20));
    m.to(amps(10));
    const auto pass = [&](Milliamps target, int times) {
        for (int i = 0; i < times; ++i) m.to(target);
        return m.rising.output;
    };
    pass(amps(40), 70);
    pass(amps(15), 1);
    EXPECT_EQ(pass(amps(40), 18), amps(10));  // the hold is over, but the window still sees the 10 A
    EXPECT_EQ(pass(amps(40), 20), amps(15));  // now the lowest of the last minute and a half
    EXPECT_EQ(pass(amps(40), 49), amps(15));
    const Milliamps free = pass(amps(40), 10);
    EXPECT_GE(free, amps(20));
    EXPECT_LE(free, amps(25));
}

TEST(Dynamics, ATargetThatTremblesIsFollowedDownOnce) {
    Mover m;
    while (m.rising.output < amps(60)) m.to(amps(60));
    m.to(amps(40));
    for (int i = 0; i < 600; ++i) {
        const Milliamps sent = m.to(i % 7 == 0 ? amps(38.5) : amps(41));
        EXPECT_EQ(sent, amps(38.5)) << i;
    }
}

TEST(Dynamics, ARiseBeginsForFivePercentOfTheMaximumAndThenGoesAllTheWay) {
    Mover m;
    m.config.dynamics.rise_window = {};
    while (m.rising.output < amps(30)) m.to(amps(30));
    m.to(amps(30));
    EXPECT_EQ(m.to(amps(32.99)), amps(30));
    EXPECT_EQ(m.to(amps(33)), amps(31));
    EXPECT_EQ(m.to(amps(31.5)), amps(31.5));  // on its way it goes on, whatever is left
    EXPECT_EQ(m.to(amps(31.5)), amps(31.5));
    EXPECT_EQ(m.to(amps(34)), amps(31.5));  // a new rise
    EXPECT_EQ(m.to(amps(34.5)), amps(32.5));
}

TEST(Dynamics, TheLastBitToTheMaximumAndTheFirstFromZeroAreAlwaysWorthIt) {
    Mover m;
    m.config.dynamics.rise_window = {};
    EXPECT_EQ(m.to(amps(1.2)), amps(1));
    while (m.rising.output < amps(59)) m.to(amps(59));
    EXPECT_EQ(m.to(amps(60)), amps(60));
    m.to(amps(59.5));
    EXPECT_EQ(m.to(amps(60)), amps(60));
}

TEST(RecentLow, IsTheLowestOfTheSpanAndForgetsItAfterwards) {
    RecentLow low;
    EXPECT_EQ(low.lowest(), Milliamps::max());
    low.observe(amps(10), seconds(60), at(seconds(100)));
    low.observe(amps(5), seconds(60), at(seconds(101)));
    low.observe(amps(20), seconds(60), at(seconds(103)));
    EXPECT_EQ(low.lowest(), amps(5));
    low.observe(amps(20), seconds(60), at(seconds(159)));
    EXPECT_EQ(low.lowest(), amps(5));
    low.observe(amps(30), seconds(60), at(seconds(162)));
    EXPECT_EQ(low.lowest(), amps(20));
}

TEST(RecentLow, AGapCountsAsWhatWasSeenBeforeIt) {
    RecentLow low;
    low.observe(amps(5), seconds(60), at(seconds(100)));
    low.observe(amps(50), seconds(60), at(hours(2)));
    EXPECT_EQ(low.lowest(), amps(5));
    low.observe(amps(50), seconds(60), at(hours(2) + seconds(59)));
    EXPECT_EQ(low.lowest(), amps(5));
    low.observe(amps(50), seconds(60), at(hours(2) + seconds(62)));
    EXPECT_EQ(low.lowest(), amps(50));
}

TEST(RecentLow, WithoutASpanOnlyNowCounts) {
    RecentLow low;
    low.observe(amps(5), {}, at(seconds(100)));
    low.observe(amps(50), {}, at(seconds(100)));
    EXPECT_EQ(low.lowest(), amps(50));
}

TEST(Dynamics, ALongGapIsNotCaughtUp) {
    Mover m;
    m.to(amps(60));
    const Milliamps before = m.rising.output;
    EXPECT_EQ(m.to(amps(60), hours(1)), before + amps(2));
}

TEST(Dynamics, ManySmallStepsRiseLikeAFewLargeOnes) {
    Mover small;
    Mover large;
    small.to(amps(60));
    large.to(amps(60));
    for (int i = 0; i < 1000; ++i) small.to(amps(60), milliseconds(10));
    for (int i = 0; i < 10; ++i) large.to(amps(60));
    EXPECT_EQ(small.rising.output, large.rising.output);
}

TEST(Dynamics, AfterAStartFiveSecondsAndThreeSamplesPassBeforeAnyRise) {
    Rig rig;
    rig.feed();
    rig.feed_for(seconds(4));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::start);
    rig.feed_for(seconds(1));
    EXPECT_EQ(rig.last.charge.value(), amps(1));

    Rig slow;
    slow.feed();
    slow.now += seconds(4);
    slow.feed();
    slow.silent_for(seconds(2));
    EXPECT_EQ(slow.last.charge.value(), Milliamps(0));  // 6 s, but two samples
    slow.feed_for(seconds(1));
    EXPECT_EQ(slow.last.charge.value(), amps(1));
}

TEST(Dynamics, TheRiseGateHoldsItsFirstValueUntilItsConditionsAreMet) {
    const RiseRule rule{.hold = minutes(45), .highest_below = mv(3400), .soc_above = percent(40)};
    RiseGate gate;
    const auto passes = [&](double curve, int high, int soc, Duration when) {
        return pass(gate, rule, amps(curve), {mv(high), percent(soc), at(when)});
    };
    EXPECT_EQ(passes(60, 3300, 50, seconds(0)), amps(60));
    EXPECT_EQ(passes(30, 3430, 50, seconds(1)), amps(30));
    EXPECT_EQ(passes(60, 3390, 50, minutes(45)), amps(30));
    EXPECT_EQ(passes(60, 3400, 50, minutes(46)), amps(30));
    EXPECT_EQ(passes(60, 3399, 40, minutes(46)), amps(30));
    EXPECT_EQ(passes(60, 3399, 41, minutes(46)), amps(60));
    EXPECT_EQ(passes(30, 3430, 50, minutes(50)), amps(30));
    EXPECT_EQ(passes(60, 3399, 41, minutes(95) - Duration(1)), amps(30));
    EXPECT_EQ(passes(60, 3399, 41, minutes(95)), amps(60));
}

TEST(Dynamics, AHoldKeepsThePackOfItsTargetAndNamesNoInput) {
    Mover m;
    const Reason cell{
        .rule = Rule::cell_high_curve, .input = Input::cell, .pack = 3, .index = 7, .value = 3450};
    const Reason held =
        move(m.config, m.rising, ChargeBound(amps(60), cell), amps(60), false, m.now).reason();
    EXPECT_EQ(held.rule, Rule::start);
    EXPECT_EQ(held.input, Input::none);
    EXPECT_EQ(held.pack, 3);
}

TEST(Dynamics, TheRampIsCountedFromTheLastMoveAlsoDownwards) {
    Mover m;
    m.config.dynamics.rise_window = {};
    while (m.rising.output < amps(60)) m.to(amps(60));
    m.to(amps(59.5), seconds(10));
    EXPECT_EQ(m.to(amps(60), milliseconds(100)), amps(59.6));
}

TEST(Dynamics, StepsTooShortForAMilliampereAddUp) {
    for (const Duration tick : {Duration(500), Duration(1000)}) {
        Mover m;
        m.to(amps(60));
        for (Duration t{}; t < seconds(1); t += tick) m.to(amps(60), tick);
        EXPECT_EQ(m.rising.output, amps(2)) << tick.count();
    }
}

TEST(Dynamics, AStepOfTheRampIsExactAndNeverNegative) {
    Dynamics rules;
    EXPECT_EQ(ramp_step(rules, amps(60), -seconds(1)), Milliamps(0));
    rules.rise_per_second = amps(1000);
    rules.rise_per_second_share = percent(100);
    EXPECT_EQ(ramp_step(rules, amps(2000), seconds(2)), amps(2000));
}

TEST(RecentLow, AfterALongGapNothingFromBeforeTheLastValueIsLeft) {
    RecentLow low;
    low.observe(amps(5), seconds(60), at(seconds(100)));
    low.observe(amps(50), seconds(60), at(seconds(102)));
    low.observe(amps(50), seconds(60), at(hours(2)));
    EXPECT_EQ(low.lowest(), amps(50));
}

}  // namespace
}  // namespace jkp::control::test
