// SPDX-License-Identifier: MIT
#include "meter/field_watch.hpp"

#include <gtest/gtest.h>

#include "magnetometer/support.hpp"

namespace jkp::meter {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration period = milliseconds(200);

// One ampere for each count of y.
FieldModel ampere_per_count() {
    FieldModel model;
    model.projection = {0, 1, 0};
    model.amps_per_count = 1;
    return model;
}

class Bench {
  public:
    explicit Bench(WatchSettings settings = {.period = period, .filter = Duration::zero()},
                   FieldModel model = ampere_per_count())
        : watch_(model, settings) {}

    Result<Milliamps, WatchFault> see(const Result<Field, FieldError>& sample, Duration later = period) {
        now_ += later;
        return watch_.take(sample, now_);
    }
    // A living chip: x is noise that no current comes from.
    Result<Milliamps, WatchFault> see_amps(int amps, Duration later = period) {
        return see(field(noise_ = 1 - noise_, amps, 3), later);
    }
    Result<Milliamps, WatchFault> see_nothing(Duration later = period) {
        return see(failure(FieldError::nothing_new), later);
    }
    FieldWatch& watch() { return watch_; }

  private:
    FieldWatch watch_;
    TimePoint now_{seconds(1000)};
    int noise_ = 0;
};

TEST(FieldWatch, AGoodSampleIsACurrent) {
    Bench bench;
    EXPECT_EQ(bench.see_amps(12), Milliamps(12000));
    EXPECT_EQ(bench.see_amps(-7), Milliamps(-7000));
}

TEST(FieldWatch, NothingNewIsAFaultAfterMoreThanThreePeriods) {
    Bench bench;
    ASSERT_TRUE(bench.see_amps(12));
    for (int i = 0; i < 3; ++i) EXPECT_EQ(bench.see_nothing().error(), WatchFault::waiting) << i;
    EXPECT_EQ(bench.see_nothing().error(), WatchFault::nothing_new);
    EXPECT_EQ(bench.see_amps(12), Milliamps(12000));
    EXPECT_EQ(bench.see_nothing().error(), WatchFault::waiting);
}

TEST(FieldWatch, AChipThatNeverMeasuresIsAFaultToo) {
    Bench bench;
    for (int i = 0; i < 4; ++i) EXPECT_EQ(bench.see_nothing().error(), WatchFault::waiting) << i;
    EXPECT_EQ(bench.see_nothing().error(), WatchFault::nothing_new);
}

TEST(FieldWatch, TheSameThreeCountsForTooLongAreStuckUntilOneMoves) {
    Bench bench;
    const Field same = field(1, 20, 3);
    ASSERT_TRUE(bench.see(same));
    EXPECT_TRUE(bench.see(same, seconds(10)));
    EXPECT_EQ(bench.see(same).error(), WatchFault::stuck);
    EXPECT_EQ(bench.see(same, seconds(60)).error(), WatchFault::stuck);
    EXPECT_EQ(bench.see(field(2, 20, 3)), Milliamps(20000));
    EXPECT_TRUE(bench.see(field(2, 20, 3)));
}

TEST(FieldWatch, AStuckChipStaysStuckWhenItIsSetUpAgain) {
    Bench bench;
    const Field same = field(1, 20, 3);
    ASSERT_TRUE(bench.see(same));
    ASSERT_FALSE(bench.see(same, seconds(11)));
    bench.watch().restart();
    EXPECT_EQ(bench.see(same).error(), WatchFault::stuck);
}

TEST(FieldWatch, ASteadyCurrentWithALittleNoiseIsNeverStuck) {
    Bench bench;
    for (int i = 0; i < 1000; ++i) ASSERT_EQ(bench.see_amps(20), Milliamps(20000)) << i;
}

TEST(FieldWatch, OverflowGarbageAndAMovedSensorAreTheirOwnFaults) {
    FieldModel model = ampere_per_count();
    model.range = FieldRange{0, 100};
    Bench bench({.period = period, .filter = Duration::zero()}, model);
    EXPECT_EQ(bench.see(Field{}).error(), WatchFault::overflow);
    EXPECT_EQ(bench.see(failure(FieldError::garbage)).error(), WatchFault::garbage);
    EXPECT_EQ(bench.see(failure(FieldError::too_short)).error(), WatchFault::garbage);
    EXPECT_EQ(bench.see(field(0, 101, 0)).error(), WatchFault::out_of_range);
}

TEST(FieldWatch, TheFilterReachesTwoThirdsOfAStepInItsTime) {
    Bench bench({.period = period, .filter = seconds(1)});
    ASSERT_EQ(bench.see_amps(0), Milliamps(0));
    Milliamps last{};
    for (int i = 0; i < 5; ++i) last = bench.see_amps(100).value();
    EXPECT_NEAR(last.count(), 63212, 50);
    for (int i = 0; i < 50; ++i) last = bench.see_amps(100).value();
    EXPECT_NEAR(last.count(), 100000, 50);
}

TEST(FieldWatch, ASpikeThatIsRefusedLeavesNoTrace) {
    Bench bench({.period = period, .filter = seconds(1)});
    ASSERT_EQ(bench.see_amps(10), Milliamps(10000));
    EXPECT_EQ(bench.see(Field{}).error(), WatchFault::overflow);
    EXPECT_EQ(bench.see_amps(10), Milliamps(10000));
}

TEST(FieldWatch, AfterAPauseTheNewValueCountsAtOnce) {
    Bench bench({.period = period, .filter = seconds(5)});
    ASSERT_EQ(bench.see_amps(0), Milliamps(0));
    EXPECT_EQ(bench.see_amps(40, seconds(2)), Milliamps(40000));
}

TEST(FieldWatch, TheDeadBandComesAfterTheFilter) {
    FieldModel model = ampere_per_count();
    model.dead_band_a = 5;
    Bench bench({.period = period, .filter = seconds(1)}, model);
    EXPECT_EQ(bench.see_amps(0), Milliamps(0));
    EXPECT_EQ(bench.see_amps(20), Milliamps(0)) << "20 A have filtered to 3.6 A";
    EXPECT_GT(bench.see_amps(20).value(), Milliamps(5000));
}

TEST(FieldWatch, EveryFaultHasAWordAndAnAdvice) {
    for (const auto fault : {WatchFault::waiting, WatchFault::nothing_new, WatchFault::stuck,
                             WatchFault::overflow, WatchFault::out_of_range, WatchFault::garbage}) {
        EXPECT_FALSE(name(fault).empty());
        EXPECT_TRUE(advice(fault).ends_with('.')) << name(fault);
    }
}

}  // namespace
}  // namespace jkp::meter
