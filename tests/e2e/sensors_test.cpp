// SPDX-License-Identifier: MIT
// What the BMS measures and complains of, through the whole chain to the bus.
#include <gtest/gtest.h>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using pylontech::Alarms;
using pylontech::Limits;
using pylontech::Measurements;
using pylontech::Requests;

bool both_limits_zero(const Site& site) {
    const auto limits = site.last<Limits>();
    return limits && charge_a(*limits) == 0 && discharge_a(*limits) == 0;
}

void set_temperatures(Site& site, int celsius) {
    for (const Probe probe : {Probe::t1, Probe::t2, Probe::mosfet})
        site.scene().pack.force_temperature(probe, Decicelsius(celsius * 10));
}

bool temperature_is(const Site& site, int celsius) {
    const auto m = site.last<Measurements>();
    return m && m->temperature == Decicelsius(celsius * 10);
}

// The register of a 4E57 board ends at 99; higher ones are in tests/app.
TEST(Sensors, D3AHotBatteryStopsBothDirectionsWithAnAlarmAndItsTrueTemperature) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    for (const int celsius : {75, 76, 99}) {
        SCOPED_TRACE(celsius);
        set_temperatures(site, celsius);
        ASSERT_TRUE(site.until([&] { return temperature_is(site, celsius); })) << site.log();
        ASSERT_TRUE(site.until_burst());
        EXPECT_TRUE(both_limits_zero(site));
        EXPECT_TRUE(site.last<Alarms>()->alarms.has(BatteryFlag::over_temperature));
        EXPECT_FALSE(site.last<Requests>()->charge_enable || site.last<Requests>()->discharge_enable);
    }
    EXPECT_FALSE(site.child->ended());
    EXPECT_EQ(site.log_count("started"), 1U) << "no crash loop";
}

TEST(Sensors, D5FrostBlocksChargingOnly) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    set_temperatures(site, -10);
    ASSERT_TRUE(site.until([&] { return temperature_is(site, -10); })) << site.log();
    ASSERT_TRUE(site.until_burst());
    EXPECT_EQ(charge_a(*site.last<Limits>()), 0);
    EXPECT_EQ(discharge_a(*site.last<Limits>()), 60 * 0.25) << "a quarter at -10 C by the curve";
    EXPECT_TRUE(site.last<Alarms>()->alarms.has(BatteryFlag::under_temperature));
    EXPECT_FALSE(site.last<Requests>()->charge_enable);
    EXPECT_TRUE(site.last<Requests>()->discharge_enable);
}

TEST(Sensors, D5OneHotProbeOfSeveralCounts) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.scene().pack.force_temperature(Probe::t2, Decicelsius(600));
    ASSERT_TRUE(site.until([&] { return both_limits_zero(site); })) << site.log();
    EXPECT_TRUE(site.last<Alarms>()->alarms.has(BatteryFlag::over_temperature));
    site.scene().pack.force_temperature(Probe::t2, Decicelsius(950));
    ASSERT_TRUE(site.until_burst());
    EXPECT_TRUE(both_limits_zero(site));
    EXPECT_FALSE(site.last<Requests>()->charge_enable || site.last<Requests>()->discharge_enable);
}

TEST(Sensors, D5EveryAlarmOfTheBmsAndItsOpenSwitchesAreOnTheBus) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    PackAlarms all;
    for (std::size_t i = 0; i < pack_alarm_count; ++i) all.set(static_cast<PackAlarm>(i));
    site.scene().pack.force_alarms(all);
    ASSERT_TRUE(site.until([&] { return both_limits_zero(site); })) << site.log();
    ASSERT_TRUE(site.until_burst());
    const auto flags = *site.last<Alarms>();
    for (const BatteryFlag flag :
         {BatteryFlag::over_voltage, BatteryFlag::under_voltage, BatteryFlag::over_temperature,
          BatteryFlag::under_temperature, BatteryFlag::charge_over_current,
          BatteryFlag::discharge_over_current, BatteryFlag::system_error}) {
        EXPECT_TRUE(flags.protections.has(flag)) << name(flag);
    }
    EXPECT_FALSE(site.last<Requests>()->charge_enable || site.last<Requests>()->discharge_enable);
}

// The model of the BMS opens its charge switch by itself at its over-voltage setting.
TEST(Sensors, D5AnOpenChargeSwitchIsZeroChargeAndNoPermission) {
    World world;
    sim::PackSpec pack;
    pack.cell_over_voltage = Millivolts(3650);
    app::SimHostSettings sim;
    sim.pack = pack;
    Site site(world, {}, sim);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.scene().pack.force_cell(0, Millivolts(3640));
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) == 0; })) << site.log();
    site.scene().pack.force_cell(0, Millivolts(3700));
    ASSERT_TRUE(site.until([&] {
        const auto status = site.status();
        return status.is_object() && status["packs"][0]["reading"]["charge_mos"] == false;
    })) << site.log();
    ASSERT_TRUE(site.until_burst());
    EXPECT_FALSE(site.last<Requests>()->charge_enable);
    EXPECT_TRUE(site.last<Alarms>()->protections.has(BatteryFlag::over_voltage));
}

TEST(Sensors, D10EveryDischargeCurrentArrivesExactly) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_burst()) << site.log();
    struct Case {
        int measured_ma;
        int sent_ma;  // 0x356 has steps of 100 mA; half away from zero
    };
    for (const auto& [measured, sent] :
         {Case{-12'200, -12'200}, Case{-2'550, -2'600}, Case{-100, -100}, Case{2'550, 2'600}, Case{-40, 0},
          Case{-59'900, -59'900}, Case{30'100, 30'100}, Case{0, 0}}) {
        SCOPED_TRACE(measured);
        site.scene().pack.force_current(Milliamps(measured));
        EXPECT_TRUE(site.until([&, wanted = sent] {
            const auto m = site.last<Measurements>();
            return m && m->current == Milliamps(wanted);
        })) << site.log();
        ASSERT_TRUE(site.until_burst());
        EXPECT_EQ(site.last<Measurements>()->current, Milliamps(sent));
        EXPECT_DOUBLE_EQ(site.status()["battery"]["current_a"].get<double>(), measured / 1000.0);
    }
}

}  // namespace
}  // namespace jkp::e2e
