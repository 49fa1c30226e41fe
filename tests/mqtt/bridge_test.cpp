// SPDX-License-Identifier: MIT
// The bridge against a real broker: everything told, commands taken, and a broker that is no trouble.
#include "app/mqtt_bridge.hpp"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>

#include "mqtt/watcher.hpp"
#include "report/mqtt_support.hpp"

namespace jkp::app {
namespace {

using namespace jkp::testing;
using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

config::MqttSettings settings_of(const Broker& broker) {
    config::MqttSettings mqtt;
    mqtt.host = "localhost";
    mqtt.port = broker.port();
    mqtt.prefix = "p";
    mqtt.site = "s";
    return mqtt;
}

struct Bench {
    Loop& loop;
    report::test::MqttSite site;
    std::vector<std::pair<std::string, std::string>> commands;
    std::vector<std::string> states;
    std::vector<std::string> kept;
    std::vector<report::MqttCommandState> commands_told;
    std::string pause = "OFF";
    int tells = 0;
    std::unique_ptr<MqttBridge> bridge;

    Bench(Loop& of, const config::MqttSettings& mqtt, bool at_once = true) : loop(of) {
        for (int i = 0; i < 5; ++i) site.tick();
        if (at_once) start(mqtt);
    }
    void start(const config::MqttSettings& mqtt, std::vector<std::string> allowed = {"pause"},
               MqttKept former = {}) {
        MqttBridgeHandlers handlers;
        handlers.snapshot = [this] {
            ++tells;
            return site.snapshot;
        };
        handlers.config = [this]() -> const control::Config& { return site.config; };
        handlers.extras = [this] {
            return report::MqttExtras{.energy = {}, .commands = commands_told, .peer_soc = {}};
        };
        commands_told.clear();
        for (const std::string& name : allowed) commands_told.push_back({name, pause});
        handlers.command = [this](const std::string& name, const std::string& payload) {
            if (payload != "ON" && payload != "OFF") return MqttAnswer{false, R"({"ok":false})"};
            commands.emplace_back(name, payload);
            pause = payload;
            for (report::MqttCommandState& each : commands_told) each.state = payload;
            return MqttAnswer{true, R"({"ok":true,"effective":1})"};
        };
        handlers.on_state = [this](bool good, const std::string& sentence) {
            states.push_back((good ? "good: " : "bad: ") + sentence);
        };
        handlers.on_kept_command = [this](const std::string& sentence) { kept.push_back(sentence); };
        bridge = std::make_unique<MqttBridge>(loop.context, mqtt,
                                              MqttBridgeOptions{false, std::move(allowed), std::move(former)},
                                              std::move(handlers));
        bridge->start();
    }
    // As a reload does.
    void replace(const config::MqttSettings& mqtt, std::vector<std::string> allowed = {"pause"}) {
        MqttKept former = bridge->kept();
        bridge.reset();
        start(mqtt, std::move(allowed), std::move(former));
    }
    void cycle(int highest = 3330) {
        site.tick(highest);
        bridge->on_cycle(io::now());
    }
    bool up() {
        return loop.until([&] { return bridge->view().state == "up"; });
    }
};

constexpr const char* gateway = "homeassistant/device/jk_pylon_s/gateway/config";
constexpr const char* pack2 = "homeassistant/device/jk_pylon_s/pack2/config";

std::uint64_t count(const MqttBridge& bridge, std::string_view name) {
    for (const report::NamedCount& each : bridge.view().counters) {
        if (each.name == name) return each.count;
    }
    ADD_FAILURE() << "no counter " << name;
    return 0;
}

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

TEST(Bridge, ACommandIsAnsweredOnceAndItsStateFollows) {
    Loop loop;
    const Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    Watcher watcher(loop, broker, "p/s/command/#");
    ASSERT_TRUE(watcher.sees("p/s/command/pause/state", "OFF"));
    watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(watcher.sees("p/s/command/pause/state", "ON"));
    ASSERT_TRUE(watcher.ready());
    EXPECT_THAT(bench.commands, ElementsAre(std::pair<std::string, std::string>{"pause", "ON"}));
    EXPECT_THAT(watcher.payloads("p/s/command/pause/result"), ElementsAre(R"({"ok":true,"effective":1})"));
    EXPECT_FALSE(watcher.last.at("p/s/command/pause/result").retained);
}

TEST(Bridge, ARetainedCommandIsRefusedWithAReasonAndNotCarriedOut) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "p/s/command/#");
    watcher.say("p/s/command/pause/set", "ON", true);
    ASSERT_TRUE(watcher.sees("p/s/command/pause/set", "ON"));
    const Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/s/command/pause/result"); }));
    const json result = json::parse(watcher.last.at("p/s/command/pause/result").payload);
    EXPECT_EQ(result["ok"], false);
    EXPECT_EQ(result["command"], "pause");
    EXPECT_THAT(result["error"].get<std::string>(),
                AllOf(HasSubstr("retained"), HasSubstr("mosquitto_pub -r -n")));
    EXPECT_THAT(bench.commands, SizeIs(0));
    EXPECT_THAT(bench.kept, ElementsAre(HasSubstr("mosquitto_pub -r -n -t 'p/s/command/pause/set'")));
}

TEST(Bridge, WithProtocol5ACommandWithTheRetainFlagIsRefusedWhileWeListenAsWell) {
    Loop loop;
    const Broker broker;
    config::MqttSettings mqtt = settings_of(broker);
    mqtt.protocol = config::MqttProtocol::v5;
    Bench bench(loop, mqtt);
    ASSERT_TRUE(bench.up());
    Watcher watcher(loop, broker, "p/s/command/+/result");
    watcher.say("p/s/command/pause/set", "ON", true);
    ASSERT_TRUE(loop.until([&] { return watcher.last.contains("p/s/command/pause/result"); }));
    EXPECT_EQ(json::parse(watcher.last.at("p/s/command/pause/result").payload)["ok"], false);
    EXPECT_THAT(bench.commands, SizeIs(0));
    watcher.say("p/s/command/pause/set", "ON", true);
    ASSERT_TRUE(loop.until([&] { return watcher.payloads("p/s/command/pause/result").size() == 2; }));
    EXPECT_THAT(bench.kept, SizeIs(1)) << "the log is told once";
    watcher.say("p/s/command/pause/set", "", true);
    watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(watcher.sees("p/s/command/pause/result", R"({"ok":true,"effective":1})"));
    EXPECT_THAT(bench.commands, SizeIs(1));
    EXPECT_THAT(watcher.payloads("p/s/command/pause/result"), SizeIs(3)) << "an empty one is no command";
}

TEST(Bridge, AnEmptyMessageIsNoCommandWithTheOlderProtocolEither) {
    Loop loop;
    const Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    Watcher watcher(loop, broker, "p/s/command/+/result");
    watcher.say("p/s/command/pause/set", "", true);
    watcher.say("p/s/command/pause/set", "");
    watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(loop.until([&] { return !watcher.all.empty(); }));
    EXPECT_EQ(watcher.all.front().payload, R"({"ok":true,"effective":1})");
    EXPECT_EQ(count(*bench.bridge, "commands"), 1U);
}

TEST(Bridge, NothingWaitsForUsWhileWeAreAway) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "p/s/#");
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    bench.bridge.reset();
    ASSERT_TRUE(watcher.sees("p/s/status", "offline"));
    watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(watcher.ready());
    bench.start(settings_of(broker));
    ASSERT_TRUE(watcher.sees("p/s/status", "online"));
    watcher.say("p/s/command/pause/set", "OFF");
    ASSERT_TRUE(loop.until([&] { return !bench.commands.empty(); }));
    EXPECT_THAT(bench.commands, ElementsAre(std::pair<std::string, std::string>{"pause", "OFF"}));
}

TEST(Bridge, ATooLongCommandIsAnsweredAndNotCarriedOut) {
    Loop loop;
    const Broker broker;
    Bench bench(loop, settings_of(broker));
    ASSERT_TRUE(bench.up());
    Watcher watcher(loop, broker, "p/s/command/+/result");
    watcher.say("p/s/command/pause/set", "ON" + std::string(1023, ' '));
    ASSERT_TRUE(loop.until([&] { return watcher.payloads("p/s/command/pause/result").size() == 1; }));
    EXPECT_THAT(watcher.payloads("p/s/command/pause/result").front(), HasSubstr("too long"));
    EXPECT_THAT(bench.commands, SizeIs(0));
}

TEST(Bridge, AFloodOfRefusedCommandsGetsFewAnswersTellsNothingAndHidesNoCommandThatCanBeTaken) {
    Loop loop;
    Loop ours;
    const Broker broker;
    Bench bench(ours, settings_of(broker));
    ASSERT_TRUE(bench.up());
    ASSERT_TRUE(ours.until([&] { return bench.tells > 0; }));
    Watcher watcher(loop, broker, "p/s/command/+/result");
    const int told = bench.tells;
    const std::uint64_t before = count(*bench.bridge, "received");
    for (int i = 0; i < 200; ++i) watcher.say("p/s/command/pause/set", "junk");
    watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(loop.until([&] { return count(*bench.bridge, "received") >= before + 201; }));
    ASSERT_TRUE(ours.until([&] { return !bench.commands.empty(); }));
    EXPECT_EQ(bench.tells, told) << "nothing was accepted before it";
    EXPECT_THAT(bench.commands, ElementsAre(std::pair<std::string, std::string>{"pause", "ON"}));
    ASSERT_TRUE(watcher.sees("p/s/command/pause/result", R"({"ok":true,"effective":1})"));
    const auto answers = watcher.payloads("p/s/command/pause/result");
    EXPECT_LT(answers.size(), 100U);  // at most 12 of each second
    EXPECT_EQ(answers.size() + count(*bench.bridge, "unanswered"), 201U);
    EXPECT_THAT(answers, Contains(HasSubstr("more than 10 refused commands in a second")));
}

TEST(Bridge, AFloodOfAcceptedCommandsIsToldOncePerTurnOfTheLoop) {
    Loop loop;
    Loop ours;
    const Broker broker;
    Bench bench(ours, settings_of(broker));
    ASSERT_TRUE(bench.up());
    ASSERT_TRUE(ours.until([&] { return bench.tells > 0; }));
    Watcher watcher(loop, broker, "p/s/command/#");
    const std::uint64_t before = count(*bench.bridge, "received");
    for (int i = 0; i < 200; ++i) watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(loop.until([&] { return count(*bench.bridge, "received") >= before + 200; }));
    const int told = bench.tells;
    ASSERT_TRUE(ours.until([&] { return bench.commands.size() == 200 && bench.tells > told; }));
    EXPECT_LE(bench.tells, told + 10) << "nearly all of them waited when it began";
    EXPECT_TRUE(watcher.sees("p/s/command/pause/state", "ON"));
}

TEST(Bridge, AFloodThatTheLoopCannotTakeIsDiscardedAndSeenInTheView) {
    Loop loop;
    Loop ours;
    const Broker broker;
    Bench bench(ours, settings_of(broker));
    ASSERT_TRUE(bench.up());
    ASSERT_TRUE(ours.until([&] { return bench.tells > 0; }));
    Watcher watcher(loop, broker, "none");
    const std::uint64_t before = count(*bench.bridge, "received");
    for (int i = 0; i < 1000; ++i) watcher.say("p/s/command/pause/set", "ON");
    ASSERT_TRUE(loop.until([&] { return count(*bench.bridge, "received") >= before + 1000; }));
    ours.context.poll();
    EXPECT_LE(bench.commands.size(), 256U);
    EXPECT_GE(count(*bench.bridge, "discarded"), 1000U - 256U);
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
