// SPDX-License-Identifier: MIT
// status, why, ack and recover against the running program, with their refusals and exit codes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using pylontech::Limits;
using testing::HasSubstr;

TEST(Commands, WithoutADaemonEveryCommandSaysSoWithExitCodeTwo) {
    World world;
    Site site(world);
    for (const std::vector<std::string>& words : {std::vector<std::string>{"status"},
                                                  {"why"},
                                                  {"ack"},
                                                  {"recover", "--pack", "bank", "--yes-i-have-looked"}}) {
        const Answer answer = site.ask(words);
        EXPECT_EQ(answer.exit_code, 2) << words[0];
        EXPECT_THAT(answer.errors, HasSubstr(site.file("control.sock"))) << words[0];
    }
    EXPECT_EQ(site.run({"status", "--no-such-option"}).exit_code, 2);
    EXPECT_EQ(site.run({}).exit_code, 2);
    EXPECT_EQ(site.run({"--version"}).exit_code, 0);
}

TEST(Commands, WithJsonAFailureIsAnObjectThatSaysWhatTheWordsSay) {
    World world;
    Site site(world);
    const std::string missing = site.file("missing");
    for (std::vector<std::string> words : {std::vector<std::string>{"status", "--socket", missing},
                                           {"why", "--socket", missing},
                                           {"command", "--socket", missing},
                                           {"command", "pause", "on", "--socket", missing},
                                           {"history", "--file", missing},
                                           {"history", "--config", missing},
                                           {"history", "--from", "soon", "--file", missing},
                                           {"events", "--file", missing},
                                           {"simulate", missing},
                                           {"simulate", site.file("site.toml")}}) {
        const Answer text = site.run(words);
        EXPECT_EQ(text.output, "") << words[0];
        words.emplace_back("--json");
        const Answer answer = site.run(words);
        EXPECT_EQ(answer.exit_code, 2) << words[0];
        EXPECT_EQ(text.exit_code, 2) << words[0];
        EXPECT_EQ(answer.errors, text.errors) << words[0];
        ASSERT_TRUE(answer.json().is_object()) << words[0] << ": " << answer.output;
        EXPECT_EQ(answer.json()["ok"], false) << words[0];
        EXPECT_THAT(text.errors, HasSubstr(answer.json()["error"].get<std::string>())) << words[0];
    }
    site.scene().device.misbehaviour.silent = true;
    site.start();
    EXPECT_TRUE(site.status()["battery"].is_null());
    const Answer why = site.ask({"why", "--json"});
    EXPECT_EQ(why.exit_code, 1);
    EXPECT_THAT(why.json()["error"].get<std::string>(), HasSubstr("no complete reading yet"));
}

TEST(Commands, StatusAndWhyAgreeWithTheBus) {
    World world;
    Site site(world);
    site.scene().pack.force_current(Milliamps(-12'200));
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_burst());
    const Answer text = site.ask({"status"});
    EXPECT_EQ(text.exit_code, 0) << text.errors;
    EXPECT_THAT(text.output, HasSubstr("-12.2 A"));
    const auto status = site.status();
    EXPECT_EQ(status["battery"]["charge"]["limit_a"], 60.0);
    EXPECT_EQ(status["can"]["mode"], "normal");
    EXPECT_EQ(status["transmitting"], true);
    EXPECT_FALSE(status["can"]["inverter_age_s"].is_null()) << "0x305 of the simulated inverter";
    site.scene().pack.force_cell(6, Millivolts(3455));
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) < 60; }));
    const Answer why = site.ask({"why", "charge"});
    EXPECT_EQ(why.exit_code, 0);
    EXPECT_THAT(why.output, HasSubstr("cell 7"));
    EXPECT_THAT(why.output, HasSubstr("3.455 V"));
    const auto json = site.ask({"why", "charge", "--json"}).json();
    EXPECT_EQ(json["rule"], "cell_high_curve");
    EXPECT_DOUBLE_EQ(json["limit_a"].get<double>(),
                     site.status()["battery"]["charge"]["limit_a"].get<double>());
    EXPECT_NEAR(json["limit_a"].get<double>(), charge_a(*site.last<Limits>()), 0.1);
    EXPECT_EQ(site.ask({"why", "sideways"}).exit_code, 2);
}

TEST(Commands, AFaultIsAcknowledgedOnlyWhenItIsOver) {
    World world;
    Site site(world, {.more = "[control.cells]\nlatch_release_s = 10\n"});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const Answer nothing = site.ask({"ack"});
    EXPECT_EQ(nothing.exit_code, 1);
    EXPECT_THAT(nothing.errors, HasSubstr("refused"));

    site.scene().pack.force_cell(4, Millivolts(2480));
    ASSERT_TRUE(site.until([&] { return site.status()["packs"][0]["fault"] == true; })) << site.log();
    EXPECT_EQ(discharge_a(*site.last<Limits>()), 0);
    const Answer still = site.ask({"ack", "--pack", "bank"});
    EXPECT_EQ(still.exit_code, 1);
    EXPECT_THAT(still.errors, HasSubstr("refused"));
    const Answer other = site.ask({"ack", "--pack", "elsewhere"});
    EXPECT_EQ(other.exit_code, 1);
    EXPECT_THAT(other.errors, HasSubstr("bank")) << "the names that exist";

    site.scene().pack.force_cell(4, std::nullopt);
    ASSERT_TRUE(site.until([&] { return site.ask({"ack"}).exit_code == 0; })) << site.log();
    EXPECT_GE(site.log_count("fault acknowledged by user"), 1U) << site.log();
    EXPECT_EQ(site.status()["packs"][0]["fault"], false);
}

TEST(Commands, RecoveryNeedsATypedConfirmationAndGivesASmallCurrent) {
    World world;
    Site site(world, {.rise_hold_s = 0, .pack = "capacity_ah = 100\n"});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const Answer needless = site.ask({"recover", "--pack", "bank", "--yes-i-have-looked"});
    EXPECT_EQ(needless.exit_code, 1);

    site.scene().pack.force_cell(4, Millivolts(2600));
    ASSERT_TRUE(site.until([&] { return site.status()["packs"][0]["lockout"] == true; })) << site.log();
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) == 0; }));
    const Answer mistyped = site.ask({"recover", "--pack", "bank"}, "bonk\n");
    EXPECT_EQ(mistyped.exit_code, 1);
    EXPECT_THAT(mistyped.errors, HasSubstr("not confirmed"));
    EXPECT_EQ(site.status()["packs"][0]["recovering"], false);
    EXPECT_EQ(site.ask({"recover", "--pack", "other", "--yes-i-have-looked"}).exit_code, 1);
    EXPECT_EQ(site.ask({"recover"}).exit_code, 2) << "without a pack";

    const Answer released = site.ask({"recover", "--pack", "bank"}, "bank\n");
    EXPECT_EQ(released.exit_code, 0) << released.errors;
    EXPECT_THAT(released.output, HasSubstr("released"));
    EXPECT_GE(site.log_count("recovery charge released by user"), 1U);
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) > 0; })) << site.log();
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) == 2.0; })) << "0.02 C of 100 Ah";
    EXPECT_EQ(discharge_a(*site.last<Limits>()), 0);
    EXPECT_EQ(site.ask({"recover", "--pack", "bank", "--yes-i-have-looked"}).exit_code, 1)
        << "once is enough";
}

}  // namespace
}  // namespace jkp::e2e
