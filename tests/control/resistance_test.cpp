// SPDX-License-Identifier: MIT
#include "control/resistance.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

constexpr MilliampHours capacity{100'000};

Sample sample_at(TimePoint at, double current, int highest) {
    Sample sample;
    sample.reading = reading_between(mv(highest), mv(3300));
    sample.reading.current = amps(current);
    sample.at = at;
    sample.highest = highest_cell(sample.reading.cells);
    return sample;
}

// The current goes up and down between 0 and `current`; the cell answers with `milliohm` and an `error`.
struct Steps {
    ResistanceSettings rules{};
    Resistance state{};
    TimePoint now = at(seconds(100));
    int told = 0;

    void play(int steps, double current, double milliohm, int error = 0, Duration gap = seconds(1)) {
        Sample before = sample_at(now, 0, 3400);
        for (int i = 1; i <= steps; ++i) {
            now += gap;
            const double flowing = i % 2 == 1 ? current : 0;
            const int off = i % 3 == 0 ? error : -error;
            const Sample next = sample_at(now, flowing, 3400 + static_cast<int>(flowing * milliohm) + off);
            told += learn(state, rules, capacity, before, next) ? 1 : 0;
            before = next;
        }
    }
};

TEST(Resistance, IsLearnedFromSixteenStepsAndToldOnce) {
    Steps steps;
    steps.play(15, 40, 0.8);
    EXPECT_FALSE(steps.state.micro_ohm);
    steps.play(10, 40, 0.8);
    EXPECT_EQ(steps.state.micro_ohm, 800);
    EXPECT_EQ(steps.told, 1);
    EXPECT_EQ(over_estimate(steps.state, steps.rules), 1600);
}

TEST(Resistance, SmallStepsTeachNothing) {
    Steps steps;
    steps.play(100, 4.9, 0.8);
    EXPECT_EQ(steps.state.steps, 0);
}

TEST(Resistance, StepsOverAGapInTheDataTeachNothing) {
    Steps steps;
    steps.play(100, 40, 0.8, 0, seconds(3));
    EXPECT_EQ(steps.state.steps, 0);
}

TEST(Resistance, IsNotBelievedWhenTheCurrentDoesNotExplainTheVoltage) {
    Steps steps;
    steps.play(60, 10, 0.4, 40);
    EXPECT_FALSE(steps.state.micro_ohm);
}

TEST(Resistance, AnImpossibleValueIsNotBelieved) {
    Steps high;
    high.play(60, 10, 12);
    EXPECT_FALSE(high.state.micro_ohm);
    Steps falling;
    falling.play(60, 40, -1);
    EXPECT_FALSE(falling.state.micro_ohm);
}

TEST(Resistance, TheCompensatedLimitSteersTheCellToItsTarget) {
    const ResistanceSettings rules;
    // 20 mV below the target at 2 mOhm: 10 A more than now.
    EXPECT_EQ(compensated_limit(rules, sample_at({}, 30, 3430), mv(0), 2000, amps(60)), amps(40));
    EXPECT_EQ(compensated_limit(rules, sample_at({}, 30, 3460), mv(0), 2000, amps(60)), amps(25));
    EXPECT_EQ(compensated_limit(rules, sample_at({}, 30, 3300), mv(0), 2000, amps(60)), amps(60));
    EXPECT_EQ(compensated_limit(rules, sample_at({}, 0, 3500), mv(0), 2000, amps(60)), amps(0));
    EXPECT_EQ(compensated_limit(rules, sample_at({}, 30, 3430), mv(20), 2000, amps(60)), amps(30));
}

TEST(Resistance, TheCompensatedLimitIsUsedOnlyWhenConfiguredAndLearnedAndKeepsTheFence) {
    const auto limits_at = [](bool compensate, int highest) {
        Config config = config_of_one();
        config.resistance.compensate = compensate;
        Rig rig(config);
        for (int i = 0; i < 40; ++i) {
            PackReading reading = reading_at(mv(3300));
            reading.current = amps(i % 2 == 1 ? 50 : 0);
            for (Millivolts& cell : reading.cells) cell = cell + mv(i % 2 == 1 ? 50 : 0);
            sum_up(reading);
            rig.now += seconds(1);
            rig.feed(reading);
        }
        PackReading calm = reading_at(mv(3304));
        calm.current = amps(4);
        rig.now += seconds(1);
        rig.feed(calm);
        PackReading top = reading_between(mv(highest), mv(3300));
        top.current = amps(4);  // less than what could be found frozen
        rig.settle(top);
        return rig.last;
    };
    EXPECT_EQ(limits_at(false, 3450).charge.value(), amps(9));
    // Rhat is 2 mOhm: at 3.44 V 5 A more than the 4 A of now; the fence would allow 30 A.
    EXPECT_EQ(limits_at(true, 3440).charge.value(), amps(9));
    EXPECT_EQ(limits_at(true, 3440).charge.reason().rule, Rule::cell_high_compensated);
    // At 3.50 V the fence is 2 % of 60 A, but the compensated limit is 0 already.
    EXPECT_EQ(limits_at(true, 3500).charge.value(), amps(0));
}

TEST(Resistance, AValueTooLowForAnyCellPathIsNotBelieved) {
    Steps steps;
    steps.play(60, 100, 0.04);
    EXPECT_FALSE(steps.state.micro_ohm);
    Steps copper;
    copper.play(60, 100, 0.06);
    EXPECT_EQ(copper.state.micro_ohm, 60);
}

TEST(Resistance, ReadingsWithDifferentNumbersOfCellsTeachNothing) {
    Resistance state;
    const Sample before = sample_at(at(seconds(100)), 0, 3400);
    Sample after = sample_at(at(seconds(101)), 40, 3440);
    after.reading.cells.push_back(mv(3400));
    EXPECT_FALSE(learn(state, {}, capacity, before, after));
    EXPECT_EQ(state.steps, 0);
}

TEST(Resistance, SumsOfADamagedFileAreNoValue) {
    const ResistanceSettings rules;
    const auto value = [&](double current2, double product, double voltage2, int steps) {
        Resistance sums;
        sums.current2 = current2;
        sums.product = product;
        sums.voltage2 = voltage2;
        sums.steps = steps;
        return remembered(sums, rules).micro_ohm;
    };
    EXPECT_EQ(value(10'000, 10, 0.01, 16), 1000);
    EXPECT_EQ(value(10'000, 10, 0.01, 15), std::nullopt);
    EXPECT_EQ(value(10'000, 10, 0, 16), std::nullopt);
    EXPECT_EQ(value(10'000, 10, -0.01, 16), std::nullopt);
    EXPECT_EQ(value(10'000, -10, 0.01, 16), std::nullopt);
    EXPECT_EQ(value(0, 10, 0.01, 16), std::nullopt);
}

TEST(Resistance, AnEventTellsWhatWasLearned) {
    Rig rig;
    for (int i = 0; i < 40; ++i) {
        rig.reading = reading_at(mv(i % 2 == 1 ? 3350 : 3300));
        rig.reading.current = amps(i % 2 == 1 ? 50 : 0);
        rig.feed_for(seconds(1));
    }
    ASSERT_TRUE(rig.happened(EventCode::resistance_learned));
    const auto* const told = std::find_if(rig.happenings.begin(), rig.happenings.end(), [](const Event& e) {
        return e.code == EventCode::resistance_learned;
    });
    EXPECT_EQ(*told, (Event{EventCode::resistance_learned, 0, 1000}));
}

TEST(Resistance, TwoReadingsAPairOfSecondsApartTeachAndOneMillisecondMoreDoesNot) {
    Steps near;
    near.play(4, 40, 0.8, 0, milliseconds(2500));
    EXPECT_EQ(near.state.steps, 4);
    Steps far;
    far.play(4, 40, 0.8, 0, milliseconds(2501));
    EXPECT_EQ(far.state.steps, 0);
}

TEST(Resistance, AStepOfFivePercentOfTheCapacityAndOfFiveAmperesTeaches) {
    const auto teaches = [](int capacity_ah, int milliamps) {
        Resistance state;
        Sample after = sample_at(at(seconds(101)), 0, 3420);
        after.reading.current = Milliamps(milliamps);
        learn(state, {}, MilliampHours(capacity_ah * 1000), sample_at(at(seconds(100)), 0, 3400), after);
        return state.steps == 1;
    };
    EXPECT_TRUE(teaches(200, 10'000));
    EXPECT_FALSE(teaches(200, 9'999));
    EXPECT_TRUE(teaches(50, 5'000));
    EXPECT_FALSE(teaches(50, 4'999));
}

TEST(Resistance, TheBordersOfWhatIsBelievedAreStillBelieved) {
    const auto value = [](double current2, double product, double voltage2) {
        Resistance sums;
        sums.current2 = current2;
        sums.product = product;
        sums.voltage2 = voltage2;
        sums.steps = 16;
        return remembered(sums, {}).micro_ohm;
    };
    EXPECT_EQ(value(100, 0.1, 0.0001), 1000);
    EXPECT_EQ(value(1000, 2, 0.005), 2000);  // 80 % explained
    EXPECT_EQ(value(20'000, 1, 0.00005), 50);
    EXPECT_EQ(value(100, 1, 0.01), 10'000);
}

TEST(Resistance, IsForgottenWhenTheCurrentDoesNotExplainTheVoltageAnyMore) {
    Steps steps;
    steps.play(20, 40, 0.8);
    ASSERT_EQ(steps.state.micro_ohm, 800);
    steps.play(200, 10, 0.4, 40);
    EXPECT_FALSE(steps.state.micro_ohm);
}

TEST(Resistance, TheOverEstimateIsNeverZeroAndTheLimitIsExact) {
    const ResistanceSettings rules;
    Resistance none;
    none.micro_ohm = 0;
    EXPECT_EQ(over_estimate(none, rules), 1);
    EXPECT_EQ(compensated_limit(rules, sample_at({}, 0, 3449), mv(0), 1, amps(2000)), amps(1000));
}

TEST(Resistance, TheSumsStartFromNothing) {
    Steps steps;
    steps.play(1, 40, 1);
    EXPECT_DOUBLE_EQ(steps.state.current2, 1600);
    EXPECT_DOUBLE_EQ(steps.state.product, 1.6);
    EXPECT_DOUBLE_EQ(steps.state.voltage2, 0.0016);
    EXPECT_EQ(steps.state.steps, 1);
}

}  // namespace
}  // namespace jkp::control::test
