// SPDX-License-Identifier: MIT
// The one door for commands: who may order what, how often, and the one answer to each.
#include "app/commands.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "app/requests.hpp"
#include "app/virtual_bank.hpp"
#include "report/status_json.hpp"

namespace jkp::app::test {
namespace {

using control::CommandKind;
using nlohmann::json;
using testing::HasSubstr;

constexpr std::uint32_t everything = (1U << control::command_count) - 1;

struct Door {
    explicit Door(std::uint32_t allow = everything, ControllerSettings settings = settings_of_one())
        : bank(settings),
          commands(bank.controller, config::CommandSettings{allow},
                   {.now = [this] { return bank.now; },
                    .changed = [this] { ++changes; },
                    .on_refused = [this](const std::string& line) { lines.push_back(line); }}) {
        bank.pass(minutes(3));
    }
    Answer mqtt(CommandKind kind, std::string_view payload) {
        return commands.answer({.outlet = Outlet::mqtt, .text = payload, .topic = kind});
    }
    Answer http(std::string_view text) {
        return commands.answer({.outlet = Outlet::http, .from = "10.0.0.7", .text = text});
    }
    [[nodiscard]] report::CommandView view(CommandKind kind) const {
        return commands.views(bank.now).at(static_cast<std::size_t>(kind));
    }

    VirtualBank bank;
    Commands commands;
    int changes = 0;
    std::vector<std::string> lines;
};

TEST(CommandDoor, AnAcceptedCommandIsAnsweredOnceAndIsOnTheBusWithTheNextCycle) {
    Door door;
    ASSERT_EQ(door.bank.charge(), amps(60));
    const Answer answer = door.mqtt(CommandKind::max_charge, "20");
    EXPECT_TRUE(answer.ok());
    EXPECT_EQ(answer.effective, 20'000);
    EXPECT_EQ(answer.reason, "");
    EXPECT_EQ(door.changes, 1);
    door.bank.pass(seconds(1));
    EXPECT_EQ(door.bank.charge(), amps(20));
    EXPECT_EQ(
        json::parse(answer_json(answer)),
        json::parse(R"({"ok":true,"command":"max_charge_a","effective":20.0,"reason":"","expires_s":null})"));
    EXPECT_EQ(json::parse(answer_json(door.mqtt(CommandKind::pause, R"({"value":true,"expires_s":5})"))),
              json::parse(R"({"ok":true,"command":"pause","effective":true,"reason":"","expires_s":5.0})"));
    EXPECT_EQ(json::parse(answer_json(door.mqtt(CommandKind::pause, "OFF")))["effective"], nullptr);
}

TEST(CommandDoor, WhatIsCutIsAnsweredWithTheReason) {
    Door door;
    const Answer answer = door.http(R"({"command":"max_charge_a","value":100})");
    EXPECT_EQ(answer.effective, 60'000);
    EXPECT_EQ(answer.reason, "the configured maximum is 60.0 A");
    EXPECT_EQ(door.http(R"({"command":"max_discharge_a","value":100})").reason,
              "the configured maximum is 60.0 A");
    EXPECT_THAT(door.http(R"({"command":"full_charge","value":true})").reason,
                HasSubstr("full_charge_requests"));
    EXPECT_THAT(door.http(R"({"command":"float_hold","value":true,"expires_s":90})").reason,
                HasSubstr("60 s"));
}

TEST(CommandDoor, NothingIsAllowedOverTheNetworkThatIsNotListed) {
    Door door(1U << static_cast<unsigned>(CommandKind::pause));
    const Answer answer = door.mqtt(CommandKind::max_charge, "20");
    EXPECT_EQ(answer.kind, AnswerKind::not_allowed);
    EXPECT_EQ(json::parse(answer_json(answer)), json::parse(R"({"ok":false,"command":"max_charge_a",
                             "error":"max_charge_a is not in the list `allow` of [commands] in the configuration"})"));
    EXPECT_EQ(door.http(R"({"command":"max_charge_a","value":20})").kind, AnswerKind::not_allowed);
    EXPECT_EQ(door.changes, 0);
    EXPECT_FALSE(door.view(CommandKind::max_charge).value);
    EXPECT_THAT(door.lines.at(1), HasSubstr("command max_charge_a by http 10.0.0.7 refused"));
    EXPECT_TRUE(door.mqtt(CommandKind::pause, "ON").ok());
    const Answer local = door.commands.answer({.text = R"({"command":"max_charge_a","value":20})"});
    EXPECT_TRUE(local.ok()) << "whoever may use the socket may acknowledge a fault as well";
    door.commands.configure({});
    EXPECT_EQ(door.mqtt(CommandKind::pause, "OFF").kind, AnswerKind::not_allowed);
}

TEST(CommandDoor, WhatCannotBeReadIsToldWithWhatIsAllowed) {
    Door door;
    const Answer answer = door.mqtt(CommandKind::max_charge, "lots");
    EXPECT_EQ(answer.kind, AnswerKind::unreadable);
    EXPECT_EQ(answer.command, CommandKind::max_charge);
    EXPECT_THAT(answer.reason, HasSubstr("a number of ampere"));
    EXPECT_EQ(json::parse(answer_json(door.http("{}")))["command"], nullptr);
    EXPECT_THAT(door.lines.back(), HasSubstr("command by http 10.0.0.7 refused: command is missing"));
}

TEST(CommandDoor, WhatTheBatteryRefusesIsAnEventOfItsNextCycle) {
    Door door;
    const Answer answer = door.mqtt(CommandKind::force_charge, "PRESS");
    EXPECT_EQ(answer.kind, AnswerKind::refused);
    EXPECT_THAT(answer.reason, HasSubstr("force_charge_requests is false"));
    EXPECT_TRUE(door.lines.empty());
    door.bank.controller.cycle(door.bank.now);
    EXPECT_TRUE(
        control::test::has(door.bank.controller.decision().events, control::EventCode::command_refused));
    EXPECT_EQ(door.changes, 0);
}

TEST(CommandDoor, OnlyTenAMinuteOfAnOutletMayLoosenWhileWhatTightensIsAlwaysTaken) {
    Door door;
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(door.mqtt(CommandKind::pause, "ON").ok());
        EXPECT_TRUE(door.mqtt(CommandKind::pause, "OFF").ok());
    }
    EXPECT_TRUE(door.mqtt(CommandKind::pause, "ON").ok());
    const Answer answer = door.mqtt(CommandKind::pause, "OFF");
    EXPECT_EQ(answer.kind, AnswerKind::too_many);
    EXPECT_THAT(answer.reason, HasSubstr("more than 10"));
    EXPECT_TRUE(door.view(CommandKind::pause).value);
    for (int a = 60; a > 0; --a) EXPECT_TRUE(door.mqtt(CommandKind::max_charge, std::to_string(a)).ok());
    EXPECT_EQ(door.mqtt(CommandKind::max_charge, "2").kind, AnswerKind::too_many);
    EXPECT_EQ(door.mqtt(CommandKind::max_charge, "OFF").kind, AnswerKind::too_many);
    EXPECT_EQ(door.mqtt(CommandKind::max_charge, R"({"value":1,"expires_s":5})").kind, AnswerKind::too_many)
        << "an end that was not there";
    EXPECT_EQ(door.mqtt(CommandKind::full_charge, "ON").kind, AnswerKind::too_many);
    EXPECT_TRUE(door.mqtt(CommandKind::full_charge, "OFF").ok());
    EXPECT_TRUE(door.mqtt(CommandKind::max_discharge, "OFF").ok()) << "there is nothing to give back";
    EXPECT_TRUE(door.http(R"({"command":"pause","value":null})").ok()) << "each outlet has its own ten";
    door.bank.pass(seconds(59));
    EXPECT_EQ(door.mqtt(CommandKind::max_charge, "2").kind, AnswerKind::too_many);
    door.bank.pass(seconds(1));
    EXPECT_TRUE(door.mqtt(CommandKind::max_charge, "2").ok());
}

TEST(CommandDoor, TheViewTellsAllThereAreWithWhatIsOrdered) {
    Door door(1U << static_cast<unsigned>(CommandKind::pause));
    door.bank.pass(seconds(1));
    door.commands.answer(
        {.from = "user 1000", .text = R"({"command":"max_charge_a","value":70,"expires_s":60})"});
    door.bank.pass(seconds(10));
    ASSERT_EQ(door.commands.views(door.bank.now).size(), control::command_count);
    const report::CommandView view = door.view(CommandKind::max_charge);
    EXPECT_FALSE(view.allowed);
    EXPECT_EQ(view.value, 70'000);
    EXPECT_EQ(view.effective, 60'000);
    EXPECT_EQ(view.who, "local user 1000");
    EXPECT_EQ(view.since, seconds(10));
    EXPECT_EQ(view.expires, seconds(50));
    EXPECT_TRUE(door.view(CommandKind::pause).allowed);
    EXPECT_FALSE(door.view(CommandKind::pause).value);

    report::Snapshot snapshot;
    snapshot.commands = door.commands.views(door.bank.now);
    const json status = json::parse(report::status_json(snapshot, door.bank.controller.settings().control));
    EXPECT_EQ(status["commands"][0],
              json::parse(R"({"command":"max_charge_a","value":70.0,"effective":60.0,"who":"local user 1000",
                              "since_s":10.0,"expires_s":50.0,"allowed":false})"));
    EXPECT_EQ(status["commands"][2],
              json::parse(R"({"command":"pause","value":null,"effective":null,"who":null,
                              "since_s":null,"expires_s":null,"allowed":true})"));
}

TEST(CommandDoor, AForceChargeIsInForceOnlyWhileTheBitsAreSent) {
    ControllerSettings settings = settings_of_one();
    settings.control.force_charge_requests = true;
    Door door(everything, settings);
    ASSERT_TRUE(door.mqtt(CommandKind::force_charge, "PRESS").ok());
    door.bank.pass(seconds(1));
    EXPECT_EQ(door.view(CommandKind::force_charge).effective, 1);
    EXPECT_TRUE(door.bank.last<pylontech::Requests>().force_charge_1);
    door.mqtt(CommandKind::pause, "ON");
    door.bank.pass(seconds(1));
    EXPECT_EQ(door.view(CommandKind::force_charge).effective, 0);
    EXPECT_FALSE(door.bank.last<pylontech::Requests>().force_charge_1);
}

TEST(CommandDoor, TheLocalSocketLeadsToTheSameDoor) {
    Door door(0);
    RequestContext context{
        door.bank.controller, door.bank.controller.settings().control, door.bank.now, {}, {}};
    context.from = "user 0";
    const std::string request = R"({"command":"order","order":{"command":"max_charge_a","value":20}})";
    EXPECT_EQ(json::parse(answer_request(request, context))["ok"], false) << "without a door";
    context.command = [&](const CommandRequest& r) { return door.commands.answer(r); };
    EXPECT_EQ(json::parse(answer_request(request, context))["effective"], 20.0);
    EXPECT_EQ(door.view(CommandKind::max_charge).who, "local user 0");
    EXPECT_EQ(json::parse(answer_request(R"({"command":"order"})", context))["ok"], false);
    EXPECT_THAT(answer_request(R"({"command":"order","order":{"command":"pause","value":7}})", context),
                HasSubstr("true or false"));
}

TEST(CommandDoor, EachKindOfAnswerHasItsStatus) {
    EXPECT_EQ(http_status(AnswerKind::accepted), 200);
    EXPECT_EQ(http_status(AnswerKind::not_allowed), 403);
    EXPECT_EQ(http_status(AnswerKind::refused), 409);
    EXPECT_EQ(http_status(AnswerKind::unreadable), 422);
    EXPECT_EQ(http_status(AnswerKind::too_many), 429);
}

}  // namespace
}  // namespace jkp::app::test
