// SPDX-License-Identifier: MIT
#include "closed_loop/loop/table.hpp"

#include <gmock/gmock.h>

namespace jkp::closed_loop {
namespace {

using control::Preset;
using testing::HasSubstr;

DayResult good_day(std::uint64_t seed) {
    DayResult day;
    day.seed = seed;
    day.enough_sun = true;
    day.peak = Millivolts(3500);
    day.lowest = Millivolts(3000);
    day.charge_reversals = 24;
    day.fullest_soc = 0.99;
    day.charged_wh = 900;
    day.discharged_wh = 480;
    day.ideal_charged_wh = 1000;
    day.ideal_discharged_wh = 500;
    return day;
}

// Whether a run passes in which the second of three days was changed.
template <class Change>
bool passes(Preset preset, Change change) {
    PresetResult result{preset, {good_day(1), good_day(2), good_day(3)}};
    change(result.days[1]);
    return passed(std::vector{result});
}

TEST(Acceptance, GoodDaysPassWithEveryPreset) {
    for (const Preset preset : presets) EXPECT_TRUE(passes(preset, [](DayResult&) {}));
}

TEST(Acceptance, OneDayWithACellTooHighFails) {
    const auto peak = [](int mv) { return [mv](DayResult& day) { day.peak = Millivolts(mv); }; };
    EXPECT_TRUE(passes(Preset::smooth, peak(3520)));
    EXPECT_FALSE(passes(Preset::smooth, peak(3521)));
    EXPECT_TRUE(passes(Preset::original, peak(3550)));
    EXPECT_FALSE(passes(Preset::original, peak(3551)));
    EXPECT_FALSE(passes(Preset::original_strict, peak(3551)));
}

TEST(Acceptance, OneDayWithACellTooLowFailsWithEveryPreset) {
    for (const Preset preset : presets) {
        EXPECT_TRUE(passes(preset, [](DayResult& day) { day.lowest = Millivolts(2800); }));
        EXPECT_FALSE(passes(preset, [](DayResult& day) { day.lowest = Millivolts(2799); }));
    }
}

TEST(Acceptance, OneMissingLeverFailsWithEveryPreset) {
    for (const Preset preset : presets) {
        EXPECT_FALSE(passes(preset, [](DayResult& day) { day.levers.not_named = true; }));
    }
}

TEST(Acceptance, ASunnyDayThatEndsTooEarlyFails) {
    EXPECT_TRUE(passes(Preset::smooth, [](DayResult& day) { day.fullest_soc = 0.98; }));
    EXPECT_FALSE(passes(Preset::smooth, [](DayResult& day) { day.fullest_soc = 0.979; }));
    EXPECT_TRUE(passes(Preset::smooth, [](DayResult& day) {
        day.fullest_soc = 0.5;
        day.enough_sun = false;
    }));
}

TEST(Acceptance, FourReversalsAnHourInEitherDirectionFail) {
    EXPECT_TRUE(passes(Preset::smooth, [](DayResult& day) { day.charge_reversals = 95; }));
    EXPECT_FALSE(passes(Preset::smooth, [](DayResult& day) { day.charge_reversals = 96; }));
    EXPECT_FALSE(passes(Preset::smooth, [](DayResult& day) { day.discharge_reversals = 96; }));
}

TEST(Acceptance, AnInverterThatDisobeysIsJudgedByTheLeversAlone) {
    const auto disobeys = [](DayResult& day) {
        day.conduct = sim::Conduct::leaks;
        day.peak = Millivolts(3660);
    };
    EXPECT_TRUE(passes(Preset::smooth, disobeys));
    EXPECT_FALSE(passes(Preset::smooth, [&](DayResult& day) {
        disobeys(day);
        day.levers.enable = true;
    }));
}

TEST(Acceptance, NamesTheWorstDayAndItsMargin) {
    std::vector<DayResult> days{good_day(1), good_day(2), good_day(3)};
    days[2].peak = Millivolts(3515);
    const Line line = acceptance(Preset::smooth, days).front();
    EXPECT_EQ(line.worst_seed, 3U);
    EXPECT_EQ(line.days, 3);
    EXPECT_NEAR(line.margin(), 0.005, 1e-9);
}

TEST(Row, SumsUpTheDaysWithAnInverterThatObeys) {
    std::vector<DayResult> days{good_day(1), good_day(2), good_day(3), good_day(4)};
    days[0].peak = Millivolts(3510);
    days[0].above_3500 = std::chrono::seconds(4);
    days[1].charge_reversals = 72;
    days[1].fullest_soc = 0.985;
    days[2].lowest = Millivolts(2950);
    days[3].conduct = sim::Conduct::ignores;
    days[3].peak = Millivolts(3700);
    days[3].charged_wh = 0;
    const Row r = row(days);
    EXPECT_EQ(r.peak, Millivolts(3510));
    EXPECT_EQ(r.lowest, Millivolts(2950));
    EXPECT_EQ(r.above_3500, std::chrono::seconds(4));
    EXPECT_NEAR(r.mean_reversals_per_hour, 5.0 / 3.0, 1e-9);
    EXPECT_NEAR(r.worst_reversals_per_hour, 3.0, 1e-9);
    EXPECT_NEAR(r.least_soc, 0.985, 1e-9);
    EXPECT_NEAR(r.median_soc, 0.99, 1e-9);
    EXPECT_NEAR(r.charge_lost, 0.1, 1e-9);
    EXPECT_NEAR(r.discharge_lost, 0.04, 1e-9);
}

TEST(Text, SaysWhatFailedAndOnWhichDay) {
    PresetResult result{Preset::smooth, {good_day(77)}};
    result.days[0].peak = Millivolts(3530);
    const std::string text = acceptance_text(std::vector{result});
    EXPECT_THAT(text, HasSubstr("| smooth | highest cell | <= 3.520 V | 3.530 | -0.010 | 1 | 77 | FAIL |"));
    EXPECT_THAT(text, HasSubstr("| pass |"));
}

}  // namespace
}  // namespace jkp::closed_loop
