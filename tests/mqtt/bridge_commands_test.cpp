// SPDX-License-Identifier: MIT
// Commands over a real broker: each answered, none that is old, and no flood that costs anything.
#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "mqtt/bridge_bench.hpp"

namespace jkp::app {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

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

}  // namespace
}  // namespace jkp::app
