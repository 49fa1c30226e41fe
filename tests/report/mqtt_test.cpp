// SPDX-License-Identifier: MIT
// What is told to the broker, and when.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "report/mqtt_plan.hpp"
#include "report/mqtt_support.hpp"

namespace jkp::report {
namespace {

using namespace test;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::Not;

std::map<std::string, std::string> by_topic(const std::vector<MqttValue>& values) {
    std::map<std::string, std::string> map;
    for (const MqttValue& each : values) map[each.topic] = each.payload;
    return map;
}

std::map<std::string, std::string> values_of(const MqttSite& site, const MqttExtras& extras = {}) {
    return by_topic(mqtt_values(site.snapshot, site.config, extras, "p/s"));
}

TEST(MqttValues, TellTheDecisionAndTheReadings) {
    MqttSite site;
    for (int i = 0; i < 60; ++i) site.tick(3330, amps(10));
    const auto v =
        values_of(site, {.energy = {.charged = 12.3456, .discharged = 0, .imported = {}, .exported = {}},
                         .commands = {{"pause", "OFF"}},
                         .peer_soc = {}});
    EXPECT_EQ(v.at("p/s/battery/current_a"), "20.0");
    EXPECT_EQ(v.at("p/s/battery/cell_max_v"), "3.330");
    EXPECT_EQ(v.at("p/s/battery/cell_delta_mv"), "30");
    EXPECT_EQ(v.at("p/s/battery/charged_kwh"), "12.346");
    EXPECT_EQ(v.at("p/s/battery/discharged_kwh"), "0.000");
    EXPECT_EQ(v.at("p/s/battery/data"), "fresh");
    EXPECT_EQ(v.at("p/s/site/grid_w"), "-700");
    EXPECT_EQ(v.at("p/s/site/peer_a"), "-12.5");
    EXPECT_EQ(v.at("p/s/site/imported_kwh"), "None");
    EXPECT_EQ(v.at("p/s/can/transmitting"), "ON");
    EXPECT_EQ(v.at("p/s/can/inverter"), "ON");
    EXPECT_EQ(v.at("p/s/alarms/any"), "OFF");
    EXPECT_EQ(v.at("p/s/pack/A/cell_03_v"), "3.330");
    EXPECT_EQ(v.at("p/s/pack/cellar/available"), "online");
    EXPECT_EQ(v.at("p/s/pack/cellar/current_a"), "10.0");
    EXPECT_EQ(v.at("p/s/pack/cellar/temperature_t1_c"), "20.0");
    EXPECT_EQ(v.at("p/s/pack/cellar/cycles"), "42");
    EXPECT_EQ(v.at("p/s/command/pause/state"), "OFF");
    const double limit = site.snapshot.decision.charge.value().count() / 1000.0;
    EXPECT_NEAR(std::stod(v.at("p/s/limits/charge_limit_a")), limit, 0.05);
    EXPECT_THAT(v.at("p/s/limits/charge_reason"), Not(IsEmpty()));
}

TEST(MqttValues, WhatIsNotKnownIsNoneAndNeverZero) {
    MqttSite site;
    site.snapshot.packs.resize(1);
    site.snapshot.packs[0].name = "A";
    const auto before = values_of(site);
    for (const char* topic :
         {"battery/soc_pct", "battery/current_a", "battery/phase", "limits/charge_limit_a",
          "limits/charge_reason", "site/grid_w", "site/peer_a"}) {
        EXPECT_EQ(before.at(std::string("p/s/") + topic), "None") << topic;
    }
    EXPECT_EQ(before.at("p/s/pack/A/available"), "offline");
    EXPECT_EQ(before.at("p/s/can/inverter"), "OFF");
    for (int i = 0; i < 5; ++i) site.tick();
    site.snapshot.packs[0].age = site.config.age.zero_at;
    site.snapshot.decision.age_stage = control::AgeStage::zero;
    const auto old = values_of(site);
    EXPECT_EQ(old.at("p/s/pack/A/available"), "offline");
    EXPECT_EQ(old.at("p/s/pack/A/cell_01_v"), "None");
    EXPECT_EQ(old.at("p/s/pack/A/alarms"), "None");
    EXPECT_EQ(old.at("p/s/battery/current_a"), "None");
    EXPECT_EQ(old.at("p/s/pack/cellar/available"), "online");
}

TEST(MqttValues, WithoutMeterAndSecondBatteryTheyHaveNoTopics) {
    MqttSite site;
    site.config.coordination.expects_grid = false;
    site.config.coordination.expects_peer = false;
    const auto v = values_of(site);
    EXPECT_FALSE(v.contains("p/s/site/grid_w"));
    EXPECT_FALSE(v.contains("p/s/site/peer_a"));
    EXPECT_TRUE(v.contains("p/s/site/oscillation"));
}

TEST(MqttValues, ANumberThatRoundsToNothingHasNoSign) {
    MqttSite site;
    for (int i = 0; i < 5; ++i) site.tick(3330, Milliamps(-20));
    EXPECT_EQ(values_of(site).at("p/s/battery/current_a"), "0.0");
}

TEST(MqttValues, TheOlderProgramsTopicsHaveItsSigns) {
    MqttSite site;
    for (int i = 0; i < 200; ++i) site.tick();
    const auto v =
        by_topic(mqtt_compat_values(site.snapshot, {.energy = {}, .commands = {}, .peer_soc = percent(64)}));
    EXPECT_EQ(v.at("jk_pylon/SMA_Average_W"), "-700") << "import is negative";
    EXPECT_EQ(v.at("jk_pylon/HMC_Sems_Average_A"), "-12.5") << "discharge is negative";
    EXPECT_EQ(v.at("sems/Ampere"), "-12.5");
    EXPECT_EQ(v.at("sems/soc"), "64");
    EXPECT_EQ(v.at("sems/oscillation_detected"), "0");
    EXPECT_NE(v.at("sems/Watt"), "None");
    EXPECT_NE(v.at("jk_pylon/Battery_charge_current_limit"), "None");
    EXPECT_NE(v.at("jk_pylon/Battery_discharge_current_limit"), "None");
    EXPECT_EQ(v.size(), 8U);
}

TEST(MqttValues, EveryTopicOfAPackIsKnownForItsRemoval) {
    MqttSite site;
    site.tick();
    const std::vector<std::string> all = mqtt_pack_topics("p/s", "cellar");
    for (const auto& [topic, payload] : values_of(site)) {
        if (topic.starts_with("p/s/pack/cellar/")) {
            EXPECT_THAT(all, Contains(topic));
        }
    }
    EXPECT_THAT(all, Contains("p/s/pack/cellar/state"));
    EXPECT_THAT(all, Contains("p/s/pack/cellar/cell_32_v"));
}

struct Planned {
    MqttSite site;
    MqttPlan plan;
    explicit Planned(MqttPlanRules rules = {"p/s", {}, false}) : plan(std::move(rules)) {
        for (int i = 0; i < 200; ++i) site.tick();
    }
    std::map<std::string, MqttPublication> due() {
        std::map<std::string, MqttPublication> map;
        for (const MqttPublication& each : plan.due(site.snapshot, site.config, {}, site.now)) {
            EXPECT_TRUE(map.emplace(each.topic, each).second) << each.topic << " twice";
        }
        return map;
    }
};

TEST(MqttPlan, TellsEverythingAtFirstAndAfterARestartAndNothingInBetween) {
    Planned p;
    const auto first = p.due();
    EXPECT_EQ(first.size(), mqtt_values(p.site.snapshot, p.site.config, {}, "p/s").size() + 7);
    EXPECT_TRUE(first.at("p/s/battery/soc_pct").retain);
    p.site.now += seconds(1);
    EXPECT_THAT(p.due(), IsEmpty());
    p.plan.restart();
    EXPECT_EQ(p.due().size(), first.size());
}

TEST(MqttPlan, AChangeBeyondTheDeadBandIsToldAtOnceAndASmallerOneIsNot) {
    Planned p;
    p.due();
    p.site.tick(3330, Milliamps(50));
    EXPECT_FALSE(p.due().contains("p/s/battery/current_a"));
    p.site.tick(3330, amps(5));
    const auto due = p.due();
    EXPECT_EQ(due.at("p/s/battery/current_a").payload, "10.0");
    EXPECT_EQ(nlohmann::json::parse(due.at("p/s/battery/state").payload)["current_a"], 10.0);
    EXPECT_FALSE(due.contains("p/s/pack/A/cell_01_v"));
}

TEST(MqttPlan, ManySmallStepsAreToldWhenTheirSumIsBeyondTheDeadBand) {
    Planned p;
    p.due();
    int told = 0;
    for (int i = 1; i <= 10; ++i) {
        p.site.tick(3330, Milliamps(50 * i));
        told += p.due().contains("p/s/battery/current_a") ? 1 : 0;
    }
    EXPECT_EQ(told, 3);
}

TEST(MqttPlan, EverythingIsToldAtLeastOncePerInterval) {
    Planned p;
    const auto first = p.due();
    std::map<std::string, TimePoint> last;
    for (const auto& [topic, publication] : first) last[topic] = p.site.now;
    Duration longest{};
    for (int i = 0; i < 400; ++i) {
        p.site.now += std::chrono::milliseconds(250);
        for (const auto& [topic, publication] : p.due()) {
            longest = std::max(longest, p.site.now - last.at(topic));
            last[topic] = p.site.now;
        }
    }
    EXPECT_LE(longest, seconds(20));
    EXPECT_GE(longest, seconds(15));
    for (const auto& [topic, at] : last) EXPECT_LE(p.site.now - at, seconds(20)) << topic;
}

TEST(MqttPlan, ANumberThatSwingsIsToldTwiceASecondAndItsStateOnce) {
    Planned p;
    p.due();
    int values = 0;
    int states = 0;
    for (int i = 0; i < 100; ++i) {
        p.site.tick(3330, amps(i % 2 == 0 ? 5 : -5));
        p.site.now += std::chrono::milliseconds(100) - seconds(1);
        const auto due = p.due();
        values += due.contains("p/s/pack/A/current_a") ? 1 : 0;
        states += due.contains("p/s/pack/A/state") ? 1 : 0;
    }
    EXPECT_GE(values, 15);
    EXPECT_LE(values, 21);
    EXPECT_GE(states, 8);
    EXPECT_LE(states, 11);
}

TEST(MqttPlan, WhatIsNotConfiguredAnyMoreIsTakenOutOnceAndComesBackWithItsValue) {
    Planned p;
    p.due();
    p.site.config.coordination.expects_grid = false;
    p.site.tick();
    const auto due = p.due();
    for (const char* key : {"grid_w", "grid_state", "imported_kwh", "exported_kwh"}) {
        const auto& removal = due.at(std::string("p/s/site/") + key);
        EXPECT_EQ(removal.payload, "") << key;
        EXPECT_TRUE(removal.retain);
    }
    EXPECT_FALSE(due.contains("p/s/site/peer_a"));
    EXPECT_THAT(p.plan.topics(), ::testing::Not(::testing::Contains("p/s/site/grid_w")));
    p.site.tick();
    EXPECT_FALSE(p.due().contains("p/s/site/grid_w"));
    p.site.config.coordination.expects_grid = true;
    p.site.tick();
    EXPECT_EQ(p.due().at("p/s/site/grid_w").payload, "-700");
}

TEST(MqttPlan, WhatWentWhileTheBrokerWasAwayIsTakenOutAfterwards) {
    Planned p;
    const auto first = p.due();
    p.plan.restart();
    EXPECT_EQ(p.plan.topics().size(), first.size()) << "the broker may still have them";
    EXPECT_FALSE(p.plan.tells("p/s/site/grid_w"));
    p.site.config.coordination.expects_grid = false;
    const auto due = p.due();
    EXPECT_EQ(due.at("p/s/site/grid_w").payload, "");
    EXPECT_EQ(due.size(), first.size());
    EXPECT_TRUE(p.plan.tells("p/s/site/state"));
    EXPECT_EQ(p.plan.topics().size(), first.size() - 4);
}

TEST(MqttPlan, QosAndIntervalAreThoseOfTheGroup) {
    MqttPlanRules rules{"p/s", {}, true};
    rules.groups[static_cast<std::size_t>(MqttGroup::can)] = {2, seconds(2)};
    Planned p(rules);
    const auto first = p.due();
    EXPECT_EQ(first.at("p/s/can/mode").qos, 2);
    EXPECT_EQ(first.at("p/s/can/state").qos, 2);
    EXPECT_EQ(first.at("p/s/can/link").payload, "up");
    EXPECT_EQ(first.at("p/s/battery/phase").qos, 0);
    EXPECT_TRUE(first.contains("sems/oscillation_detected"));
    p.site.now += seconds(2);
    std::set<std::string> folders;
    for (const auto& [topic, publication] : p.due()) folders.insert(topic.substr(0, topic.rfind('/')));
    EXPECT_EQ(folders, std::set<std::string>{"p/s/can"});
}

TEST(MqttPlan, EachGroupHasAJsonState) {
    Planned p;
    const auto first = p.due();
    const auto json = [&](const std::string& group) {
        return nlohmann::json::parse(first.at("p/s/" + group + "/state").payload);
    };
    EXPECT_EQ(json("battery")["phase"], "bulk");
    EXPECT_FALSE(json("battery").contains("charge"));
    EXPECT_TRUE(json("limits")["charge"].contains("reason"));
    EXPECT_TRUE(json("limits")["charge"]["limiters"].is_array());
    EXPECT_EQ(json("site")["grid"]["power_w"], -700);
    EXPECT_EQ(json("can")["mode"], "normal");
    EXPECT_EQ(json("alarms")["packs"]["cellar"]["fault"], false);
    EXPECT_EQ(json("pack/cellar")["reading"]["cells_mv"].size(), 16U);
}

}  // namespace
}  // namespace jkp::report
