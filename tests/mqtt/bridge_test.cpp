// SPDX-License-Identifier: MIT
// The bridge against a real broker: everything told, and a broker that is no trouble.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "mqtt/bridge_bench.hpp"

namespace jkp::app {
namespace {

using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Bridge, TellsStatesValuesAndDescriptionsAndKeepsThem) {
    Loop loop;
    const Broker broker;
    Watcher early(loop, broker, "#", "early");
    const Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(loop.until([&] { return early.last.contains("p/s/pack/cellar/state"); }));
    Watcher late(loop, broker, "#");
    ASSERT_TRUE(late.sees("p/s/status", "online"));
    ASSERT_TRUE(late.sees("p/s/pack/cellar/available", "online"));
    EXPECT_TRUE(late.sees("p/s/battery/cell_max_v", "3.330"));
    EXPECT_TRUE(loop.until([&] { return late.last.contains(pack2); }));
    EXPECT_EQ(json::parse(late.last.at(gateway).payload)["components"]["command_pause"]["platform"],
              "switch");
    ASSERT_TRUE(loop.until([&] { return late.last.contains("p/s/can/state"); }));
    EXPECT_EQ(json::parse(late.last.at("p/s/can/state").payload)["mode"], "normal");
    EXPECT_FALSE(late.last.contains("sems/soc"));
    for (const auto& [topic, message] : late.last) {
        if (topic.starts_with("p/")) {
            EXPECT_TRUE(message.retained) << topic;
        }
    }
    EXPECT_THAT(bench.states, ElementsAre(HasSubstr("good: The broker localhost:")));
}

TEST(Bridge, TellsItsWholeStateWithin5SecondsOfTheBrokersReturnAndNothingOld) {
    Loop loop;
    Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    broker.kill();
    ASSERT_TRUE(loop.until([&] { return bench.bridge->view().state == "down"; }));
    for (int i = 0; i < 100; ++i) bench.cycle(3331 + i % 50);
    bench.cycle(3390);
    broker.start();
    const TimePoint back = io::now();
    Watcher watcher(loop, broker, "#");
    ASSERT_TRUE(
        loop.until([&] { return watcher.last.contains(pack2) && watcher.last.contains("p/s/alarms/any"); }));
    ASSERT_TRUE(watcher.sees("p/s/pack/cellar/cell_03_v", "3.390"));
    EXPECT_LT(io::now() - back, 5s);
    EXPECT_THAT(watcher.payloads("p/s/pack/cellar/cell_03_v"), ElementsAre("3.390"));
    EXPECT_EQ(watcher.last.at("p/s/status").payload, "online");
}

TEST(Bridge, ACycleCostsNothingWorthWhileTheBrokerHangsOrIsAway) {
    Loop loop;
    Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    const auto longest = [&] {
        Duration worst{};
        for (int i = 0; i < 300; ++i) {
            bench.site.tick(3330 + i % 50);
            const TimePoint before = io::now();
            bench.bridge->on_cycle(before);
            worst = std::max(worst, io::now() - before);
        }
        return worst;
    };
    broker.pause();
    EXPECT_LT(longest(), 100ms);
    broker.kill();
    ASSERT_TRUE(loop.until([&] { return bench.bridge->view().state == "down"; }));
    EXPECT_LT(longest(), 20ms);
    const TimePoint before = io::now();
    bench.bridge.reset();
    EXPECT_LT(io::now() - before, 400ms);
}

TEST(Bridge, TellsTheWholeStateOfManyPacksInOneGo) {
    Loop loop;
    const Broker broker;
    Bench bench(loop, settings_of(broker), false);
    for (std::size_t i = 2; i < 64; ++i) {
        bench.site.config.packs.push_back(bench.site.config.packs[1]);
        bench.site.config.packs.back().name = std::string_view("pack" + std::to_string(i));
        bench.site.snapshot.packs.push_back(bench.site.snapshot.packs[1]);
        bench.site.snapshot.packs.back().name = "pack" + std::to_string(i);
    }
    for (report::PackSnapshot& pack : bench.site.snapshot.packs) {
        while (pack.reading->cells.size() < max_cells) pack.reading->cells.push_back(Millivolts(3300));
    }
    const std::size_t topics = report::mqtt_pack_topics("p/s", "pack2").size();
    bench.start(settings_of(broker));
    Watcher watcher(loop, broker, "#");
    ASSERT_TRUE(watcher.sees("p/s/status", "online"));
    const char* last = "homeassistant/device/jk_pylon_s/pack64/config";
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains(last); }));
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/s/pack/pack63/state"); }));
    EXPECT_EQ(count(*bench.bridge, "dropped"), 0U);
    EXPECT_GT(watcher.last.size(), 64 * (topics - 1));
}

TEST(Bridge, DescribesEverythingAgainWhenHomeAssistantStarts) {
    Loop loop;
    const Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    Watcher watcher(loop, broker, "homeassistant/device/#");
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains(pack2); }));
    ASSERT_TRUE(watcher.ready());
    watcher.forget();
    watcher.say("homeassistant/status", "online");
    ASSERT_TRUE(loop.until([&] {
        bench.bridge->on_cycle(io::now());
        return watcher.last.contains(pack2) && watcher.last.contains(gateway);
    }));
    EXPECT_FALSE(watcher.last.at(gateway).retained);
}

TEST(Bridge, TheOlderTopicsAreThereWhenAskedFor) {
    Loop loop;
    const Broker broker;
    config::MqttSettings mqtt = settings_of(broker);
    mqtt.compat_topics = true;
    mqtt.protocol = config::MqttProtocol::v5;
    Watcher watcher(loop, broker, "#");
    Bench bench(loop, mqtt);
    EXPECT_TRUE(watcher.sees("jk_pylon/SMA_Average_W", "-700"));
    EXPECT_TRUE(watcher.sees("sems/oscillation_detected", "0"));
}

TEST(Bridge, EventsArePassedOnOnceEach) {
    Loop loop;
    const Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(loop.until([&] { return !bench.states.empty(); }));
    Watcher watcher(loop, broker, "p/s/event");
    bench.bridge->on_event(R"({"id":1})");
    bench.bridge->on_event(R"({"id":2})");
    ASSERT_TRUE(watcher.sees("p/s/event", R"({"id":2})"));
    EXPECT_THAT(watcher.payloads("p/s/event"), ElementsAre(R"({"id":1})", R"({"id":2})"));
}

TEST(Bridge, ABrokerThatWasNeverThereIsToldOnceAndSeenInTheView) {
    Loop loop;
    const Broker broker({.started = false});
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(loop.until([&] { return bench.bridge->view().counters[1].count >= 2; }));
    bench.cycle();
    EXPECT_THAT(bench.states, ElementsAre(HasSubstr("bad: Cannot reach the broker")));
    EXPECT_EQ(bench.bridge->view().state, "down");
    EXPECT_THAT(bench.bridge->view().detail, HasSubstr("Connection refused"));
}

}  // namespace
}  // namespace jkp::app
