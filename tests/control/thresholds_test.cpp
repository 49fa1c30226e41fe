// SPDX-License-Identifier: MIT
// How the levers follow the over-voltage setting of the BMS.
#include "control/thresholds.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

TEST(Thresholds, TheCommonSettingOf3650LowersNothing) {
    const Thresholds t = thresholds(config_of_one(), mv(3650));
    EXPECT_EQ(t.latch, mv(3600));
    EXPECT_EQ(t.hard_stop, mv(3550));
    EXPECT_EQ(t.lowered_by, mv(0));
    EXPECT_EQ(t.charge_per_cell, mv(3450));
    EXPECT_EQ(t.latch_release, mv(3450));
}

TEST(Thresholds, At3570LatchAndHardStopMoveButTheCurveStays) {
    const Thresholds t = thresholds(config_of_one(), mv(3570));
    EXPECT_EQ(t.latch, mv(3550));
    EXPECT_EQ(t.hard_stop, mv(3530));
    EXPECT_EQ(t.lowered_by, mv(0));
    EXPECT_EQ(t.charge_per_cell, mv(3450));
}

TEST(Thresholds, At3450EverythingIs110Lower) {
    const Thresholds t = thresholds(config_of_one(), mv(3450));
    EXPECT_EQ(t.latch, mv(3430));
    EXPECT_EQ(t.hard_stop, mv(3410));
    EXPECT_EQ(t.lowered_by, mv(110));
    EXPECT_EQ(t.charge_per_cell, mv(3340));
    EXPECT_EQ(t.latch_release, mv(3340));
}

TEST(Thresholds, AnUnknownSettingLoosensNothingAndLowersCvl) {
    const Thresholds t = thresholds(config_of_one(), std::nullopt);
    EXPECT_EQ(t.latch, mv(3600));
    EXPECT_EQ(t.hard_stop, mv(3550));
    EXPECT_EQ(t.charge_per_cell, mv(3400));
    EXPECT_FALSE(t.over_voltage_known);
    Rig rig;
    rig.reading.settings.cell_over_voltage.reset();
    EXPECT_EQ(rig.feed().charge_voltage, mv(16 * 3400));
    EXPECT_TRUE(rig.happened(EventCode::over_voltage_unknown));
}

TEST(Thresholds, TheLoweredCurveActsAndAnEventSaysSo) {
    Rig rig;
    PackReading reading = reading_at(mv(3340));
    reading.settings.cell_over_voltage = mv(3450);
    rig.settle(reading);
    EXPECT_TRUE(rig.happened(EventCode::thresholds_lowered));
    EXPECT_EQ(rig.last.charge.value(), amps(9));  // 3.34 + 0.11 = 3.45 V
    EXPECT_EQ(rig.last.charge.reason().value, 3340);
    EXPECT_EQ(rig.last.charge_voltage, mv(16 * 3340));
    rig.reading = reading_between(mv(3410), mv(3330));
    rig.reading.settings.cell_over_voltage = mv(3450);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_EQ(find(rig.last.charge_limiters, Rule::hard_stop)->value(), Milliamps(0));
    EXPECT_TRUE(rig.last.protections.has(BatteryFlag::over_voltage));
}

TEST(Thresholds, AnUnderVoltageSettingOf2600RaisesNothing) {
    const Thresholds t = thresholds(config_of_one(), mv(3650), mv(2600));
    EXPECT_EQ(t.raised_by, mv(0));
    EXPECT_EQ(t.discharge_per_cell, mv(2800));
    EXPECT_EQ(thresholds(config_of_one(), mv(3650), mv(2780)).discharge_per_cell, mv(2800));
    EXPECT_EQ(thresholds(config_of_one(), mv(3650), mv(2980)).raised_by, mv(0));
}

TEST(Thresholds, DischargingEndsTwentyMillivoltsBeforeTheBmsAtEachOfItsSettings) {
    const Config config = config_of_one();
    for (int uvp = 2000; uvp <= 3200; uvp += 5) {
        const Thresholds t = thresholds(config, mv(3650), mv(uvp));
        EXPECT_GE(t.discharge_per_cell, mv(uvp + 20));
        EXPECT_GE(t.discharge_per_cell, mv(2800));
        const int x = uvp + 20 - t.raised_by.count();
        EXPECT_EQ(evaluate(config.curves.discharge_by_lowest, x, amps(60)), Milliamps(0)) << uvp;
    }
    EXPECT_EQ(thresholds(config, mv(3650), mv(3050)).raised_by, mv(70));
}

TEST(Thresholds, AHighUnderVoltageSettingRaisesDvlAndTheCurveAndAnEventSaysSo) {
    Rig rig;
    PackReading reading = reading_at(mv(3220));
    reading.settings.cell_under_voltage = mv(3050);
    rig.settle(reading);
    EXPECT_TRUE(rig.happened(EventCode::discharge_voltage_raised));
    EXPECT_EQ(rig.last.discharge_voltage, mv(16 * 3070));
    EXPECT_EQ(rig.last.discharge.value(), amps(30));  // 3.22 - 0.07 = 3.15 V
    EXPECT_EQ(rig.last.charge.value(), amps(60));     // the bottom is no matter of charging
    rig.forget();
    rig.feed_for(seconds(5));
    EXPECT_FALSE(rig.happened(EventCode::discharge_voltage_raised));
}

TEST(Thresholds, S2_ALowerUnderVoltageSettingIsBelievedWhenToldTwiceAndAHigherAtOnce) {
    Rig rig;
    rig.feed_for(seconds(5));
    const auto told = [&](Millivolts uvp) {
        rig.reading.settings.cell_under_voltage = uvp;
        rig.now += seconds(1);
        return rig.feed().discharge_voltage;
    };
    EXPECT_EQ(told(mv(3000)), mv(16 * 3020));
    EXPECT_EQ(told(mv(2600)), mv(16 * 3020));
    EXPECT_EQ(told(mv(2600)), mv(16 * 2800));
    EXPECT_EQ(told(mv(3201)), mv(16 * 2800));  // no setting that a battery could be used with
    EXPECT_EQ(told(mv(3200)), mv(16 * 3220));
}

TEST(Thresholds, AtEveryBmsSettingChargeIsZeroTwentyMillivoltsBeforeTheHardStop) {
    const Config config = config_of_one();
    for (int ovp = 3300; ovp <= 3700; ovp += 5) {
        const Thresholds t = thresholds(config, mv(ovp));
        EXPECT_LE(t.latch, mv(ovp - 20));
        EXPECT_LE(t.hard_stop, t.latch - mv(20));
        const int x = (t.hard_stop - mv(20)).count() + t.lowered_by.count();
        EXPECT_EQ(evaluate(config.curves.charge_by_highest, x, amps(60)), Milliamps(0)) << ovp;
        EXPECT_LT(t.latch_release, t.latch) << ovp;
    }
}

// The values of the events of this code while the BMS tells these settings, each for three seconds.
template <class Setting>
std::vector<int> told(EventCode code, Setting setting, std::initializer_list<std::optional<int>> millivolts) {
    Rig rig;
    for (const auto& value : millivolts) {
        rig.reading.settings.*setting = value ? std::optional(mv(*value)) : std::nullopt;
        rig.feed_for(seconds(3));
    }
    std::vector<int> values;
    for (const Event& event : rig.events) {
        if (event.code == code) values.push_back(event.value);
    }
    return values;
}

TEST(Thresholds, AnEventSaysWhatTheBmsSettingsChangeAndAgainOnlyWhenTheyChange) {
    using Values = std::vector<int>;
    const auto ovp = &PackSettings::cell_over_voltage;
    const auto uvp = &PackSettings::cell_under_voltage;
    EXPECT_EQ(told(EventCode::over_voltage_unknown, ovp, {3650, std::nullopt}), Values{});
    EXPECT_EQ(told(EventCode::over_voltage_unknown, ovp, {std::nullopt, 3650}), Values{0});
    EXPECT_EQ(told(EventCode::thresholds_lowered, ovp, {3650, 3560}), Values{});
    EXPECT_EQ(told(EventCode::thresholds_lowered, ovp, {3559, 3500, 3559, 3650}), (Values{1, 60, 1}));
    EXPECT_EQ(told(EventCode::discharge_voltage_raised, uvp, {2600, 2780}), Values{});
    EXPECT_EQ(told(EventCode::discharge_voltage_raised, uvp, {2781, 3000, 2781, 2600}),
              (Values{2801, 3020, 2801}));
}

}  // namespace
}  // namespace jkp::control::test
