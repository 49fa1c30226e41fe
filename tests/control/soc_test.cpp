// SPDX-License-Identifier: MIT
// Stage G: the SOC that is sent.
#include "control/soc.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

struct Bench {
    Config config = config_of_one();
    SocState state{};
    PhaseState phase{};
    Events events{};
    TimePoint now = at(seconds(500));
    int low = 3300;
    double source = 50;
    double current = 0;
    MilliampHours capacity{100'000};
    std::uint64_t members = 1;

    Bench() { phase.phase = Phase::bulk; }

    Permille tick(Duration after = seconds(1)) {
        now += after;
        BankView bank;
        bank.soc = percent(source);
        bank.current = amps(current);
        bank.capacity = capacity;
        bank.lowest = {mv(low), 7};
        bank.members = members;
        return follow(state, config, bank, phase, now, events);
    }
    Permille run(Duration time) {
        Permille last{};
        for (Duration t{}; t < time; t += seconds(1)) last = tick();
        return last;
    }
    void full(Phase p) {
        phase.phase = p;
        phase.full_claimed = true;
    }
};

TEST(Soc, StartsAtTheReading) {
    Bench bench;
    bench.source = 63;
    EXPECT_EQ(bench.tick(), percent(63));
}

TEST(Soc, IsAtMost98UntilFull) {
    Bench bench;
    bench.source = 100;
    EXPECT_EQ(bench.tick(), percent(98));
    EXPECT_EQ(bench.run(minutes(30)), percent(98));
    bench.full(Phase::full);
    bench.run(minutes(2));
    EXPECT_EQ(bench.tick(), percent(100));
    bench.full(Phase::floating);
    EXPECT_EQ(bench.run(minutes(1)), percent(100));
}

TEST(Soc, AFloatWithoutFullClaimsNothing) {
    Bench bench;
    bench.source = 100;
    bench.phase.phase = Phase::floating;
    EXPECT_EQ(bench.run(minutes(10)), percent(98));
}

TEST(Soc, IsAtLeast2UntilACellIsEmptyAndNever0) {
    Bench bench;
    bench.source = 0;
    EXPECT_EQ(bench.tick(), percent(2));
    bench.low = 3031;
    EXPECT_EQ(bench.run(minutes(1)), percent(2));
    bench.low = 3030;
    EXPECT_EQ(bench.run(seconds(10)), percent(2));
    EXPECT_EQ(bench.tick(), percent(1));
    EXPECT_EQ(bench.run(minutes(1)), percent(1));
    bench.low = 3101;
    EXPECT_EQ(bench.run(seconds(12)), percent(2));
}

TEST(Soc, AnEmptyCellSaysOnePercentWhateverTheSourceBelieves) {
    Bench bench;
    bench.source = 20;
    bench.tick();
    bench.low = 3000;
    EXPECT_EQ(bench.run(seconds(11)), percent(1));
}

TEST(Soc, MovesAtMostOnePercentPerMinuteWithoutCurrent) {
    Bench bench;
    bench.tick();
    bench.source = 60;
    EXPECT_NEAR(bench.run(minutes(5)).count(), 550, 1);
    bench.source = 52;
    bench.tick();
    EXPECT_EQ(bench.run(minutes(3)), percent(52));
}

TEST(Soc, MovesAtMostHalfAgainAsFastAsTheCurrentExplains) {
    Bench bench;
    bench.tick();
    bench.source = 90;
    bench.current = 120;  // 2 % a minute at 100 Ah
    EXPECT_NEAR(bench.run(minutes(10)).count(), 500 + 300, 2);
}

TEST(Soc, IsNeverMoreThanThreePointsAboveTheSource) {
    Bench bench;
    bench.tick();
    bench.source = 30;
    EXPECT_EQ(bench.tick(), percent(33));
    bench.full(Phase::floating);
    bench.source = 90;
    bench.run(hours(2));
    EXPECT_EQ(bench.tick(), percent(100));
    bench.phase.phase = Phase::idle;
    EXPECT_EQ(bench.tick(), percent(93));
}

TEST(Soc, TheCounterFollowsTheCurrentAndIsSetByFullAndEmpty) {
    Bench bench;
    bench.config.soc.source = SocSource::counter;
    bench.tick();
    bench.source = 10;  // the BMS may say what it wants
    bench.current = 36;
    EXPECT_NEAR(bench.run(seconds(1000)).count(), 600, 1);
    bench.current = 0;
    bench.full(Phase::full);
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{1'000'000});
    bench.phase.phase = Phase::bulk;
    bench.low = 3000;
    bench.run(seconds(12));
    EXPECT_EQ(bench.state.counter, Ppm{10'000});
}

TEST(Soc, SmallCurrentsAreNotLostInTheCounter) {
    Bench bench;
    bench.config.soc.source = SocSource::counter;
    bench.tick();
    bench.current = 0.1;
    bench.run(hours(10));  // 1 Ah
    EXPECT_EQ(bench.state.counter, Ppm{510'000});
}

TEST(Soc, WhenAPackComesOrGoesTheCounterKeepsItsDifferenceFromTheBms) {
    Bench bench;
    bench.config.soc.source = SocSource::counter;
    bench.members = 0b11;
    bench.tick();
    bench.state.counter = Ppm{540'000};  // 4 points above the BMS
    bench.members = 0b01;
    bench.source = 70;
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{740'000});
    bench.source = 71;  // the BMS alone changes its mind: no reason to follow
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{740'000});
    bench.members = 0b10;  // as many packs, but others
    bench.source = 99;
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{1'000'000});
    bench.members = 0b11;
    bench.source = 50;
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{510'000});
}

TEST(Soc, ACounterOfAnEarlierRunIsNotShiftedByTheFirstReading) {
    Bench bench;
    bench.state.counter = Ppm{330'000};
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{330'000});
}

TEST(Soc, ADriftAboveTenPercentIsToldWhenItBeginsAndEnds) {
    Bench bench;
    bench.tick();
    bench.source = 60;
    bench.tick();
    EXPECT_TRUE(bench.events.empty());
    bench.source = 60.1;
    bench.tick();
    bench.tick();
    ASSERT_EQ(bench.events.size(), 1U);
    EXPECT_EQ(bench.events[0], (Event{EventCode::soc_drift, 0, 101}));
    bench.source = 55;
    bench.tick();
    EXPECT_EQ(bench.events.back(), (Event{EventCode::soc_drift_over, 0, 50}));
}

TEST(Soc, TheOriginalsTopHoldTakesTwoPointsInTheFirstHour) {
    Bench bench;
    bench.config.soc.top_hold = SocTopHold::original;
    bench.source = 98;
    EXPECT_EQ(bench.tick(), percent(96));
    bench.run(hours(1));
    EXPECT_EQ(bench.run(minutes(3)), percent(98));
    Bench lower;
    lower.config.soc.top_hold = SocTopHold::original;
    lower.source = 97;
    EXPECT_EQ(lower.tick(), percent(97));
}

// The counter after this time with this current, from where it stood.
Ppm counted(Ppm from, double current, Duration time, int capacity_mah = 100'000) {
    Bench bench;
    bench.tick();
    bench.state.counter = from;
    bench.capacity = MilliampHours(capacity_mah);
    bench.current = current;
    bench.tick(time);
    return *bench.state.counter;
}

TEST(Soc, TheCounterIsExactOverFiveSecondsAtMostAndStaysBetweenEmptyAndFull) {
    EXPECT_EQ(counted(500'000, 36, seconds(1)), 500'100);
    EXPECT_EQ(counted(500'000, -36, seconds(1)), 499'900);
    EXPECT_EQ(counted(500'000, 36, minutes(1)), 500'500);
    EXPECT_EQ(counted(500'000, 36, -seconds(1)), 500'000);
    EXPECT_EQ(counted(50, -36, seconds(1)), 0);
    EXPECT_EQ(counted(999'950, 36, seconds(1)), 1'000'000);
    EXPECT_EQ(counted(500'000, 0.1, milliseconds(1), 1), 500'027);
}

TEST(Soc, AnEmptyCellLiftsNoCounter) {
    Bench bench;
    bench.low = 3000;
    bench.run(seconds(12));
    bench.state.counter = Ppm{5'000};
    bench.tick();
    EXPECT_EQ(bench.state.counter, Ppm{5'000});
}

// What is sent, to the ppm, a second after 50 %.
Ppm moved_to(double source, double current) {
    Bench bench;
    bench.tick();
    bench.source = source;
    bench.current = current;
    bench.tick();
    return *bench.state.sent;
}

TEST(Soc, AStepIsASixtiethOfAPercentOrHalfAgainWhatTheCurrentMoved) {
    EXPECT_EQ(moved_to(60, 0), 500'166);
    EXPECT_EQ(moved_to(60, 36), 500'166);
    EXPECT_EQ(moved_to(60, 120), 500'499);
    EXPECT_EQ(moved_to(49, 0), 499'834);
    EXPECT_EQ(moved_to(49, -120), 499'501);
}

TEST(Soc, EmptyEndsAfterTenSecondsMoreThanSeventyMillivoltsHigher) {
    Bench bench;
    bench.low = 3030;
    bench.run(seconds(12));
    bench.low = 3100;
    EXPECT_EQ(bench.run(minutes(1)), percent(1));
    bench.low = 3101;
    EXPECT_EQ(bench.run(seconds(10)), percent(1));
    EXPECT_GT(bench.tick(), percent(1));
}

TEST(Soc, EmptyIsFoundAndEndsOverGapsOfFiveSecondsAtMost) {
    for (const bool short_enough : {true, false}) {
        const Duration gap = short_enough ? Duration(seconds(5)) : seconds(5) + Duration(1);
        Bench bench;
        bench.low = 3000;
        for (int i = 0; i < 4; ++i) bench.tick(gap);
        EXPECT_EQ(bench.state.is_empty, short_enough);
        bench.state.is_empty = true;
        bench.low = 3200;
        for (int i = 0; i < 4; ++i) bench.tick(gap);
        EXPECT_EQ(bench.state.is_empty, !short_enough);
    }
}

TEST(Soc, TheTopHoldLastsAnHourToTheLastMoment) {
    Bench bench;
    bench.config.soc.top_hold = SocTopHold::original;
    bench.source = 98;
    bench.tick();
    bench.tick(hours(1) - Duration(1));
    EXPECT_EQ(bench.state.sent, Ppm{960'000});
    bench.tick(milliseconds(10));
    EXPECT_GT(*bench.state.sent, 960'000);
    Bench below;
    below.config.soc.top_hold = SocTopHold::original;
    below.source = 97.9;
    EXPECT_EQ(below.tick(), percent(97.9));
}

TEST(Soc, WithAnUnknownCapacityTheCurrentCountsForNothing) {
    Bench bench;
    bench.capacity = MilliampHours(0);
    bench.tick();
    bench.current = 200;
    bench.run(minutes(1));
    EXPECT_EQ(bench.state.counter, Ppm{500'000});
}

TEST(Soc, TheDriftIsToldToTheTenthOfAPercent) {
    Bench bench;
    bench.source = 0;
    bench.tick();
    bench.full(Phase::full);
    bench.tick();
    ASSERT_FALSE(bench.events.empty());
    EXPECT_EQ(bench.events.back(), (Event{EventCode::soc_drift, 0, 1000}));
}

TEST(Soc, AfterExactlyAnHourTheTopHoldIsOver) {
    Bench bench;
    bench.config.soc.top_hold = SocTopHold::original;
    bench.source = 98;
    bench.tick();
    bench.tick(hours(1));
    EXPECT_GT(*bench.state.sent, 960'000);
}

}  // namespace
}  // namespace jkp::control::test
