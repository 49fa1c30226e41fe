// SPDX-License-Identifier: MIT
// What a broker keeps of a former configuration is taken out, and nothing else.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "mqtt/bridge_bench.hpp"

namespace jkp::app {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

TEST(Bridge, TakesOutWhatAFormerConfigurationDescribed) {
    Loop loop;
    const Broker broker;
    const char* pack3 = "homeassistant/device/jk_pylon_s/pack3/config";
    const char* foreign = "homeassistant/device/jk_pylon_other/pack3/config";
    {
        Bench bench(loop, settings_of(broker), false);
        bench.start(settings_of(broker), {"pause", "max_charge_a"});
        ASSERT_TRUE(bench.up());
        Watcher before(loop, broker, "homeassistant/device/#");
        ASSERT_TRUE(loop.until([&] { return before.last.contains(pack2); }));
        EXPECT_THAT(before.last.at(gateway).payload, HasSubstr("command_max_charge_a"));
        before.say(pack3, R"({"components":{}})", true);
        before.say(foreign, R"({"components":{}})", true);
        before.say("p/s/pack/attic/available", "online", true);
        before.say("p/s/pack/attic/soc_pct", "50", true);
        ASSERT_TRUE(before.ready());
    }
    Watcher watcher(loop, broker, "#");
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/s/pack/attic/soc_pct"); }));
    watcher.forget();
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(watcher.sees(pack3, ""));
    ASSERT_TRUE(watcher.sees("p/s/pack/attic/soc_pct", ""));
    ASSERT_TRUE(loop.until([&] { return watcher.payloads(gateway).size() >= 3; }));
    const auto told = watcher.payloads(gateway);
    EXPECT_EQ(json::parse(told[1])["components"]["command_max_charge_a"], (json{{"platform", "number"}}));
    EXPECT_FALSE(json::parse(told[2])["components"].contains("command_max_charge_a"));
    EXPECT_TRUE(json::parse(told[2])["components"].contains("command_pause"));
    EXPECT_EQ(watcher.last.at("p/s/pack/cellar/available").payload, "online");
    EXPECT_TRUE(watcher.payloads(foreign).empty()) << "of another gateway";
}

// What a newcomer finds at the broker.
std::set<std::string> kept_topics(Loop& loop, const Broker& broker) {
    Watcher watcher(loop, broker, "#", "newcomer");
    EXPECT_TRUE(watcher.ready());
    std::set<std::string> topics;
    for (const io::MqttArrival& each : watcher.all) {
        if (each.retained) topics.insert(each.topic);
    }
    return topics;
}

TEST(Bridge, AnotherSiteAndDiscoveryPrefixLeaveNothingOfTheFormerOnes) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "#");
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(watcher.sees("p/s/status", "online"));
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/s/pack/cellar/state"); }));
    config::MqttSettings mqtt = settings_of(broker);
    mqtt.site = "barn";
    mqtt.discovery_prefix = "ha";
    bench.replace(mqtt);
    ASSERT_TRUE(watcher.sees(pack2, ""));
    ASSERT_TRUE(watcher.sees("p/s/status", ""));
    ASSERT_TRUE(watcher.sees("p/s/site/state", ""));
    const auto topics = kept_topics(loop, broker);
    EXPECT_TRUE(topics.contains("p/barn/status"));
    EXPECT_TRUE(topics.contains("ha/device/jk_pylon_barn/gateway/config"));
    for (const std::string& topic : topics) {
        EXPECT_TRUE(topic.starts_with("p/barn/") || topic.starts_with("ha/device/jk_pylon_barn/")) << topic;
    }
}

TEST(Bridge, ACommandThatIsNotAllowedAnyMoreAndTheOlderTopicsGoAndEverythingElseStays) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "#");
    Bench bench(loop, settings_of(broker), false);
    config::MqttSettings mqtt = settings_of(broker);
    mqtt.compat_topics = true;
    bench.start(mqtt, {"pause", "max_charge_a"});
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/s/pack/cellar/state"); }));
    ASSERT_TRUE(watcher.last.contains("sems/Watt"));
    ASSERT_TRUE(watcher.last.contains("p/s/command/max_charge_a/state"));
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains(pack2); }));
    watcher.forget();
    bench.replace(settings_of(broker));
    EXPECT_TRUE(watcher.sees("p/s/command/max_charge_a/state", ""));
    EXPECT_TRUE(watcher.sees("sems/Watt", ""));
    EXPECT_TRUE(watcher.sees("jk_pylon/SMA_Average_W", ""));
    ASSERT_TRUE(watcher.ready());
    for (const io::MqttArrival& each : watcher.all) {
        if (each.topic.starts_with("p/s/") && each.topic.find("max_charge_a") == std::string::npos) {
            EXPECT_NE(each.payload, "") << each.topic;
        }
        EXPECT_FALSE(each.topic == gateway && each.payload.empty()) << "the device stays";
    }
}

TEST(Bridge, NothingIsTakenOutOfABrokerThatHadNothing) {
    Loop loop;
    const Broker first;
    const Broker second;
    Watcher watcher(loop, second, "#");
    Bench bench(loop, settings_of(first));
    ASSERT_TRUE(bench.up());
    config::MqttSettings mqtt = settings_of(second);
    mqtt.site = "barn";
    bench.replace(mqtt);
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/barn/pack/cellar/state"); }));
    ASSERT_TRUE(watcher.ready());
    for (const io::MqttArrival& each : watcher.all) EXPECT_NE(each.payload, "") << each.topic;
}

TEST(Bridge, TheEntitiesOfAMeterThatIsTakenAwayGoWhileTheConnectionStands) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "#");
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains(gateway); }));
    ASSERT_TRUE(watcher.sees("p/s/site/grid_w", "-700"));
    ASSERT_TRUE(json::parse(watcher.last.at(gateway).payload)["components"].contains("site_grid_w"));
    bench.site.config.coordination.expects_grid = false;
    watcher.forget();
    bench.cycle();
    ASSERT_TRUE(watcher.sees("p/s/site/grid_w", ""));
    ASSERT_TRUE(loop.until([&] { return watcher.payloads(gateway).size() == 3; }));
    EXPECT_EQ(json::parse(watcher.payloads(gateway)[1])["components"]["site_grid_w"],
              (json{{"platform", "sensor"}}));
    EXPECT_FALSE(json::parse(watcher.payloads(gateway)[2])["components"].contains("site_grid_w"));
}

TEST(Bridge, WithoutDiscoveryItsFormerDescriptionsGo) {
    Loop loop;
    const Broker broker;
    {
        Bench bench(loop, settings_of(broker));
        ASSERT_TRUE(bench.up());
        Watcher before(loop, broker, "homeassistant/#");
        ASSERT_TRUE(loop.until([&] { return before.last.contains(pack2); }));
    }
    Watcher watcher(loop, broker, "homeassistant/#");
    config::MqttSettings mqtt = settings_of(broker);
    mqtt.discovery = false;
    const Bench bench(loop, mqtt);
    EXPECT_TRUE(watcher.sees(gateway, ""));
    EXPECT_TRUE(watcher.sees(pack2, ""));
}

}  // namespace
}  // namespace jkp::app
