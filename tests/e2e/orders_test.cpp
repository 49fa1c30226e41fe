// SPDX-License-Identifier: MIT
// `jk-pylon command` against the running program: on the bus at once, in the log with who, still there after
// a kill.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using pylontech::Limits;
using pylontech::Requests;
using testing::HasSubstr;

TEST(Orders, AMaximumIsOnTheBusAndInTheListAndCutToWhatIsConfigured) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const Answer cut = site.ask({"command", "max_charge_a", "100"});
    EXPECT_EQ(cut.exit_code, 0) << cut.errors;
    EXPECT_THAT(cut.output, HasSubstr("max_charge_a: 60.0 A; the configured maximum is 60.0 A"));
    const Answer answer = site.ask({"command", "max_charge_a", "20", "--expires", "600", "--json"});
    EXPECT_EQ(answer.exit_code, 0) << answer.errors;
    EXPECT_EQ(answer.json()["effective"], 20.0);
    EXPECT_EQ(answer.json()["expires_s"], 600.0);
    ASSERT_TRUE(site.until_limits(20, 60)) << site.log();
    EXPECT_TRUE(site.until_log("command max_charge_a 20.0 A by local user")) << site.log();
    const Answer list = site.ask({"command"});
    EXPECT_EQ(list.exit_code, 0);
    EXPECT_THAT(list.output, HasSubstr("max_charge_a      20.0 A, "));
    EXPECT_THAT(list.output, HasSubstr("by local user"));
    const Answer why = site.ask({"why", "charge"});
    EXPECT_THAT(why.output, HasSubstr("charge: 20.0 A  because: maximum by command"));
    EXPECT_THAT(why.output, HasSubstr("another value or the end of the command max_charge_a"));
    const Answer ended = site.ask({"command", "max_charge_a", "off"});
    EXPECT_THAT(ended.output, HasSubstr("max_charge_a: ended"));
}

TEST(Orders, ARefusalHasItsReasonAndExitCodeOne) {
    World world;
    Site site(world);
    const Answer nobody = site.ask({"command", "pause"});
    EXPECT_EQ(nobody.exit_code, 2);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const Answer force = site.ask({"command", "force_charge"});
    EXPECT_EQ(force.exit_code, 1);
    EXPECT_THAT(force.errors, HasSubstr("refused: profile.force_charge_requests is false"));
    EXPECT_TRUE(site.until_log("command force_charge by local user")) << site.log();
    const Answer much = site.ask({"command", "max_charge_a", "4000"});
    EXPECT_EQ(much.exit_code, 1);
    EXPECT_THAT(much.errors, HasSubstr("between 0 and 3276.7"));
    EXPECT_EQ(site.ask({"command", "max_charge_a", "many"}).exit_code, 1);
    EXPECT_EQ(site.ask({"command", "everything", "on"}).exit_code, 2);
    EXPECT_EQ(charge_a(*site.last<Limits>()), 60);
}

TEST(Orders, APauseOutlivesAKilledProgramAndEndsWhenItIsTold) {
    World world;
    Site site(world, {.rise_hold_s = 0});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_EQ(site.ask({"command", "pause"}).exit_code, 0);
    ASSERT_TRUE(site.until_limits(0, 0)) << site.log();
    ASSERT_TRUE(site.until([&] {
        const auto bits = site.last<Requests>();
        return bits && !bits->charge_enable && !bits->discharge_enable;
    }));
    ASSERT_TRUE(
        site.until([&] { return contents(site.file("state.json")).find("\"pause\"") != std::string::npos; }));
    site.child->signal(SIGKILL);
    ASSERT_TRUE(site.until_ended());
    const std::size_t from = site.frames.size();
    site.start();
    ASSERT_TRUE(site.until([&] { return site.bursts(from) > 8; })) << site.log();
    for (const auto& limits : site.all<Limits>(from)) EXPECT_EQ(charge_a(limits.message), 0);
    for (const auto& bits : site.all<Requests>(from)) EXPECT_FALSE(bits.message.discharge_enable);
    ASSERT_EQ(site.ask({"command", "pause", "off"}).exit_code, 0);
    EXPECT_TRUE(site.until_limits(60, 60)) << site.log();
}

}  // namespace
}  // namespace jkp::e2e
