// SPDX-License-Identifier: MIT
// Rule S6 on the bus: what an inverter is told while the BMS says nothing usable.
#include <gtest/gtest.h>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

double seconds_of(Duration d) {
    return std::chrono::duration<double>(d).count();
}

// How late a burst may be against the rule: the program computes, then the bus and this loop carry.
constexpr double late_s = 0.25 * slowness;
// Bursts without a new reading follow each other by the period and the grace of the timer.
constexpr double between_s = 1.1;

struct Last {
    TimePoint at;  // of the last burst that a reading made
    std::size_t frame = 0;
    pylontech::Measurements measurements;
    pylontech::StateOfCharge soc;
    pylontech::Limits limits;
};

Last last_of(const Site& site) {
    return {site.frames.back().at, site.frames.size(), *site.last<pylontech::Measurements>(),
            *site.last<pylontech::StateOfCharge>(), *site.last<pylontech::Limits>()};
}

// Every limit sent since, against the rule as a function of the age.
void expect_ladder(const Site& site, const Last& last, double zero_s, double reduce_s) {
    double before = 0;
    for (const auto& [limits, at] : site.all<pylontech::Limits>(last.frame)) {
        const double age = seconds_of(at - last.at);
        SCOPED_TRACE("age " + std::to_string(age) + " s");
        EXPECT_LT(age - before, between_s + late_s) << "the bus is never silent for longer";
        before = age;
        for (const auto& [sent, full] : {std::pair(charge_a(limits), charge_a(last.limits)),
                                         std::pair(discharge_a(limits), discharge_a(last.limits))}) {
            const double slope = full / (zero_s - reduce_s);
            EXPECT_LE(sent, full);
            if (age < reduce_s) {
                EXPECT_EQ(sent, full) << "nothing to fall for";
            } else {
                EXPECT_LE(sent, std::max(0.0, slope * (zero_s - age + late_s)) + 0.1);
                EXPECT_GE(sent, slope * (zero_s - age) - slope * late_s - 0.1);
            }
            if (age > zero_s + late_s) {
                EXPECT_EQ(sent, 0);
            }
        }
        EXPECT_EQ(limits.charge_voltage, last.limits.charge_voltage);
        EXPECT_EQ(limits.discharge_voltage, last.limits.discharge_voltage);
    }
    EXPECT_GT(before, zero_s) << "observed to the end of the ladder";
}

// From the age of zero limits on: errors, no permission, no current; the rest keeps its last values.
void expect_errors(const Site& site, const Last& last, double zero_s) {
    for (const auto& [alarms, at] : site.all<pylontech::Alarms>(last.frame)) {
        const double age = seconds_of(at - last.at);
        if (age < zero_s - late_s) {
            EXPECT_FALSE(alarms.protections.has(BatteryFlag::system_error)) << age;
        } else if (age > zero_s + late_s) {
            EXPECT_TRUE(alarms.protections.has(BatteryFlag::system_error)) << age;
            EXPECT_TRUE(alarms.alarms.has(BatteryFlag::internal_communication)) << age;
        }
    }
    for (std::size_t i = last.frame; i < site.frames.size(); ++i) {
        const auto& [frame, at] = site.frames[i];
        if (seconds_of(at - last.at) <= zero_s + late_s) continue;
        if (frame.id == pylontech::id_alarms) {
            EXPECT_EQ(frame.data[1] & 0x08, 0x08) << "byte 1 bit 3";
            EXPECT_EQ(frame.data[3] & 0x08, 0x08) << "byte 3 bit 3";
        }
        if (frame.id == pylontech::id_requests) {
            EXPECT_EQ(frame.data[0], 0) << "0x35C is 00";
        }
    }
    for (const auto& [m, at] : site.all<pylontech::Measurements>(last.frame)) {
        const bool over = seconds_of(at - last.at) > zero_s + late_s;
        if (over) {
            EXPECT_EQ(m.current, Milliamps(0));
        }
        EXPECT_EQ(m.voltage, last.measurements.voltage);
        EXPECT_EQ(m.temperature, last.measurements.temperature);
    }
    for (const auto& [soc, at] : site.all<pylontech::StateOfCharge>(last.frame)) {
        EXPECT_EQ(soc.soc, last.soc.soc);
    }
}

bool has_error(const Site& site) {
    const auto alarms = site.last<pylontech::Alarms>();
    return alarms && alarms->protections.has(BatteryFlag::system_error);
}

// The BMS is unplugged just after a burst, so that the age is known here; everything at its defaults.
TEST(Silence, TheLadderOfRuleS6IsOnTheBusExactly) {
    World world;
    Site site(world, {.poll_s = 1});
    site.scene().pack.force_current(Milliamps(-12'200));
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_burst());
    site.host->unplug_bms();
    const Last last = last_of(site);
    ASSERT_TRUE(site.until([&] { return has_error(site); })) << site.log();
    ASSERT_TRUE(site.until_burst());
    expect_ladder(site, last, 15, 5);
    expect_errors(site, last, 15);
    EXPECT_EQ(last.measurements.current, Milliamps(-12'200));
    EXPECT_GE(site.log_count("went away"), 1U) << site.log();

    // The plug goes in again, without a restart: first a hold, then the limits rise.
    const TimePoint plugged = io::now();
    site.host->plug_bms();
    ASSERT_TRUE(site.until([&] { return !has_error(site); })) << site.log();
    EXPECT_LT(io::now() - plugged, slowness * seconds(2));
    EXPECT_EQ(charge_a(*site.last<pylontech::Limits>()), 0) << "held";
    EXPECT_EQ(site.last<pylontech::Measurements>()->current, Milliamps(-12'200));
}

struct Fault {
    const char* name;
    void (*begin)(sim::Misbehaviour& misbehaviour);
    const char* told;  // the log says this of it
};

constexpr std::array faults{
    Fault{"silent", [](sim::Misbehaviour& m) { m.silent = true; }, "the BMS sent nothing"},
    Fault{"truncated", [](sim::Misbehaviour& m) { m.truncate_to = 120; }, "broke off in the middle"},
    Fault{"checksum", [](sim::Misbehaviour& m) { m.wrong_checksum = true; }, "wrong checksum"},
    Fault{"garbage",
          [](sim::Misbehaviour& m) {
              m.prefix.assign(200, 0xA5);
              m.truncate_to = 0;
          },
          "no frame begins in them"},
};

// Four sites at the same time, one for each way to say nothing; a cell is really at 3.60 V meanwhile.
TEST(Silence, D2NothingUsableFromTheBmsLeadsToZeroWhateverItSends) {
    World world;
    std::vector<std::unique_ptr<Site>> sites;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        sites.push_back(std::make_unique<Site>(
            world, SiteConfig{.more = "[control.age]\nreduce_from_s = 3\nzero_s = 7\n"}));
        sites.back()->start();
    }
    std::vector<Last> last;
    for (std::size_t i = 0; i < faults.size(); ++i) {
        ASSERT_TRUE(sites[i]->until_limits(60, 60)) << faults[i].name << sites[i]->log();
    }
    for (std::size_t i = 0; i < faults.size(); ++i) {
        ASSERT_TRUE(sites[i]->until_burst());
        faults[i].begin(sites[i]->scene().device.misbehaviour);
        sites[i]->scene().pack.force_cell(3, Millivolts(3600));
        last.push_back(last_of(*sites[i]));
    }
    for (std::size_t i = 0; i < faults.size(); ++i) {
        SCOPED_TRACE(faults[i].name);
        ASSERT_TRUE(sites[i]->until([&] { return has_error(*sites[i]); })) << sites[i]->log();
        ASSERT_TRUE(sites[i]->until_burst());
        expect_ladder(*sites[i], last[i], 7, 3);
        expect_errors(*sites[i], last[i], 7);
        EXPECT_GE(sites[i]->log_count(faults[i].told), 1U) << sites[i]->log();
        // It speaks again and tells of 3.60 V: no charging, whatever was before.
        sites[i]->scene().device.misbehaviour = {};
        ASSERT_TRUE(sites[i]->until([&] { return !has_error(*sites[i]); })) << sites[i]->log();
        EXPECT_TRUE(sites[i]->until(
            [&] { return sites[i]->last<pylontech::Alarms>()->protections.has(BatteryFlag::over_voltage); }));
        EXPECT_EQ(charge_a(*sites[i]->last<pylontech::Limits>()), 0);
    }
}

}  // namespace
}  // namespace jkp::e2e
