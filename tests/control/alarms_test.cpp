// SPDX-License-Identifier: MIT
// What 0x359 and the enable bits of 0x35C say, and why.
#include <gtest/gtest.h>

#include <set>

#include "builders.hpp"
#include "control/alarms.hpp"
#include "control/intake.hpp"

namespace jkp::control::test {
namespace {

struct Row {
    PackAlarm alarm;
    bool charge_blocked;
    bool discharge_blocked;
    BatteryFlags protections;
    BatteryFlags alarms;
};

using F = BatteryFlag;

// Each alarm of the BMS by itself, at a calm 3.30 V.
const std::array<Row, pack_alarm_count> rows{{
    {PackAlarm::low_soc, false, false, {}, {}},
    {PackAlarm::mosfet_over_temperature, true, true, {F::over_temperature}, {F::over_temperature}},
    {PackAlarm::charge_over_voltage, true, false, {F::over_voltage}, {F::over_voltage}},
    {PackAlarm::discharge_under_voltage, false, true, {F::under_voltage}, {F::under_voltage}},
    {PackAlarm::battery_over_temperature, true, true, {F::over_temperature}, {F::over_temperature}},
    {PackAlarm::charge_over_current, true, false, {F::charge_over_current}, {F::charge_over_current}},
    {PackAlarm::discharge_over_current,
     false,
     true,
     {F::discharge_over_current},
     {F::discharge_over_current}},
    {PackAlarm::cell_imbalance, false, false, {}, {}},
    {PackAlarm::box_over_temperature, true, true, {F::over_temperature}, {F::over_temperature}},
    {PackAlarm::battery_under_temperature, true, false, {F::under_temperature}, {F::under_temperature}},
    {PackAlarm::cell_over_voltage, true, false, {F::over_voltage}, {F::over_voltage}},
    {PackAlarm::cell_under_voltage, false, true, {F::under_voltage}, {F::under_voltage}},
    {PackAlarm::afe_fault_a, true, true, {F::system_error}, {F::internal_communication}},
    {PackAlarm::afe_fault_b, true, true, {F::system_error}, {F::internal_communication}},
}};

TEST(Alarms, EachBmsAlarmBlocksItsDirectionAndSetsItsBits) {
    for (const Row& row : rows) {
        Rig rig;
        PackReading reading = reading_at(mv(3300));
        reading.alarms.set(row.alarm);
        const Decision& d = rig.settle(reading);
        EXPECT_EQ(d.charge.value(), row.charge_blocked ? Milliamps(0) : amps(60)) << name(row.alarm);
        EXPECT_EQ(d.discharge.value(), row.discharge_blocked ? Milliamps(0) : amps(60)) << name(row.alarm);
        EXPECT_EQ(d.charge_enable, !row.charge_blocked) << name(row.alarm);
        EXPECT_EQ(d.discharge_enable, !row.discharge_blocked) << name(row.alarm);
        EXPECT_EQ(d.protections, row.protections) << name(row.alarm);
        EXPECT_EQ(d.alarms, row.alarms) << name(row.alarm);
        if (!row.charge_blocked) continue;
        EXPECT_EQ(d.charge.reason().rule, Rule::bms_alarm);
        EXPECT_EQ(d.charge.reason().index, static_cast<std::uint8_t>(row.alarm));
    }
}

TEST(Alarms, ABmsOverVoltageAtTheTopIsRoutine) {
    for (const PackAlarm alarm : {PackAlarm::charge_over_voltage, PackAlarm::cell_over_voltage}) {
        const auto protects = [&](int high) {
            Rig rig;
            PackReading reading = reading_between(mv(high), mv(3380));
            reading.alarms.set(alarm);
            rig.feed(reading);
            EXPECT_TRUE(rig.last.alarms.has(F::over_voltage)) << high;
            EXPECT_FALSE(rig.last.charge_enable);
            return rig.last.protections.has(F::over_voltage);
        };
        EXPECT_TRUE(protects(3399));
        EXPECT_FALSE(protects(3400));
        EXPECT_FALSE(protects(3549));
        EXPECT_TRUE(protects(3550));
    }
}

struct Warning {
    const char* words;
    PackReading reading;
    BatteryFlags alarms;
};

PackReading at_temperature(double battery, double mosfet = 20) {
    PackReading reading = reading_at(mv(3300));
    reading.temperatures[Probe::t1] = reading.temperatures[Probe::t2] = celsius(battery);
    reading.temperatures[Probe::mosfet] = celsius(mosfet);
    return reading;
}

PackReading at_current(double a) {
    PackReading reading = reading_at(mv(3300));
    reading.settings.charge_over_current = amps(50);
    reading.settings.discharge_over_current = amps(60);
    reading.current = amps(a);
    return reading;
}

TEST(Alarms, AWarningBeginsWhereALimiterIsNearZero) {
    const std::vector<Warning> cases{
        {"calm", reading_at(mv(3300)), {}},
        {"high 3461 is 10.2 %", reading_between(mv(3461), mv(3300)), {}},
        {"high 3462", reading_between(mv(3462), mv(3300)), {F::over_voltage}},
        {"low 3062 is 10.3 %", reading_between(mv(3300), mv(3062)), {}},
        {"low 3061", reading_between(mv(3300), mv(3061)), {F::under_voltage}},
        {"48 C", at_temperature(48), {}},
        {"49.5 C", at_temperature(49.5), {F::over_temperature}},
        {"4 C", at_temperature(4), {}},
        {"3 C", at_temperature(3), {F::under_temperature}},
        {"MOSFET 87 C", at_temperature(20, 87), {}},
        {"MOSFET 88 C", at_temperature(20, 88), {F::over_temperature}},
        {"charging with 45 A", at_current(45), {}},
        {"charging with 45.1 A", at_current(45.1), {F::charge_over_current}},
        {"discharging with 54 A", at_current(-54), {}},
        {"discharging with 54.1 A", at_current(-54.1), {F::discharge_over_current}},
    };
    for (const Warning& c : cases) {
        Rig rig;
        rig.feed(c.reading);
        EXPECT_EQ(rig.last.alarms, c.alarms) << c.words;
        EXPECT_FALSE(rig.last.protections.any()) << c.words;
    }
}

TEST(Alarms, AMaximumOfZeroWarnsOfNothing) {
    Rig rig;
    rig.config.packs[0].max_charge = Milliamps(0);
    rig.settle(reading_at(mv(3300)));
    EXPECT_FALSE(rig.last.alarms.any());
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
}

TEST(Alarms, HoldRampAndTheUsersMaximumDoNotClearTheEnableBits) {
    Rig rig;
    rig.feed();
    EXPECT_TRUE(rig.last.charge_enable);  // start: 0 A, yet willing
    EXPECT_TRUE(rig.last.discharge_enable);
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    rig.settle(reading_at(mv(3300)));
    rig.reading = reading_at(mv(3510));
    rig.feed_for(seconds(3));
    EXPECT_FALSE(rig.last.charge_enable);  // a cell refuses
    rig.reading = reading_at(mv(3300));
    rig.feed_for(seconds(5));
    EXPECT_EQ(rig.last.charge.value(), Milliamps(0));
    EXPECT_TRUE(rig.last.charge_enable);  // hold
}

TEST(Alarms, TheEnableBitsFollowEachRefusingCause) {
    const auto enabled = [](const PackReading& reading) {
        Rig rig;
        rig.settle(reading);
        return std::pair(rig.last.charge_enable, rig.last.discharge_enable);
    };
    using P = std::pair<bool, bool>;
    EXPECT_EQ(enabled(reading_at(mv(3500))), P(false, true));
    EXPECT_EQ(enabled(reading_at(mv(2990))), P(true, false));
    EXPECT_EQ(enabled(at_temperature(-1)), P(false, true));
    EXPECT_EQ(enabled(at_temperature(-16)), P(false, false));
    EXPECT_EQ(enabled(at_temperature(51)), P(false, true));
    EXPECT_EQ(enabled(at_temperature(56)), P(false, false));
    EXPECT_EQ(enabled(at_temperature(20, 90)), P(false, false));
    PackReading no_current = reading_at(mv(3300));
    no_current.settings.discharge_over_current = Milliamps(0);
    EXPECT_EQ(enabled(no_current), P(true, false));
}

TEST(Alarms, ALostInverterIsAnsweredAsConfigured) {
    const auto after_loss = [](InverterLost policy, Duration silence) {
        Rig rig;
        rig.config.inverter_lost = policy;
        rig.settle(rig.reading);
        const TimePoint seen = rig.now;
        rig.now += silence;
        const Arrival arrival{0, {rig.reading, rig.now}};
        return step(rig.config, rig.state, {rig.now, {&arrival, 1}, seen});
    };
    const Decision report = after_loss(InverterLost::report, seconds(11));
    EXPECT_TRUE(report.transmit);
    EXPECT_EQ(report.charge.value(), amps(60));
    EXPECT_TRUE(has(report.events, EventCode::inverter_lost));
    const Decision zero = after_loss(InverterLost::zero, seconds(11));
    EXPECT_TRUE(zero.transmit);
    EXPECT_EQ(zero.charge.value(), Milliamps(0));
    EXPECT_EQ(zero.discharge.reason().rule, Rule::inverter_lost);
    EXPECT_TRUE(zero.charge_enable);
    EXPECT_FALSE(after_loss(InverterLost::stop, seconds(11)).transmit);
    EXPECT_TRUE(after_loss(InverterLost::stop, seconds(10)).transmit);
}

TEST(Alarms, NoChargeIsEverRequestedUnlessConfigured) {
    Rig rig;
    rig.settle(reading_at(mv(2600)));
    EXPECT_FALSE(rig.last.force_charge_1 || rig.last.force_charge_2 || rig.last.full_charge);
}

TEST(Alarms, AHotMosfetWarnsAlsoWhereTheOwnerAllowsNoCharge) {
    Rig rig;
    rig.config.packs[0].max_charge = Milliamps(0);
    rig.feed(at_temperature(20, 88));
    EXPECT_EQ(rig.last.alarms, BatteryFlags{F::over_temperature});
}

TEST(Alarms, OnlyWhatTheBatteryItselfRefusesClearsAnEnableBit) {
    const std::set<Rule> wishes_and_waits{Rule::user_maximum,    Rule::soc_window,     Rule::bank_maximum,
                                          Rule::bank_sum,        Rule::rise_rule,      Rule::inverter_lost,
                                          Rule::start,           Rule::hold,           Rule::ramp,
                                          Rule::smallest_useful, Rule::peer_charging,  Rule::peer_discharging,
                                          Rule::peer_unknown,    Rule::oscillation,    Rule::site_release,
                                          Rule::user_current,    Rule::command_release};
    for (std::size_t i = 0; i < rule_count; ++i) {
        const auto rule = static_cast<Rule>(i);
        EXPECT_EQ(blocks(rule), !wishes_and_waits.contains(rule)) << name(rule);
    }
}

TEST(Alarms, ALimitingTemperatureAbove25DegreesIsTooHotAndElseTooCold) {
    const auto warning_at = [](double celsius_) {
        Rig rig;
        rig.config.temperature.charge = LinearCurve{{{240, Permille(0)}, {260, Permille(0)}}};
        rig.feed(at_temperature(celsius_));
        return rig.last.alarms;
    };
    EXPECT_EQ(warning_at(25), BatteryFlags{F::under_temperature});
    EXPECT_EQ(warning_at(25.1), BatteryFlags{F::over_temperature});
}

TEST(Alarms, ATemperatureThatEndsDischargingWarnsAlsoWhereTheOwnerAllowsNoCharge) {
    const auto warning_at = [](double celsius_) {
        Rig rig;
        rig.config.packs[0].max_charge = Milliamps(0);
        rig.feed(at_temperature(celsius_));
        return rig.last.alarms;
    };
    EXPECT_EQ(warning_at(-14.5), BatteryFlags{F::under_temperature});
    EXPECT_EQ(warning_at(54.5), BatteryFlags{F::over_temperature});
}

TEST(Alarms, NearZeroIsMeasuredByTheMaximumOfItsDirection) {
    Rig rig;
    rig.config.packs[0].max_discharge = amps(20);
    rig.feed(reading_between(mv(3300), mv(3100)));  // 5 A of 20 A
    EXPECT_FALSE(rig.last.alarms.any());
    Rig other;
    other.config.packs[0].max_charge = amps(20);
    other.feed(reading_between(mv(3450), mv(3300)));  // 3 A of 20 A
    EXPECT_FALSE(other.last.alarms.any());
    Rig tiny;
    tiny.config.packs[0].max_charge = Milliamps(1);
    tiny.feed(reading_between(mv(3500), mv(3300)));
    EXPECT_TRUE(tiny.last.alarms.has(F::over_voltage));
}

TEST(Alarms, TheTopIsRoutineFromLowerDownWhenTheBmsProtectsEarlier) {
    const auto protects = [](int high) {
        Rig rig;
        PackReading reading = reading_between(mv(high), mv(3280));
        reading.settings.cell_over_voltage = mv(3450);  // everything is 110 mV lower
        reading.alarms.set(PackAlarm::cell_over_voltage);
        rig.feed(reading);
        return rig.last.protections.has(F::over_voltage);
    };
    EXPECT_TRUE(protects(3289));
    EXPECT_FALSE(protects(3290));
    EXPECT_FALSE(protects(3409));
    EXPECT_TRUE(protects(3410));
}

TEST(Alarms, ALatchedHardStopWarnsAndProtectsUntilItIsReleased) {
    Rig rig;
    rig.reading = reading_between(mv(3610), mv(3300));
    rig.feed_for(seconds(2));
    rig.reading = reading_at(mv(3300));
    rig.feed_for(seconds(30));
    EXPECT_EQ(rig.last.alarms, BatteryFlags{F::over_voltage});
    EXPECT_EQ(rig.last.protections, BatteryFlags{F::over_voltage});
}

TEST(Alarms, WhatOnePackOfTwoProtectsIsAWarningOfTheBank) {
    for (std::size_t i = 0; i < battery_flag_count; ++i) {
        const auto flag = static_cast<F>(i);
        const FlagPair pack{{flag}, {}};
        const BatteryFlags warning{flag == F::system_error ? F::internal_communication : flag};
        EXPECT_EQ(combine(pack, {}), (FlagPair{{}, warning})) << name(flag);
        EXPECT_EQ(combine({}, pack), (FlagPair{{}, warning})) << name(flag);
        EXPECT_EQ(combine(pack, pack), (FlagPair{{flag}, warning})) << name(flag);
    }
    EXPECT_EQ(combine({}, {{}, {F::under_voltage}}), (FlagPair{{}, {F::under_voltage}}));
    EXPECT_EQ(combine({{}, {F::under_voltage}}, {}), (FlagPair{{}, {F::under_voltage}}));
}

}  // namespace
}  // namespace jkp::control::test
