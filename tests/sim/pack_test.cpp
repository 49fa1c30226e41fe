// SPDX-License-Identifier: MIT
#include "sim/pack.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "sim/lfp.hpp"

namespace jkp::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

TimePoint at(Duration since_start) {
    return TimePoint(since_start);
}

TEST(Lfp, TheVoltageRisesEverywhere) {
    for (int i = -40; i < 1030; ++i) {
        EXPECT_LT(resting_voltage(i / 1000.0), resting_voltage((i + 1) / 1000.0)) << i;
    }
}

TEST(Lfp, BothEndsHaveAKneeAndTheMiddleIsFlat) {
    const double middle = resting_voltage(0.8) - resting_voltage(0.3);
    EXPECT_LT(middle, 0.07);
    EXPECT_GT(resting_voltage(1.0) - resting_voltage(0.97), 3 * middle);
    EXPECT_GT(resting_voltage(0.05) - resting_voltage(0.0), 3 * middle);
}

TEST(Pack, ChargeIsConserved) {
    Pack pack({.capacity = MilliampHours(100'000), .soc = Permille(300)});
    for (int i = 0; i < 3600; ++i) {
        EXPECT_EQ(pack.step(seconds(1), Milliamps(20'000)), Milliamps(20'000));
    }
    EXPECT_NEAR(pack.mean_soc(), 0.5, 1e-9);
    pack.step(hours(1), Milliamps(-10'000));
    EXPECT_NEAR(pack.mean_soc(), 0.4, 1e-9);
}

TEST(Pack, AnOpenSwitchStopsItsDirectionOnly) {
    Pack pack({});
    pack.switch_charge(false);
    EXPECT_FALSE(pack.reading(at(seconds(1))).charge_mos);
    EXPECT_EQ(pack.step(seconds(1), Milliamps(20'000)), Milliamps(0));
    EXPECT_EQ(pack.step(seconds(1), Milliamps(-20'000)), Milliamps(-20'000));
    pack.switch_charge(true);
    pack.switch_discharge(false);
    EXPECT_FALSE(pack.reading(at(seconds(1))).discharge_mos);
    EXPECT_EQ(pack.step(seconds(1), Milliamps(20'000)), Milliamps(20'000));
    EXPECT_EQ(pack.step(seconds(1), Milliamps(-20'000)), Milliamps(0));
}

TEST(Pack, TheBalancerMovesChargeAndMakesNone) {
    Pack pack({.soc = Permille(985), .soc_spread = Permille(10), .balance_current = Milliamps(2'000)});
    const double mean = pack.mean_soc();
    const auto spread = [&pack] {
        double low = 2.0;
        double high = 0.0;
        for (std::size_t i = 0; i < 16; ++i) {
            low = std::min(low, pack.true_soc(i));
            high = std::max(high, pack.true_soc(i));
        }
        return high - low;
    };
    const double before = spread();
    pack.step(seconds(5), Milliamps(0));
    EXPECT_TRUE(pack.reading(at(seconds(5))).balancing);
    pack.step(hours(2), Milliamps(0));
    EXPECT_NEAR(pack.mean_soc(), mean, 1e-9);
    EXPECT_LT(spread(), before / 2);
}

TEST(Pack, ALoadPullsTheVoltageDownAtOnceAndFurtherWithTime) {
    Pack pack({.soc = Permille(600), .resistance_spread = Permille(0)});
    const auto rest = pack.cell(0).count();
    pack.step(seconds(1), Milliamps(-50'000));
    const auto early = pack.cell(0).count();
    pack.step(minutes(5), Milliamps(-50'000));
    const auto later = pack.cell(0).count();
    EXPECT_NEAR(rest - early, 31, 3);  // 0.6 mOhm and 1/30 of the fast pair at 50 A
    EXPECT_LT(later, early - 30);
}

TEST(Pack, AFullCellOpensTheChargeSwitchAndOnlyThatOne) {
    Pack pack({.soc = Permille(990)});
    TimePoint now;
    while (pack.charge_mos() && now < at(hours(1))) {
        pack.step(seconds(1), Milliamps(30'000));
        now += seconds(1);
    }
    ASSERT_FALSE(pack.charge_mos());
    EXPECT_TRUE(pack.discharge_mos());
    const PackReading full = pack.reading(now);
    EXPECT_TRUE(full.alarms.has(PackAlarm::cell_over_voltage));
    EXPECT_FALSE(full.charge_mos);
    EXPECT_EQ(pack.step(seconds(1), Milliamps(30'000)), Milliamps(0));
    EXPECT_EQ(pack.step(seconds(1), Milliamps(-5'000)), Milliamps(-5'000));
    pack.step(minutes(20), Milliamps(-10'000));
    EXPECT_TRUE(pack.charge_mos());
    EXPECT_FALSE(pack.reading(now).alarms.any());
}

TEST(Pack, AnEmptyCellOpensTheDischargeSwitchAndOnlyThatOne) {
    Pack pack({.soc = Permille(20)});
    pack.step(minutes(30), Milliamps(-30'000));
    EXPECT_FALSE(pack.discharge_mos());
    EXPECT_TRUE(pack.charge_mos());
    EXPECT_TRUE(pack.reading({}).alarms.has(PackAlarm::cell_under_voltage));
    EXPECT_EQ(pack.step(seconds(1), Milliamps(-5'000)), Milliamps(0));
    pack.step(minutes(20), Milliamps(10'000));
    EXPECT_TRUE(pack.discharge_mos());
}

TEST(Pack, AProtectionWaitsForItsDelay) {
    Pack pack({});
    pack.force_cell(3, Millivolts(3700));
    pack.step(seconds(4), Milliamps(0));
    EXPECT_TRUE(pack.charge_mos());
    pack.step(seconds(1), Milliamps(0));
    EXPECT_FALSE(pack.charge_mos());
}

TEST(Pack, TooMuchCurrentOpensTheSwitchForAMinute) {
    Pack pack({.discharge_over_current = Milliamps(60'000)});
    pack.step(seconds(11), Milliamps(-70'000));
    EXPECT_FALSE(pack.discharge_mos());
    EXPECT_TRUE(pack.reading({}).alarms.has(PackAlarm::discharge_over_current));
    pack.step(seconds(58), Milliamps(0));
    EXPECT_FALSE(pack.discharge_mos());
    pack.step(seconds(3), Milliamps(0));
    EXPECT_TRUE(pack.discharge_mos());
}

TEST(Pack, ForcedTemperaturesAreReportedAndProtectedAgainst) {
    Pack pack({});
    pack.force_temperature(Probe::t2, Decicelsius(-80));
    pack.step(seconds(6), Milliamps(0));
    EXPECT_EQ(pack.reading({}).temperatures[Probe::t2], Decicelsius(-80));
    EXPECT_FALSE(pack.charge_mos());
    EXPECT_TRUE(pack.discharge_mos());
    pack.force_temperature(Probe::t2, std::nullopt);
    pack.step(seconds(1), Milliamps(0));
    EXPECT_TRUE(pack.charge_mos());
}

TEST(Pack, CurrentHeatsThePackAndTheAirCoolsIt) {
    Pack pack({.capacity = MilliampHours(1'000'000), .ambient = Decicelsius(200)});
    pack.step(hours(3), Milliamps(-90'000));
    const auto warm = *pack.reading({}).temperatures[Probe::t1];
    EXPECT_GT(warm, Decicelsius(200));
    pack.step(hours(40), Milliamps(0));
    EXPECT_LT(*pack.reading({}).temperatures[Probe::t1], warm);
}

TEST(Pack, OverridesReachTheReading) {
    Pack pack({});
    pack.force_cell(15, Millivolts(3560));
    pack.force_current(Milliamps(12'340));
    pack.force_soc(Permille(770));
    pack.force_alarms(PackAlarms{PackAlarm::afe_fault_a});
    const PackReading r = pack.reading({});
    EXPECT_EQ(r.cells[15], Millivolts(3560));
    EXPECT_EQ(r.current, Milliamps(12'340));
    EXPECT_EQ(r.soc, Permille(770));
    EXPECT_EQ(r.alarms, PackAlarms{PackAlarm::afe_fault_a});
}

TEST(Pack, TheSameSeedGivesTheSameReadingsAndAnotherSeedOthers) {
    const auto day = [](std::uint64_t seed) {
        Pack pack({.soc_spread = Permille(20), .capacity_spread = Permille(20), .noise = true, .seed = seed});
        pack.step(minutes(90), Milliamps(15'000));
        return pack.reading(at(minutes(90)));
    };
    EXPECT_EQ(day(7), day(7));
    EXPECT_NE(day(7).cells, day(8).cells);
}

TEST(Pack, ACountingBmsDriftsAndKnowsFullWhenItProtects) {
    Pack pack({.soc = Permille(500), .current_gain = Permille(950), .soc_error = Permille(-100)});
    EXPECT_EQ(pack.reading({}).soc, Permille(400));
    pack.step(hours(2), Milliamps(10'000));
    EXPECT_EQ(pack.reading({}).soc, Permille(590));  // 0.40 + 0.95 * 0.20
    EXPECT_EQ(pack.reading({}).current, Milliamps(9'500));
    EXPECT_NEAR(pack.mean_soc(), 0.70, 1e-9);
    pack.force_cell(0, Millivolts(3700));
    pack.step(seconds(10), Milliamps(0));
    EXPECT_EQ(pack.reading({}).soc, Permille(1000));
}

TEST(Pack, TheTerminalsShowTheSumOfTheCellsAndTheCurrentsDrop) {
    Pack pack({.soc = Permille(600)});
    pack.step(seconds(10), Milliamps(50'000));
    int sum = 0;
    for (std::size_t i = 0; i < pack.cells(); ++i) sum += pack.cell(i).count();
    const double without_wiring = pack.ohms() - pack.spec().wiring_micro_ohm * 1e-6;
    EXPECT_NEAR(pack.emf() + 50.0 * without_wiring, sum / 1000.0, 0.01);
}

TEST(Pack, NoiseStaysWithinItsBounds) {
    Pack pack({.noise = true, .seed = 3});
    pack.step(seconds(10), Milliamps(20'000));
    int different = 0;
    for (int i = 0; i < 1000; ++i) {
        const PackReading r = pack.reading(at(seconds(10 + i)));
        EXPECT_LE(std::abs((r.cells[0] - pack.cell(0)).count()), 1);
        EXPECT_LE(std::abs(r.current.count() - 20'000), 501);
        different += r.cells[0] != pack.cell(0) ? 1 : 0;
    }
    EXPECT_GT(different, 100);
}

}  // namespace
}  // namespace jkp::sim
