// SPDX-License-Identifier: MIT
// The tables of stage B at and around each breakpoint, in hand-computed amperes for Imax = 60 A (and 200 A
// for the stepped presets, whose amperes are absolute).
#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

struct Point {
    int x;
    double amps;
};

void expect_curve(const Curve& curve, Milliamps maximum, std::initializer_list<Point> points) {
    for (const Point& p : points) EXPECT_EQ(evaluate(curve, p.x, maximum), amps(p.amps)) << "at " << p.x;
}

TEST(Curves, SmoothChargeByHighestCell) {
    expect_curve(cell_curves(Preset::smooth).charge_by_highest, amps(60),
                 {{0, 60},
                  {3379, 60},
                  {3380, 60},
                  {3381, 59.22},
                  {3400, 45},
                  {3420, 30},
                  {3421, 29.28},
                  {3435, 19.5},
                  {3450, 9},
                  {3451, 8.7},
                  {3465, 5.1},
                  {3480, 1.2},
                  {3481, 1.14},
                  {3490, 0.6},
                  {3499, 0.06},
                  {3500, 0},
                  {3501, 0},
                  {5000, 0}});
}

TEST(Curves, SmoothChargeByLowestCell) {
    expect_curve(
        cell_curves(Preset::smooth).charge_by_lowest, amps(60),
        {{500, 0}, {2700, 0}, {2701, 0.06}, {2800, 6}, {2900, 12}, {2950, 36}, {3000, 60}, {3300, 60}});
}

TEST(Curves, SmoothDischargeByLowestCell) {
    expect_curve(cell_curves(Preset::smooth).discharge_by_lowest, amps(60),
                 {{500, 0},
                  {3000, 0},
                  {3015, 0.6},
                  {3030, 1.2},
                  {3055, 5.1},
                  {3080, 9},
                  {3150, 30},
                  {3200, 45},
                  {3250, 60},
                  {3251, 60}});
}

TEST(Curves, OriginalStepsInAmperes) {
    const CellCurves curves = cell_curves(Preset::original);
    expect_curve(
        curves.charge_by_highest, amps(200),
        {{3449, 60}, {3450, 30}, {3469, 30}, {3470, 15}, {3499, 15}, {3500, 2}, {3549, 2}, {3550, 0}});
    expect_curve(curves.charge_by_lowest, amps(200), {{2699, 0}, {2700, 30}, {2999, 30}, {3000, 60}});
    expect_curve(
        curves.discharge_by_lowest, amps(200),
        {{2899, 0}, {2900, 10}, {2999, 10}, {3000, 30}, {3099, 30}, {3100, 50}, {3299, 50}, {3300, 60}});
}

TEST(Curves, OriginalStrictStepsInAmperes) {
    const CellCurves curves = cell_curves(Preset::original_strict);
    expect_curve(curves.charge_by_highest, amps(200), {{3419, 60}, {3420, 30}, {3439, 30}, {3440, 0}});
    expect_curve(curves.charge_by_lowest, amps(200), {{2699, 0}, {2700, 20}, {3199, 20}, {3200, 60}});
    expect_curve(curves.discharge_by_lowest, amps(200), {{3150, 0}, {3151, 60}});
}

TEST(Curves, StepsAreCappedByTheMaximum) {
    expect_curve(cell_curves(Preset::original).charge_by_highest, amps(20),
                 {{3400, 20}, {3470, 15}, {3500, 2}});
}

TEST(Curves, TemperatureOfBatteryAndMosfet) {
    const TemperatureCurves curves = default_temperature_curves();
    expect_curve(curves.charge, amps(60),
                 {{-400, 0},
                  {-1, 0},
                  {0, 0},
                  {25, 4.5},
                  {50, 9},
                  {75, 19.5},
                  {100, 30},
                  {125, 45},
                  {150, 60},
                  {400, 60},
                  {425, 45},
                  {450, 30},
                  {475, 15},
                  {500, 0},
                  {1200, 0}});
    expect_curve(curves.discharge, amps(60),
                 {{-400, 0},
                  {-150, 0},
                  {-125, 7.5},
                  {-100, 15},
                  {-50, 22.5},
                  {0, 30},
                  {50, 45},
                  {100, 60},
                  {450, 60},
                  {475, 45},
                  {500, 30},
                  {525, 15},
                  {550, 0},
                  {1200, 0}});
    expect_curve(curves.mosfet, amps(60),
                 {{-100, 60}, {700, 60}, {750, 42}, {800, 24}, {850, 12}, {900, 0}, {1200, 0}});
}

TEST(Curves, TheWorstProbeCountsAndTheMosfetLimitsBothDirections) {
    Rig rig;
    PackReading reading = reading_at(mv(3300));
    reading.temperatures[Probe::t1] = celsius(47.5);
    reading.temperatures[Probe::t2] = celsius(5);
    rig.settle(reading);
    EXPECT_EQ(rig.last.charge.value(), amps(9));  // the cold probe
    EXPECT_EQ(rig.last.charge.reason().index, static_cast<std::uint8_t>(Probe::t2));
    EXPECT_EQ(rig.last.discharge.value(), amps(45));  // both allow 45 A
    reading.temperatures[Probe::mosfet] = celsius(85);
    rig.settle(reading);
    EXPECT_EQ(rig.last.charge.value(), amps(9));
    EXPECT_EQ(rig.last.discharge.value(), amps(12));
    EXPECT_EQ(rig.last.discharge.reason().rule, Rule::mosfet_temperature);
}

TEST(Curves, AMosThatIsOffBlocksItsDirectionOnly) {
    Rig rig;
    PackReading reading = reading_at(mv(3300));
    reading.charge_mos = false;
    rig.settle(reading);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::mos_off);
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    EXPECT_TRUE(rig.last.discharge_enable);
    reading.charge_mos = true;
    reading.discharge_mos = false;
    rig.settle(reading);
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_FALSE(rig.last.discharge_enable);
}

TEST(Curves, StrictChargeRisesOnlyAfterThreeQuartersOfAnHourAndBelow3400) {
    Rig rig(config_of_one(Preset::original_strict));
    rig.settle(reading_at(mv(3390)));
    ASSERT_EQ(rig.last.charge.value(), amps(60));
    rig.now += seconds(1);
    EXPECT_EQ(rig.feed(reading_at(mv(3440))).charge.value(), Milliamps(0));
    rig.reading = reading_at(mv(3390));
    rig.feed_for(minutes(45) - seconds(1));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::rise_rule)->value(), Milliamps(0));
    EXPECT_TRUE(rig.last.charge_enable);  // a rise rule waits, nothing refuses
    rig.feed_for(minutes(3));
    EXPECT_EQ(rig.last.charge.value(), amps(60));

    rig.now += seconds(1);
    rig.feed(reading_at(mv(3425)));
    rig.reading = reading_at(mv(3400));
    rig.feed_for(minutes(60));
    EXPECT_EQ(rig.last.charge.value(), amps(30));  // long enough, but not below 3.40 V
    rig.reading = reading_at(mv(3399));
    rig.feed_for(minutes(3));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
}

TEST(Curves, StrictDischargeRisesOnlyAboveFortyPercent) {
    Rig rig(config_of_one(Preset::original_strict));
    rig.settle(reading_at(mv(3200)));
    ASSERT_EQ(rig.last.discharge.value(), amps(60));
    rig.now += seconds(1);
    EXPECT_EQ(rig.feed(reading_at(mv(3150))).discharge.value(), Milliamps(0));
    rig.reading = reading_at(mv(3250));
    rig.reading.soc = percent(40);
    rig.feed_for(minutes(30));
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    rig.reading.soc = percent(40.1);
    rig.feed_for(minutes(3));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
}

TEST(Curves, ACurveWithoutPointsAllowsNothing) {
    EXPECT_EQ(evaluate(LinearCurve{}, 3300, amps(60)), Milliamps(0));
}

TEST(Curves, AMosfetProbeThatIsNotFittedLimitsNothing) {
    Rig rig;
    rig.config.packs[0].mosfet_probe = false;
    PackReading reading = reading_at(mv(3300));
    reading.temperatures[Probe::mosfet].reset();
    rig.settle(reading);
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    reading.temperatures[Probe::mosfet] = celsius(95);
    rig.settle(reading);
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
}

TEST(Curves, NoCurveAndNoMaximumGivesANegativeLimit) {
    const StepCurve step{amps(-5), {{3000, amps(60)}}};
    EXPECT_EQ(evaluate(step, 2999, amps(60)), Milliamps(0));
    EXPECT_EQ(evaluate(step, 3000, amps(-5)), Milliamps(0));
}

TEST(Curves, TheStrictRiseAsksForTheHighestCell) {
    Rig rig(config_of_one(Preset::original_strict));
    rig.settle(reading_at(mv(3390)));
    rig.now += seconds(1);
    rig.feed(reading_at(mv(3440)));
    rig.reading = reading_between(mv(3410), mv(3300));
    rig.feed_for(minutes(60));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
}

TEST(Curves, ARiseRuleIsListedInItsDirectionOnly) {
    const auto listed = [](RiseRule charge, RiseRule discharge) {
        Rig rig;
        rig.config.curves.charge_rise = charge;
        rig.config.curves.discharge_rise = discharge;
        rig.feed();
        return std::pair(find(rig.last.charge_limiters, Rule::rise_rule) != nullptr,
                         find(rig.last.discharge_limiters, Rule::rise_rule) != nullptr);
    };
    const RiseRule rule{.hold = minutes(1), .highest_below = {}, .soc_above = {}};
    EXPECT_EQ(listed({}, {}), std::pair(false, false));
    EXPECT_EQ(listed(rule, {}), std::pair(true, false));
    EXPECT_EQ(listed({}, rule), std::pair(false, true));
}

}  // namespace
}  // namespace jkp::control::test
