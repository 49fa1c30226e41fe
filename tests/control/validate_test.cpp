// SPDX-License-Identifier: MIT
// Stage A: which readings are believed.
#include "control/validate.hpp"

#include <gtest/gtest.h>

#include <functional>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

struct Case {
    const char* words;
    std::function<void(PackReading&)> spoil;
    std::optional<Rejection> expected;
};

// Judged after one good reading.
std::optional<Rejection> judged(const std::function<void(PackReading&)>& spoil) {
    const Config config = config_of_one();
    Validator memory;
    EXPECT_TRUE(validate(config, config.packs[0], memory, {reading_at(mv(3300)), at(seconds(1))}));
    PackReading reading = reading_at(mv(3300));
    spoil(reading);
    const auto result = validate(config, config.packs[0], memory, {reading, at(seconds(2))});
    return result ? result->doubt : std::optional(result.error());
}

// Cells of this sum at a pack voltage of 50 V, of which 2 % are 1 V.
std::function<void(PackReading&)> cells_of(int sum) {
    return [sum](PackReading& r) {
        for (Millivolts& cell : r.cells) cell = mv(sum / 16);
        r.cells[0] = r.cells[0] + mv(sum % 16);
        r.voltage = mv(50'000);
    };
}

void set_cell(PackReading& r, int value) {
    r.cells[4] = mv(value);
    sum_up(r);
}

TEST(Validate, EachImpossibleValueIsRejectedAndItsLastPossibleNeighbourIsNot) {
    const std::vector<Case> cases{
        {"good", [](PackReading&) {}, std::nullopt},
        {"cell 499", [](PackReading& r) { set_cell(r, 499); }, Rejection::cell_voltage},
        {"cell 500", [](PackReading& r) { set_cell(r, 500); }, std::nullopt},
        {"cell 5000", [](PackReading& r) { set_cell(r, 5000); }, std::nullopt},
        {"cell 5001", [](PackReading& r) { set_cell(r, 5001); }, Rejection::cell_voltage},
        {"cell 19 V", [](PackReading& r) { set_cell(r, 19'000); }, Rejection::cell_voltage},
        {"cell 0", [](PackReading& r) { set_cell(r, 0); }, Rejection::cell_voltage},
        {"no cells", [](PackReading& r) { r.cells.clear(); }, Rejection::cell_count},
        {"a cell more",
         [](PackReading& r) {
             r.cells.push_back(mv(3300));
             sum_up(r);
         },
         Rejection::cell_count},
        {"sum 2.0 %", [](PackReading& r) { r.voltage = mv(51'765); }, std::nullopt},
        {"sum 2.1 %", [](PackReading& r) { r.voltage = mv(51'700); }, Rejection::cell_sum},
        {"sum too high", [](PackReading& r) { r.voltage = mv(53'900); }, Rejection::cell_sum},
        {"sum 2 % above", cells_of(51'000), std::nullopt},
        {"sum more above", cells_of(51'001), Rejection::cell_sum},
        {"sum 2 % below", cells_of(49'000), std::nullopt},
        {"sum more below", cells_of(48'999), Rejection::cell_sum},
        {"voltage 0", [](PackReading& r) { r.voltage = mv(0); }, Rejection::cell_sum},
        {"voltage negative", [](PackReading& r) { r.voltage = mv(-52'800); }, Rejection::cell_sum},
        {"SOC 100", [](PackReading& r) { r.soc = percent(100); }, std::nullopt},
        {"SOC 100.1", [](PackReading& r) { r.soc = percent(100.1); }, Rejection::soc},
        {"SOC negative", [](PackReading& r) { r.soc = percent(-0.1); }, Rejection::soc},
        {"150 A", [](PackReading& r) { r.current = amps(150); }, std::nullopt},
        {"-150 A", [](PackReading& r) { r.current = amps(-150); }, std::nullopt},
        {"150.1 A", [](PackReading& r) { r.current = amps(150.1); }, Rejection::current},
        {"-150.1 A", [](PackReading& r) { r.current = amps(-150.1); }, Rejection::current},
        {"start",
         [](PackReading& r) {
             r.soc = percent(0);
             r.cycles = 0;
         },
         Rejection::start_frame},
        {"SOC 0 of an old pack", [](PackReading& r) { r.soc = percent(0); }, std::nullopt},
    };
    for (const Case& c : cases) EXPECT_EQ(judged(c.spoil), c.expected) << c.words;
}

TEST(Validate, TheLargerOverCurrentSettingDecidesAndNoneMeansNoBound) {
    const auto with = [](std::optional<Milliamps> charge, std::optional<Milliamps> discharge,
                         Milliamps current) {
        const Config config = config_of_one();
        Validator memory;
        PackReading reading = reading_at(mv(3300));
        reading.settings.charge_over_current = charge;
        reading.settings.discharge_over_current = discharge;
        reading.current = current;
        const auto sample = validate(config, config.packs[0], memory, {reading, at(seconds(1))});
        return sample && !sample->doubt;
    };
    EXPECT_TRUE(with(amps(20), amps(100), amps(149)));
    EXPECT_FALSE(with(amps(20), amps(100), amps(151)));
    EXPECT_TRUE(with(amps(100), amps(20), amps(149)));
    EXPECT_FALSE(with(amps(100), amps(20), amps(151)));
    EXPECT_TRUE(with(std::nullopt, std::nullopt, amps(900)));
}

// Whether 140 A are believed after these settings (in ampere) from the reading that tells the others.
bool believed(std::pair<int, int> known, std::pair<int, int> seen) {
    const Config config = config_of_one();
    Validator memory;
    PackReading reading = reading_at(mv(3300));
    reading.settings.charge_over_current = amps(known.first);
    reading.settings.discharge_over_current = amps(known.second);
    EXPECT_TRUE(validate(config, config.packs[0], memory, {reading, at(seconds(1))}));
    reading.settings.charge_over_current = amps(seen.first);
    reading.settings.discharge_over_current = amps(seen.second);
    reading.current = amps(140);
    return !validate(config, config.packs[0], memory, {reading, at(seconds(2))})->doubt;
}

TEST(Validate, ACurrentIsJudgedByTheSettingsOfItsOwnReading) {
    EXPECT_FALSE(believed({20, 20}, {20, 20}));
    EXPECT_TRUE(believed({20, 20}, {100, 20}));
    EXPECT_TRUE(believed({20, 20}, {20, 100}));
    EXPECT_FALSE(believed({100, 20}, {20, 20}));
    EXPECT_FALSE(believed({20, 100}, {20, 20}));
}

TEST(Validate, EachOverCurrentSettingIsBelievedByWhatItselfWasBefore) {
    const auto known = [](std::pair<int, int> first, std::pair<int, int> second) {
        Rig rig;
        for (const auto& [charge, discharge] : {first, second}) {
            rig.reading.settings.charge_over_current = amps(charge);
            rig.reading.settings.discharge_over_current = amps(discharge);
            rig.now += seconds(1);
            rig.feed();
        }
        const PackSettings& settings = rig.state.packs[0].sample->reading.settings;
        return std::pair(settings.charge_over_current, settings.discharge_over_current);
    };
    EXPECT_EQ(known({50, 100}, {80, 100}), std::pair(std::optional(amps(50)), std::optional(amps(100))));
    EXPECT_EQ(known({100, 50}, {100, 80}), std::pair(std::optional(amps(100)), std::optional(amps(50))));
}

// An inverter that ignores its limits drives such a current, and a cell too high with it.
TEST(Validate, S2_AnImpossibleCurrentHidesNoHighCellAndIsNotBelieved) {
    Rig rig;
    PackReading reading = reading_at(mv(3300));
    reading.current = amps(20);
    rig.reading = reading;
    rig.feed_for(seconds(5));
    PackReading high = reading_at(mv(3400));
    high.current = amps(161);
    high.cells[6] = mv(3560);
    sum_up(high);
    rig.now += seconds(1);
    rig.feed(high);
    EXPECT_EQ(rig.last.charge.value(), amps(0));
    EXPECT_FALSE(rig.last.charge_enable);
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::over_voltage));
    EXPECT_LE(rig.last.charge_voltage, high.voltage);
    EXPECT_EQ(rig.last.highest.number, 7);
    EXPECT_EQ(rig.last.current, amps(20));
    EXPECT_EQ(rig.last.age, seconds(1));
    EXPECT_TRUE(rig.happened(EventCode::sample_rejected));
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::hard_stop)->reason().age, Duration{});
}

TEST(Validate, S2_ADoubtedSampleLoosensNothingAndTheDataAges) {
    Rig rig;
    PackReading reading = reading_at(mv(3440));
    reading.cells[2] = mv(3100);
    sum_up(reading);
    rig.settle(reading);
    const Decision before = rig.last;
    PackReading doubted = reading_at(mv(3300));
    doubted.current = amps(-400);
    doubted.soc = percent(90);
    for (int i = 1; i <= 20; ++i) {
        rig.now += seconds(1);
        rig.feed(doubted);
        EXPECT_LE(rig.last.charge.value(), before.charge.value()) << i;
        EXPECT_LE(rig.last.discharge.value(), before.discharge.value()) << i;
        EXPECT_EQ(rig.last.age, seconds(i));
        EXPECT_EQ(rig.last.highest.voltage, mv(3440));
        EXPECT_EQ(rig.last.lowest.voltage, mv(3100));
    }
    EXPECT_EQ(rig.last.age_stage, AgeStage::zero);
    EXPECT_EQ(rig.state.packs[0].sample->reading.soc, reading.soc);
    EXPECT_EQ(rig.last.current, reading.current);
    EXPECT_EQ(rig.state.packs[0].rejected_samples, 20U);
}

TEST(Validate, TheCellsOfADoubtedSampleTeachNoResistance) {
    Rig rig;
    rig.feed_for(seconds(5));
    const Resistance before = rig.state.packs[0].resistance;
    PackReading doubted = reading_at(mv(3400));
    doubted.current = amps(161);
    rig.now += seconds(1);
    rig.feed(doubted);
    rig.reading.current = amps(30);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_EQ(rig.state.packs[0].resistance, before);
    rig.reading.current = amps(0);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_EQ(rig.state.packs[0].resistance.steps, 1);
}

TEST(Validate, S2_ADoubtedSampleTeachesNoSettingAndNoProbe) {
    const Config config = config_of_one();
    Validator memory;
    const PackReading good = reading_at(mv(3300));
    ASSERT_TRUE(validate(config, config.packs[0], memory, {good, at(seconds(1))}));
    const Validator before = memory;
    PackReading doubted = good;
    doubted.soc = percent(101);
    doubted.cycles = 0;
    doubted.settings.cell_over_voltage = mv(3450);
    doubted.temperatures[Probe::t1] = Decicelsius(400);
    const auto sample = validate(config, config.packs[0], memory, {doubted, at(seconds(2))});
    ASSERT_TRUE(sample);
    EXPECT_EQ(sample->doubt, Rejection::soc);
    EXPECT_EQ(sample->reading.settings.cell_over_voltage, mv(3450));
    EXPECT_EQ(memory, before);
}

TEST(Validate, S5_ADoubtedFirstReadingIsNotAFirstReading) {
    Rig rig;
    PackReading doubted = reading_at(mv(3300));
    doubted.soc = percent(101);
    rig.feed(doubted);
    EXPECT_FALSE(rig.last.complete);
    EXPECT_FALSE(rig.state.packs[0].sample.has_value());
}

TEST(Validate, AConfiguredCellCountHoldsFromTheFirstReading) {
    Config config = config_of_one();
    config.packs[0].cell_count = 15;
    Validator memory;
    const auto result = validate(config, config.packs[0], memory, {reading_at(mv(3300)), at(seconds(1))});
    ASSERT_FALSE(result.has_value());
    EXPECT_EQ(result.error(), Rejection::cell_count);
}

TEST(Validate, AStartFrameIsHeldForAMinuteAndThenAcceptedWithAnEvent) {
    Rig rig;
    PackReading start = reading_at(mv(3300));
    start.soc = percent(0);
    start.cycles = 0;
    rig.feed(start);
    rig.feed_for(seconds(59));
    EXPECT_FALSE(rig.last.complete);
    EXPECT_TRUE(rig.happened(EventCode::start_frame_held));
    EXPECT_FALSE(rig.happened(EventCode::start_frame_accepted));
    rig.feed_for(seconds(1));
    EXPECT_TRUE(rig.last.complete);
    EXPECT_TRUE(rig.happened(EventCode::start_frame_accepted));
}

PackReading start_frame() {
    PackReading start = reading_at(mv(3300));
    start.soc = percent(0);
    start.cycles = 0;
    return start;
}

TEST(Validate, ABmsThatRestartsInTheMiddleOfTheDayIsWaitedForAsWell) {
    Rig rig;
    rig.feed_for(minutes(10));
    const PackReading before = rig.reading;
    rig.feed(start_frame());
    rig.feed_for(seconds(8));
    EXPECT_TRUE(rig.happened(EventCode::start_frame_held));
    EXPECT_EQ(rig.state.packs[0].sample->reading.soc, percent(50));
    EXPECT_EQ(rig.last.soc, percent(50));
    EXPECT_EQ(rig.last.age_stage, AgeStage::reducing);  // the last believed reading ages meanwhile
    rig.feed(before);
    rig.forget();
    rig.feed_for(minutes(5));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    rig.feed(start_frame());
    rig.feed_for(seconds(59));
    EXPECT_TRUE(rig.happened(EventCode::start_frame_held));
    EXPECT_FALSE(rig.happened(EventCode::start_frame_accepted));
    rig.feed_for(seconds(1));
    EXPECT_TRUE(rig.happened(EventCode::start_frame_accepted));
    EXPECT_EQ(rig.state.packs[0].sample->reading.soc, percent(0));
    rig.forget();
    rig.feed_for(minutes(2));
    EXPECT_FALSE(rig.happened(EventCode::start_frame_held) || rig.happened(EventCode::start_frame_accepted));
}

TEST(Validate, ANewPackThatIsDischargedToTheEndIsNotTakenForAStart) {
    Rig rig;
    rig.reading.cycles = 0;
    rig.reading.soc = percent(5);
    rig.feed_for(minutes(1));
    rig.feed(start_frame());
    EXPECT_EQ(rig.state.packs[0].sample->reading.soc, percent(0));
    Rig surprised;
    surprised.reading.cycles = 0;
    surprised.reading.soc = percent(5.1);
    surprised.feed_for(minutes(1));
    surprised.feed(start_frame());
    EXPECT_TRUE(surprised.happened(EventCode::start_frame_held));
    Rig uncounted;
    uncounted.reading.cycles.reset();
    uncounted.reading.soc = percent(5);
    uncounted.feed_for(minutes(1));
    uncounted.feed(start_frame());
    EXPECT_EQ(uncounted.state.packs[0].sample->reading.soc, percent(0));
    Rig old;  // with cycles on its count
    old.reading.soc = percent(5);
    old.feed_for(minutes(1));
    old.feed(start_frame());
    EXPECT_TRUE(old.happened(EventCode::start_frame_held));
}

TEST(Validate, AfterASilenceTheWaitForAStartingBmsBeginsAnew) {
    Rig rig;
    rig.feed(start_frame());
    rig.feed_for(seconds(50));
    rig.silent_for(seconds(59) + milliseconds(500));
    rig.feed();
    EXPECT_TRUE(rig.happened(EventCode::start_frame_accepted));  // the row went on
    Rig again;
    again.feed(start_frame());
    again.feed_for(seconds(50));
    again.silent_for(seconds(60));
    again.feed();
    EXPECT_FALSE(again.happened(EventCode::start_frame_accepted));
    again.feed_for(seconds(60));
    EXPECT_TRUE(again.happened(EventCode::start_frame_accepted));
}

TEST(Validate, ANamedProbeThatNeverAnsweredIsNamed) {
    Rig rig;
    rig.reading.temperatures[Probe::t2].reset();
    EXPECT_FALSE(rig.feed().complete);
    ASSERT_TRUE(rig.happened(EventCode::probe_missing));
    EXPECT_EQ(rig.happenings[0], (Event{EventCode::probe_missing, 0, static_cast<std::int32_t>(Probe::t2)}));
    Rig mosfet;
    mosfet.reading.temperatures[Probe::mosfet].reset();
    mosfet.feed();
    EXPECT_EQ(mosfet.happenings[0].value, static_cast<std::int32_t>(Probe::mosfet));
    EXPECT_EQ(mosfet.state.packs[0].rejected_samples, 1U);
}

TEST(Validate, AnEmptyPackWithLowCellsIsNoStartFrame) {
    Rig rig;
    PackReading empty = reading_between(mv(2800), mv(2699));
    empty.soc = percent(0);
    empty.cycles = 0;
    EXPECT_TRUE(rig.feed(empty).complete);
    Rig started;
    empty.cells[6] = mv(2700);
    sum_up(empty);
    EXPECT_FALSE(started.feed(empty).complete);
}

TEST(Validate, OneSampleTightensAndLooseningNeedsTwoOfThree) {
    Rig rig;
    const auto limit = [&](int high) {
        rig.now += seconds(1);
        rig.feed(reading_at(mv(high)));
        return find(rig.last.charge_limiters, Rule::cell_high_curve)->value();
    };
    limit(3300);
    limit(3300);
    EXPECT_EQ(limit(3450), amps(9));   // one tightens
    EXPECT_EQ(limit(3300), amps(60));  // two of the last three are loose
    EXPECT_EQ(limit(3450), amps(9));
    EXPECT_EQ(limit(3450), amps(9));
    EXPECT_EQ(limit(3300), amps(9));  // one of three is not enough
    EXPECT_EQ(limit(3300), amps(60));
    limit(3450);
    limit(3440);
    EXPECT_EQ(limit(3420), evaluate(rig.config.curves.charge_by_highest, 3440, amps(60)));
}

TEST(Validate, ALatchNeedsTwoConsecutiveSamples) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    for (int i = 0; i < 5; ++i) {
        rig.now += seconds(1);
        rig.feed(reading_between(mv(i % 2 == 0 ? 3660 : 3300), mv(3300)));
    }
    EXPECT_FALSE(rig.state.packs[0].latches.hard_stop);
    EXPECT_FALSE(rig.state.packs[0].latches.fault());
    rig.now += seconds(1);
    rig.feed(reading_between(mv(3660), mv(3300)));
    EXPECT_TRUE(rig.state.packs[0].latches.hard_stop);
    EXPECT_EQ(rig.state.packs[0].latches.high, HighFault::blocked);
}

TEST(Validate, ARejectedSampleBetweenTwoDoesNotBreakTheirSequence) {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    const PackReading high = reading_between(mv(3610), mv(3300));
    rig.now += seconds(1);
    rig.feed(high);
    PackReading garbled = high;
    garbled.cells[0] = mv(19'000);
    rig.now += seconds(1);
    rig.feed(garbled);
    EXPECT_FALSE(rig.state.packs[0].latches.hard_stop);
    rig.now += seconds(1);
    rig.feed(high);
    EXPECT_TRUE(rig.state.packs[0].latches.hard_stop);
}

TEST(Validate, AHigherProtectionSettingIsBelievedWhenToldTwice) {
    Rig rig;
    const auto told = [&](std::optional<Millivolts> ovp) {
        rig.now += seconds(1);
        rig.reading.settings.cell_over_voltage = ovp;
        rig.feed();
        return rig.state.packs[0].sample->reading.settings.cell_over_voltage;
    };
    EXPECT_EQ(told(mv(3450)), mv(3450));
    EXPECT_EQ(told(mv(3650)), mv(3450));
    EXPECT_EQ(told(mv(3450)), mv(3450));
    EXPECT_EQ(told(mv(3650)), mv(3450));
    EXPECT_EQ(told(mv(3650)), mv(3650));
    EXPECT_EQ(told(mv(3500)), mv(3500));  // lower: at once
    EXPECT_EQ(told(std::nullopt), mv(3500));
    EXPECT_EQ(told(mv(0)), mv(3500));  // no cell has this
    EXPECT_EQ(told(mv(65'535)), mv(3500));
}

TEST(Validate, AnOverVoltageSettingThatACellCanReachIsBelieved) {
    const auto known = [](int ovp) {
        Rig rig;
        rig.reading.settings.cell_over_voltage = mv(ovp);
        rig.feed();
        return rig.state.packs[0].sample->reading.settings.cell_over_voltage;
    };
    EXPECT_EQ(known(499), std::nullopt);
    EXPECT_EQ(known(500), mv(500));
    EXPECT_EQ(known(5000), mv(5000));
    EXPECT_EQ(known(5001), std::nullopt);
}

TEST(Validate, AFirstReadingWithoutCellsIsNoReading) {
    const Config config = config_of_one();
    Validator memory;
    PackReading reading = reading_at(mv(3300));
    reading.cells.clear();
    reading.voltage = mv(0);
    const auto sample = validate(config, config.packs[0], memory, {reading, at(seconds(1))});
    ASSERT_FALSE(sample);
    EXPECT_EQ(sample.error(), Rejection::cell_voltage);
}

TEST(Validate, ARowOfStartFramesIsToldOnce) {
    Rig rig;
    rig.reading.soc = percent(0);
    rig.reading.cycles = 0;
    rig.feed_for(seconds(30));
    EXPECT_EQ(std::count_if(rig.events.begin(), rig.events.end(),
                            [](const Event& e) { return e.code == EventCode::start_frame_held; }),
              1);
}

}  // namespace
}  // namespace jkp::control::test
