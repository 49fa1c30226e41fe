// SPDX-License-Identifier: MIT
// Stage F: CVL and DVL.
#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

struct Bench {
    Config config = config_of_one();
    VoltageState state{};
    TimePoint now = at(seconds(500));
    bool hard_stop = false;

    VoltageLimits operator()(Phase phase, const PackReading& reading, Duration after = seconds(1)) {
        now += after;
        const Sample sample{.reading = reading,
                            .at = now,
                            .highest = highest_cell(reading.cells),
                            .lowest = lowest_cell(reading.cells)};
        const Thresholds limits = thresholds(config, mv(3650), mv(2600));
        const VoltagePack pack{&sample, limits.charge_per_cell, limits.discharge_per_cell};
        return voltages(state, config, phase, {&pack, 1}, sample.reading.voltage, sample.at, hard_stop);
    }
};

TEST(Voltages, BulkAndAbsorbAskFor3450PerCellAndDischargeEndsAt2800) {
    Bench bench;
    const VoltageLimits v = bench(Phase::bulk, reading_at(mv(3300)));
    EXPECT_EQ(v.charge, mv(55'200));
    EXPECT_EQ(v.discharge, mv(44'800));
    EXPECT_EQ(bench(Phase::absorb, reading_at(mv(3450))).charge, mv(55'200));
}

TEST(Voltages, AboveItTheHighestCellIsNotPulledUpFurther) {
    Bench bench;
    PackReading reading = reading_at(mv(3400));
    reading.cells[3] = mv(3470);
    sum_up(reading);
    EXPECT_EQ(bench(Phase::absorb, reading).charge, mv(15 * 3400 + 3450 + 10));
    reading.cells[3] = mv(3450);
    sum_up(reading);
    EXPECT_EQ(bench(Phase::absorb, reading).charge, mv(55'200));
}

TEST(Voltages, FloatIsReachedByOneMillivoltPerSecondAndCell) {
    Bench bench;
    const PackReading reading = reading_at(mv(3400));
    bench(Phase::full, reading);
    EXPECT_EQ(bench(Phase::floating, reading).charge, mv(16 * 3449));
    for (int i = 0; i < 49; ++i) bench(Phase::floating, reading);
    EXPECT_EQ(bench(Phase::floating, reading, milliseconds(500)).charge, mv(16 * 3399));
    for (int i = 0; i < 200; ++i) bench(Phase::floating, reading);
    EXPECT_EQ(bench(Phase::floating, reading).charge, mv(53'600));
    EXPECT_EQ(bench(Phase::idle, reading).charge, mv(53'600));
    EXPECT_EQ(bench(Phase::bulk, reading).charge, mv(55'200));
}

TEST(Voltages, TheRampIsExactToTheMillisecond) {
    Bench bench;
    const PackReading reading = reading_at(mv(3300));
    bench(Phase::bulk, reading);
    for (int i = 0; i < 19; ++i) bench(Phase::floating, reading, seconds(5));
    EXPECT_EQ(bench(Phase::floating, reading, milliseconds(4000)).charge, mv(16 * 3351));
    EXPECT_EQ(bench(Phase::floating, reading, milliseconds(50)).charge, mv(16 * 3350));
}

TEST(Voltages, TheRampDoesNotCatchUpAfterAGap) {
    Bench bench;
    bench(Phase::full, reading_at(mv(3400)));
    EXPECT_EQ(bench(Phase::floating, reading_at(mv(3400)), minutes(10)).charge, mv(16 * 3445));
}

TEST(Voltages, TheRampNeverGoesBackWithTheClock) {
    Bench bench;
    const PackReading reading = reading_at(mv(3400));
    bench(Phase::full, reading);
    bench(Phase::floating, reading, seconds(3));
    EXPECT_EQ(bench(Phase::floating, reading, -seconds(1)).charge, mv(16 * 3447));
}

TEST(Voltages, TheRampBeginsAtALowerChargeVoltageAtOnceAndEndsThereIfFloatIsHigher) {
    Bench bench;
    const PackReading reading = reading_at(mv(3330));
    bench(Phase::full, reading);
    bench.config.voltage.charge_per_cell = mv(3400);
    EXPECT_EQ(bench(Phase::floating, reading).charge, mv(16 * 3399));
    bench.config.voltage.charge_per_cell = mv(3340);
    EXPECT_EQ(bench(Phase::floating, reading).charge, mv(16 * 3340));
    Bench restarted;
    restarted.config.voltage.charge_per_cell = mv(3340);
    EXPECT_EQ(restarted(Phase::floating, reading).charge, mv(16 * 3340));
}

// Two packs of a bank, with their voltages per cell.
VoltageLimits of_two(PackReading first, PackReading second, int charge, int other_charge, int discharge,
                     int other_discharge) {
    const auto sample = [](const PackReading& reading) {
        return Sample{.reading = reading,
                      .at = at(seconds(500)),
                      .highest = highest_cell(reading.cells),
                      .lowest = lowest_cell(reading.cells)};
    };
    const std::array samples{sample(first), sample(second)};
    const std::array packs{VoltagePack{&samples[0], mv(charge), mv(discharge)},
                           VoltagePack{&samples[1], mv(other_charge), mv(other_discharge)}};
    VoltageState state;
    return voltages(state, config_of_one(), Phase::bulk, packs, mv(0), at(seconds(500)), true);
}

TEST(Voltages, OfABankTheLowestChargeVoltageAndTheHighestDischargeVoltageCount) {
    const PackReading reading = reading_at(mv(3300));
    const VoltageLimits expected{mv(16 * 3440), mv(16 * 2850)};
    EXPECT_EQ(of_two(reading, reading, 3440, 3450, 2850, 2800), expected);
    EXPECT_EQ(of_two(reading, reading, 3450, 3440, 2800, 2850), expected);
}

TEST(Voltages, OfUnequalPacksTheFewerCellsAreChargedAndTheMoreDischarged) {
    const PackReading many = reading_at(mv(3300));
    PackReading few = many;
    few.cells.clear();
    for (int i = 0; i < 15; ++i) few.cells.push_back(mv(3300));
    sum_up(few);
    const VoltageLimits expected{mv(15 * 3450), mv(16 * 2800)};
    EXPECT_EQ(of_two(many, few, 3450, 3450, 2800, 2800), expected);
    EXPECT_EQ(of_two(few, many, 3450, 3450, 2800, 2800), expected);
}

TEST(Voltages, TheClipOfEachPackCountsAndTheLowestOfThemIsTaken) {
    const PackReading calm = reading_at(mv(3300));
    PackReading high = reading_at(mv(3300));
    high.cells[3] = mv(3470);
    PackReading higher = reading_at(mv(3290));
    higher.cells[3] = mv(3470);
    EXPECT_EQ(of_two(calm, high, 3450, 3450, 2800, 2800).charge, mv(15 * 3300 + 3460));
    EXPECT_EQ(of_two(high, calm, 3450, 3450, 2800, 2800).charge, mv(15 * 3300 + 3460));
    EXPECT_EQ(of_two(high, higher, 3450, 3450, 2800, 2800).charge, mv(15 * 3290 + 3460));
    EXPECT_EQ(of_two(higher, high, 3450, 3450, 2800, 2800).charge, mv(15 * 3290 + 3460));
}

TEST(Voltages, CvlIsNeverNegative) {
    const PackReading reading = reading_at(mv(3300));
    EXPECT_EQ(of_two(reading, reading, -300, -300, 2800, 2800).charge, mv(0));
}

TEST(Voltages, LeavingAbsorbWithAHighCellDoesNotRaiseCvl) {
    Bench bench;
    PackReading reading = reading_at(mv(3400));
    reading.cells[3] = mv(3480);
    sum_up(reading);
    const Millivolts absorb = bench(Phase::absorb, reading).charge;
    EXPECT_EQ(bench(Phase::floating, reading).charge, absorb);
}

TEST(Voltages, ARestartWhileFloatingGoesOnAtTheFloatVoltage) {
    Bench bench;
    EXPECT_EQ(bench(Phase::floating, reading_at(mv(3350))).charge, mv(53'600));
}

TEST(Voltages, CvlIsNeverMoreThanAVoltBelowThePackUnlessTheHardStopIsActive) {
    Bench bench;
    PackReading reading = reading_at(mv(3420));
    EXPECT_EQ(bench(Phase::idle, reading).charge, mv(54'720 - 1000));
    reading = reading_at(mv(3540));
    EXPECT_EQ(bench(Phase::absorb, reading).charge, mv(16 * 3540 - 1000));
    bench.hard_stop = true;
    EXPECT_EQ(bench(Phase::absorb, reading).charge, mv(16 * 3450));
}

TEST(Voltages, APackBehindAnOpenSwitchDoesNotHoldCvlAboveTheBusbar) {
    const Config config = config_of_one();
    const auto limits = thresholds(config, mv(3650), mv(2600));
    const auto sample_of = [](PackReading reading) {
        return Sample{.reading = reading,
                      .at = at(seconds(500)),
                      .highest = highest_cell(reading.cells),
                      .lowest = lowest_cell(reading.cells)};
    };
    PackReading high = reading_at(mv(3400));
    high.cells[0] = mv(3520);
    sum_up(high);
    PackReading away = reading_at(mv(3640));
    const auto cvl = [&](bool switched_on) {
        away.charge_mos = switched_on;
        const Sample samples[] = {sample_of(high), sample_of(away)};
        const VoltagePack packs[] = {{&samples[0], limits.charge_per_cell, limits.discharge_per_cell},
                                     {&samples[1], limits.charge_per_cell, limits.discharge_per_cell}};
        VoltageState state;
        const Millivolts bank = (high.voltage + away.voltage) / 2;
        return voltages(state, config, Phase::bulk, packs, bank, at(seconds(500)), false).charge;
    };
    const Millivolts clipped = mv(15 * 3400 + 3450 + 10);
    EXPECT_EQ(cvl(false), clipped);
    EXPECT_EQ(cvl(true), clipped);
    high.charge_mos = false;
    EXPECT_EQ(cvl(true), (high.voltage + away.voltage) / 2 - mv(1000)) << "nothing but the mean is known";
}

}  // namespace
}  // namespace jkp::control::test
