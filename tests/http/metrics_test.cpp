// SPDX-License-Identifier: MIT
// The text for Prometheus: names by its conventions, values that are those of the snapshot, nothing invented.
#include "report/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "http/fake_site.hpp"

namespace jkp::report {
namespace {

using jkp::testing::FakeSite;
using ::testing::HasSubstr;
using ::testing::Not;

std::string text_of(const FakeSite& site, const MetricsExtra& extra = {}) {
    return metrics_text(site.snapshot(), site.settings.control, extra);
}

// The value behind "name{labels} "; fails the test when there is none.
double value_of(const std::string& text, const std::string& sample) {
    const std::size_t at = ("\n" + text).find("\n" + sample + ' ');
    if (at == std::string::npos) {
        ADD_FAILURE() << "no sample " << sample;
        return -1;
    }
    return std::stod(text.substr(at + sample.size() + 1));
}

TEST(Metrics, NamesHaveThePrefixAUnitAndATotalExactlyWhenTheyCount) {
    const std::regex form("(jk_pylon|process)_[a-z0-9]+(_[a-z0-9]+)*");
    std::set<std::string> names;
    for (const MetricName& metric : metric_names()) {
        const std::string name(metric.name);
        EXPECT_TRUE(std::regex_match(name, form)) << name;
        EXPECT_TRUE(names.insert(name).second) << name;
        EXPECT_EQ(name.ends_with("_total"), metric.counter) << name;
        EXPECT_FALSE(metric.help.empty()) << name;
        for (const char* bad : {"milli", "kwh", "percent", "_pct", "_a_", "_v_", "kilo"})
            EXPECT_EQ(name.find(bad), std::string::npos) << name << ": base units only";
    }
}

TEST(Metrics, ValuesAreThoseOfTheSnapshotInBaseUnits) {
    const FakeSite site;
    const control::Decision& d = site.decision;
    const std::string text = text_of(site);
    EXPECT_EQ(value_of(text, "jk_pylon_build_info{version=\"1.2.3\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_uptime_seconds"), 3600);
    EXPECT_EQ(value_of(text, "jk_pylon_transmitting"), 1);
    EXPECT_NEAR(value_of(text, "jk_pylon_battery_voltage_volts"), d.voltage.count() / 1000.0, 1e-9);
    EXPECT_NEAR(value_of(text, "jk_pylon_charge_limit_amperes"), d.charge.value().count() / 1000.0, 1e-9);
    EXPECT_NEAR(value_of(text, "jk_pylon_battery_soc_ratio"), d.soc.count() / 1000.0, 1e-9);
    EXPECT_NEAR(value_of(text, "jk_pylon_pack_voltage_volts{pack=\"A\"}"),
                site.readings[0].voltage.count() / 1000.0, 1e-9);
    EXPECT_NEAR(value_of(text, "jk_pylon_pack_cell_voltage_volts{pack=\"A\",cell=\"3\"}"), 3.4, 1e-9);
    EXPECT_NEAR(value_of(text, "jk_pylon_pack_cell_voltage_max_volts{pack=\"A\"}"), 3.4, 1e-9);
    EXPECT_NEAR(value_of(text, "jk_pylon_pack_cell_voltage_min_volts{pack=\"A\"}"), 3.3, 1e-9);
    EXPECT_EQ(value_of(text, "jk_pylon_pack_temperature_celsius{pack=\"A\",probe=\"t1\"}"), 20);
    EXPECT_EQ(value_of(text, "jk_pylon_pack_data_age_seconds{pack=\"A\"}"), 0.25);
    EXPECT_EQ(value_of(text, "jk_pylon_pack_cycles_total{pack=\"A\"}"), 12);
    EXPECT_EQ(value_of(text, "jk_pylon_pack_rejected_readings_total{pack=\"small \\\"one\\\"\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_grid_power_watts"), -1200);
    EXPECT_EQ(value_of(text, "jk_pylon_peer_current_amperes"), 3);
    EXPECT_EQ(value_of(text, "jk_pylon_link_up{kind=\"pack\",link=\"A\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_link_up{kind=\"pack\",link=\"small \\\"one\\\"\"}"), 0);
    EXPECT_EQ(value_of(text, "jk_pylon_link_events_total{kind=\"pack\",link=\"A\",event=\"checksum\"}"), 2);
    EXPECT_EQ(value_of(text, "jk_pylon_can_bursts_total"), 60);
    EXPECT_EQ(value_of(text, "jk_pylon_can_mode{mode=\"normal\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_can_mode{mode=\"foreign\"}"), 0);
}

TEST(Metrics, TheReasonOfEachLimitHasARuleAndAPack) {
    FakeSite site;
    for (int i = 0; i < 90; ++i) site.step(3460);
    ASSERT_EQ(site.decision.charge.reason().rule, control::Rule::cell_high_curve);
    const std::string text = text_of(site);
    EXPECT_EQ(
        value_of(text,
                 "jk_pylon_limit_reason_info{direction=\"charge\",rule=\"cell_high_curve\",pack=\"A\"}"),
        1);
    EXPECT_THAT(text, HasSubstr("jk_pylon_limit_reason_info{direction=\"discharge\",rule="));
}

TEST(Metrics, WhatIsNotKnownHasNoSample) {
    Snapshot empty;
    empty.packs.resize(1);
    empty.packs[0].name = "A";
    const FakeSite site;
    const std::string text = metrics_text(empty, site.settings.control, {});
    for (const char* unknown :
         {"jk_pylon_battery_", "jk_pylon_charge_limit", "jk_pylon_pack_voltage", "jk_pylon_grid_",
          "jk_pylon_peer_", "jk_pylon_energy_", "jk_pylon_can_inverter_age", "process_"})
        EXPECT_THAT(text, Not(HasSubstr(unknown)));
    EXPECT_EQ(value_of(text, "jk_pylon_data_complete"), 0);
}

// Control goes on with 0 A in the place of old data.
TEST(Metrics, OldDataOfTheBankLeavesAgeAndLimitsOnly) {
    FakeSite site;
    ASSERT_THAT(text_of(site), HasSubstr("jk_pylon_battery_current_amperes"));
    site.now += site.settings.control.age.zero_at;
    site.decision = control::step(site.settings.control, site.state, {site.now, {}, site.now});
    ASSERT_TRUE(site.decision.complete);
    const std::string text = text_of(site);
    for (const char* old : {"jk_pylon_battery_voltage", "jk_pylon_battery_current", "jk_pylon_battery_power",
                            "jk_pylon_battery_so", "jk_pylon_battery_temperature", "jk_pylon_cell_voltage"})
        EXPECT_THAT(text, Not(HasSubstr(old)));
    EXPECT_GE(value_of(text, "jk_pylon_battery_data_age_seconds"), 15);
    EXPECT_EQ(value_of(text, "jk_pylon_charge_limit_amperes"), 0);
    EXPECT_EQ(value_of(text, "jk_pylon_discharge_limit_amperes"), 0);
}

TEST(Metrics, OldDataOfAPackLeavesItsAgeAndWhatControlKnows) {
    const FakeSite site;
    Snapshot snapshot = site.snapshot();
    const auto text = [&](Duration age) {
        snapshot.packs[0].age = age;
        return metrics_text(snapshot, site.settings.control, {});
    };
    const Duration zero_at = site.settings.control.age.zero_at;
    EXPECT_THAT(text(zero_at - std::chrono::milliseconds(1)),
                HasSubstr("jk_pylon_pack_current_amperes{pack=\"A\"}"));
    const std::string old = text(zero_at);
    for (const char* name : {"voltage_volts", "current_amperes", "soc_ratio", "cell_voltage_volts",
                             "cell_voltage_max_volts", "temperature_celsius", "charge_switch_closed"}) {
        const std::string sample = std::string("jk_pylon_pack_") + name;
        EXPECT_THAT(old, Not(HasSubstr(sample + "{pack=\"A\"")));
        EXPECT_THAT(old, HasSubstr(sample + "{pack=\"small")) << "the other pack is young";
    }
    EXPECT_GE(value_of(old, "jk_pylon_pack_data_age_seconds{pack=\"A\"}"), 15);
    EXPECT_EQ(value_of(old, "jk_pylon_pack_latched{pack=\"A\",latch=\"fault\"}"), 0);
    EXPECT_EQ(value_of(old, "jk_pylon_pack_rejected_readings_total{pack=\"A\"}"), 0);
}

TEST(Metrics, ExtrasAppear) {
    const FakeSite site;
    MetricsExtra extra;
    extra.energy = Energy{2'000'000, 1'000'000, 0, std::nullopt, std::nullopt};
    extra.outlets = {{"web", "good", LinkHealth::good, "", {{"requests", 7}}}};
    extra.resident_bytes = 12'000'000;
    const std::string text = text_of(site, extra);
    EXPECT_EQ(value_of(text, "jk_pylon_energy_joules_total{direction=\"charged\"}"), 7'200'000);
    EXPECT_THAT(text, Not(HasSubstr("direction=\"imported\"")));
    EXPECT_EQ(value_of(text, "jk_pylon_link_events_total{kind=\"outlet\",link=\"web\",event=\"requests\"}"),
              7);
    EXPECT_EQ(value_of(text, "process_resident_memory_bytes"), 12'000'000);
}

TEST(Metrics, ALinkIsUpWhenItsOwnerSaysSoWhateverItsWordAndOneThatIsOffHasNoSample) {
    const FakeSite site;
    MetricsExtra extra;
    extra.outlets = site.snapshot().outlets;
    const std::string text = text_of(site, extra);
    EXPECT_EQ(value_of(text, "jk_pylon_link_up{kind=\"can\",link=\"can0\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_link_up{kind=\"source\",link=\"meter\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_link_up{kind=\"outlet\",link=\"history\"}"), 1);
    EXPECT_EQ(value_of(text, "jk_pylon_link_up{kind=\"outlet\",link=\"notify\"}"), 0);
    EXPECT_THAT(text, Not(HasSubstr("jk_pylon_link_up{kind=\"outlet\",link=\"mqtt\"")));
}

TEST(Metrics, EveryFamilyThatIsListedCanAppear) {
    FakeSite site;
    site.readings[0].alarms.set(PackAlarm::low_soc);
    Snapshot snapshot = site.snapshot();
    MetricsExtra extra;
    extra.energy = Energy{2, 1, 1, 1, 1};
    extra.resident_bytes = extra.open_files = 5;
    extra.cpu_seconds = 1.5;
    const std::string text = metrics_text(snapshot, site.settings.control, extra);
    for (const MetricName& metric : metric_names())
        EXPECT_THAT(
            text, HasSubstr("# TYPE " + std::string(metric.name) + (metric.counter ? " counter" : " gauge")));
}

}  // namespace
}  // namespace jkp::report
