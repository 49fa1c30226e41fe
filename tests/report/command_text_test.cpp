// SPDX-License-Identifier: MIT
// What a command may look like, and what is said of everything else.
#include "report/command_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace jkp::report {
namespace {

using control::Command;
using control::CommandKind;
using testing::HasSubstr;

// "max_charge_a 20000 for 600", or the error.
std::string told(const Result<Command, std::string>& command) {
    if (!command) return "error: " + command.error();
    std::string text(name(command->kind));
    text += command->value ? ' ' + std::to_string(*command->value) : " ends";
    if (command->expires) text += " for " + std::to_string(milliseconds(*command->expires)) + " ms";
    return text;
}
std::string json(std::string_view text) {
    return told(read_command(text));
}
std::string payload(CommandKind kind, std::string_view text) {
    return told(read_payload(kind, text));
}

TEST(CommandText, AnObjectNamesCommandValueAndEnd) {
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":20,"expires_s":600})"),
              "max_charge_a 20000 for 600000 ms");
    EXPECT_EQ(json(R"({"value":20.5,"command":"max_discharge_a"})"), "max_discharge_a 20500");
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":null})"), "max_charge_a ends");
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":0})"), "max_charge_a 0");
    EXPECT_EQ(json(R"({"command":"pause","value":true,"expires_s":null})"), "pause 1");
    EXPECT_EQ(json(R"({"command":"pause","value":false})"), "pause 0");
    EXPECT_EQ(json(R"({"command":"force_charge","value":true})"), "force_charge 1");
    EXPECT_EQ(json(R"({"command":"full_charge","value":true,"expires_s":1})"), "full_charge 1 for 1000 ms");
    EXPECT_EQ(json(R"({"command":"float_hold","value":null})"), "float_hold ends");
}

TEST(CommandText, ACurrentIsCutDownwardsAndHasExactBorders) {
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":0.3})"), "max_charge_a 300");
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":19.9999})"), "max_charge_a 19999");
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":3276.7})"), "max_charge_a 3276700");
    for (const char* value : {"3276.701", "-0.001", "-1", "1e300", "99999999999999999999"}) {
        EXPECT_EQ(json(R"({"command":"max_charge_a","value":)" + std::string(value) + "}"),
                  "error: value of max_charge_a must be a number of ampere between 0 and 3276.7, or null")
            << value;
    }
}

TEST(CommandText, AWrongTypeIsToldWithWhatIsAllowed) {
    for (const char* value : {R"("20")", "true", "[20]", "{}"}) {
        const std::string text = json(R"({"command":"max_charge_a","value":)" + std::string(value) + "}");
        EXPECT_THAT(text, HasSubstr("error: ")) << value;
    }
    EXPECT_EQ(json(R"({"command":"max_charge_a","value":"20"})"),
              "error: value of max_charge_a must be a number of ampere between 0 and 3276.7, or null");
    EXPECT_EQ(json(R"({"command":"pause","value":1})"),
              "error: value of pause must be true or false, or null");
    EXPECT_EQ(json(R"({"command":"pause","value":"ON"})"),
              "error: value of pause must be true or false, or null");
    EXPECT_EQ(json(R"({"command":"pause"})"),
              "error: value is missing; value of pause must be true or false, or null");
    EXPECT_THAT(json(R"({"value":20})"),
                HasSubstr("command is missing; there are max_charge_a, max_discharge_a"));
    EXPECT_THAT(json(R"({"command":7,"value":20})"), HasSubstr("command must be one of max_charge_a"));
    EXPECT_THAT(json(R"({"command":"ack","value":true})"), HasSubstr("command must be one of"));
    for (const char* expires : {"0", "0.999", "31536001", "-5", "\"60\"", "true"}) {
        EXPECT_EQ(json(R"({"command":"pause","value":true,"expires_s":)" + std::string(expires) + "}"),
                  "error: expires_s must be a number of seconds between 1 and 31536000, or null")
            << expires;
    }
    EXPECT_EQ(json(R"({"command":"pause","value":true,"expires_s":31536000})"), "pause 1 for 31536000000 ms");
}

TEST(CommandText, WhatIsNotOneFlatObjectWithKnownKeysIsRefused) {
    EXPECT_EQ(json(R"({"command":"pause","value":true,"value":false})"), "error: key \"value\" stands twice");
    EXPECT_EQ(json(R"({"command":"pause","value":true,"until":5})"),
              "error: key \"until\" is not known; there are command, value and expires_s");
    EXPECT_EQ(json("{\"command\":\"pause\",\"value\":true,\"\xC3\xA9\":5}"),
              "error: key \"??\" is not known; there are command, value and expires_s");
    for (const char* text : {"", "20", "[]", "null", "{", R"({"command":"pause","value":true}x)", "{'a':1}",
                             R"({"command":"max_charge_a","value":NaN})",
                             R"({"command":"max_charge_a","value":1e999})", "{\"command\":\"pause\xFF\"}"}) {
        EXPECT_THAT(json(text), HasSubstr("error: not a JSON object such as")) << text;
    }
    EXPECT_EQ(json(R"({"command":"pause","value":[[[[[[1]]]]]]})"), "error: a command is one flat object");
    const std::string deep(1000, '[');
    EXPECT_EQ(json("{\"value\":" + deep), "error: a command is one flat object");
    EXPECT_EQ(json(std::string(1025, ' ')), "error: a command has at most 1024 bytes");
    EXPECT_THAT(json(std::string(1024, ' ')), HasSubstr("not a JSON object"));
    EXPECT_LT(json("{\"" + std::string(900, 'k') + "\":1}").size(), 120U);
}

TEST(CommandText, ATopicTakesANumberAWordOrAnObject) {
    EXPECT_EQ(payload(CommandKind::max_charge, "20"), "max_charge_a 20000");
    EXPECT_EQ(payload(CommandKind::max_charge, " 20.5\n"), "max_charge_a 20500");
    EXPECT_EQ(payload(CommandKind::max_charge, "OFF"), "max_charge_a ends");
    EXPECT_EQ(payload(CommandKind::max_charge, R"({"value":20,"expires_s":60})"),
              "max_charge_a 20000 for 60000 ms");
    EXPECT_EQ(payload(CommandKind::max_charge, R"( {"command":"max_charge_a","value":null})"),
              "max_charge_a ends");
    EXPECT_EQ(payload(CommandKind::pause, "ON"), "pause 1");
    EXPECT_EQ(payload(CommandKind::pause, "on"), "pause 1");
    EXPECT_EQ(payload(CommandKind::pause, "Off"), "pause ends");
    EXPECT_EQ(payload(CommandKind::force_charge, "PRESS"), "force_charge 1");
    EXPECT_EQ(payload(CommandKind::force_charge, R"({"value":true})"), "force_charge 1");
}

TEST(CommandText, AnythingElseOnATopicIsToldWithWhatItTakes) {
    for (const char* text : {"", "  ", "-1", "3276.8", "nan", "inf", "0x14", "20 A", "20,5", "1e999", "ON",
                             "PRESS", "null", "+5"}) {
        EXPECT_THAT(
            payload(CommandKind::max_charge, text),
            HasSubstr("is no value; max_charge_a takes a number of ampere between 0 and 3276.7, OFF, or"))
            << text;
    }
    EXPECT_EQ(payload(CommandKind::pause, "1"),
              "error: \"1\" is no value; pause takes ON, OFF, PRESS, or a JSON object with value");
    EXPECT_THAT(payload(CommandKind::pause, "\xFF\x01\"" + std::string(60, 'x')), HasSubstr("\"???xxx"));
    EXPECT_EQ(payload(CommandKind::pause, R"({"command":"force_charge","value":true})"),
              "error: command force_charge does not belong here; this is for pause");
    EXPECT_THAT(payload(CommandKind::pause, "{"), HasSubstr("not a JSON object"));
}

TEST(CommandText, EveryCommandHasItsNameAndNoOther) {
    for (std::size_t i = 0; i < control::command_count; ++i) {
        const auto kind = static_cast<CommandKind>(i);
        EXPECT_EQ(command_named(name(kind)), kind);
    }
    EXPECT_EQ(command_named("max_charge"), std::nullopt);
    EXPECT_EQ(command_named(""), std::nullopt);
}

RC_GTEST_PROP(CommandText, ANumberIsNeverReadAsMoreThanItIs, (std::uint32_t milli)) {
    const auto wanted = static_cast<std::int32_t>(milli % 3'276'701);
    const std::string text =
        std::to_string(wanted / 1000) + "." + std::to_string(1000 + wanted % 1000).substr(1);
    const auto command = read_payload(CommandKind::max_charge, text);
    RC_ASSERT(command.has_value());
    RC_ASSERT(command->value == wanted);
}

}  // namespace
}  // namespace jkp::report
