// SPDX-License-Identifier: MIT
// From the start to the first frames, and what is never sent.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "e2e/site.hpp"
#include "io/serial_names.hpp"

namespace jkp::e2e {
namespace {

using testing::HasSubstr;

std::set<std::uint32_t> identifiers(const Site& site) {
    std::set<std::uint32_t> ids;
    for (const Seen& seen : site.frames) ids.insert(seen.frame.id);
    return ids;
}

const std::set<std::uint32_t> battery_ids{0x351, 0x355, 0x356, 0x359, 0x35C, 0x35E};

TEST(Start, D1FailedFirstPollsPutNothingOnTheBusAndTheFirstAnswerDoes) {
    World world;
    Site site(world, {.quick = false});  // the start hold of 5 s and the slow ramp
    site.scene().device.misbehaviour.silent_polls = 8;
    site.scene().pack.force_soc(Permille(610));
    site.start();
    ASSERT_TRUE(site.until([&] { return site.scene().device.requests() >= 8; })) << site.log();
    EXPECT_TRUE(site.frames.empty()) << "nothing is known yet";
    ASSERT_TRUE(site.until_burst()) << site.log();
    const TimePoint first = io::now();
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<pylontech::Limits>()) >= 3; })) << site.log();
    EXPECT_GT(io::now() - first, seconds(5)) << "held first, then a ramp";

    const auto limits = site.all<pylontech::Limits>();
    EXPECT_EQ(charge_a(limits.front().message), 0);
    EXPECT_EQ(discharge_a(limits.front().message), 0);
    for (const auto& soc : site.all<pylontech::StateOfCharge>()) {
        EXPECT_EQ(soc.message.soc, Permille(610)) << "never a made-up 80 %";
    }
    EXPECT_EQ(identifiers(site), battery_ids);
}

TEST(Start, D1ABmsThatAnswersLateFromTheStartIsReadAllTheSame) {
    World world;
    Site site(world, {.poll_s = 1});
    site.scene().device.misbehaviour.delay = milliseconds(150);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
}

TEST(Start, D1ABmsThatNeverAnswersLeavesTheBusSilentAndTheProcessorIdle) {
    World world;
    Site site(world);
    site.scene().device.misbehaviour.silent = true;
    site.start();
    ASSERT_TRUE(site.until_log("the BMS sent nothing")) << site.log();
    const double before = site.child->cpu_seconds();
    world.pass(seconds(4));
    EXPECT_TRUE(site.frames.empty());
    EXPECT_GE(site.scene().device.requests(), 8U) << "it goes on asking";
    if (slowness == 1) {
        EXPECT_LT(site.child->cpu_seconds() - before, 0.12) << "waiting must not spin";
    }
    const Answer answer = site.ask({"status"});
    EXPECT_EQ(answer.exit_code, 1) << "not everything works";
    EXPECT_THAT(answer.output, HasSubstr("No complete reading yet: nothing is sent"));
    EXPECT_EQ(site.ask({"why"}).exit_code, 1);
}

TEST(Start, WithTransmitOffNothingIsSentAndStatusShowsTheValues) {
    World world;
    Site site(world, {.can = "transmit = false\n"});
    site.scene().pack.force_current(Milliamps(-12'200));
    site.start();
    ASSERT_TRUE(site.until_log("started")) << site.log();
    nlohmann::json status;
    ASSERT_TRUE(site.until([&] {
        status = site.status();
        return status.is_object() && status["battery"].is_object() &&
               status["battery"]["charge"]["limit_a"] == 60.0;
    })) << site.log();
    EXPECT_EQ(status["battery"]["current_a"], -12.2);
    EXPECT_EQ(status["can"]["mode"], "muted");
    EXPECT_EQ(status["can"]["bursts"], 0);
    EXPECT_EQ(status["transmitting"], false);
    EXPECT_TRUE(site.frames.empty());
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended());
    EXPECT_EQ(site.child->exit_code(), 0);
    EXPECT_TRUE(site.frames.empty()) << "not even at the end";
}

TEST(Start, TheInvertersOwnFrameIsSentOnlyWhenAskedForByName) {
    World world;
    Site site(world, {.can = "send_alive = true\n"});
    site.start();
    ASSERT_TRUE(site.until_burst()) << site.log();
    auto with_alive = battery_ids;
    with_alive.insert(0x305);
    EXPECT_TRUE(site.until([&] { return identifiers(site) == with_alive; }));
}

TEST(Start, ASecondInstanceIsRefusedWithACauseAndHarmsNothing) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_burst()) << site.log();
    const Answer second = site.run({"run", "--config", site.file("site.toml")});
    EXPECT_EQ(second.exit_code, 2);
    EXPECT_THAT(second.errors, HasSubstr("another instance already listens on " + site.file("control.sock")));
    EXPECT_THAT(second.errors, HasSubstr("stop it first"));
    EXPECT_TRUE(site.until_burst()) << "the first goes on";
    EXPECT_EQ(site.ask({"status"}).exit_code, 0) << "and still answers";
}

// Another configuration altogether, but the same CAN adapter: two programs must not share it.
TEST(Start, ACanAdapterInUseIsNotShared) {
    World world;
    Site site(world);
    Site other(world);
    std::filesystem::remove(other.file("can"));
    std::filesystem::create_symlink(std::filesystem::read_symlink(site.file("can")), other.file("can"));
    site.start();
    ASSERT_TRUE(site.until_burst()) << site.log();
    other.start();
    ASSERT_TRUE(other.until_log("is in use by process " + std::to_string(site.child->pid()))) << other.log();
    ASSERT_TRUE(other.until([&] { return other.status()["battery"].is_object(); }));
    site.child->signal(SIGKILL);
    ASSERT_TRUE(site.until_ended());
    const std::size_t before = site.frames.size();
    EXPECT_TRUE(site.until([&] { return site.bursts(before) > 0; }))
        << "the other takes over: " << other.log();
}

TEST(Start, MissingDevicesAreNamedWithThoseThatExist) {
    World world;
    Site site(world);
    site.host->unplug_bms();
    site.host->unplug_can();
    site.start();
    ASSERT_TRUE(site.until_log(site.file("bms") + " does not exist; ")) << site.log();
    ASSERT_TRUE(site.until_log(site.file("can") + " is not there; ")) << site.log();
    EXPECT_GE(site.log_count(io::words(io::list_serial_ports())), 2U) << site.log();
    const Answer answer = site.ask({"status"});
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_THAT(answer.output, HasSubstr(site.file("bms") + " does not exist"));
    EXPECT_THAT(answer.output, HasSubstr(site.file("can") + " is not there"));
}

TEST(Start, AMissingCanInterfaceIsNamedWithThoseThatExist) {
    World world;
    Site site(world, {.can = "kind = \"socketcan\"\ninterface = \"nocan7\"\n"});
    site.start();
    ASSERT_TRUE(site.until_log("nocan7 does not exist; ")) << site.log();
    ASSERT_TRUE(site.until_log("CAN interface")) << site.log();
}

TEST(Start, AConfigurationWithErrorsIsRefusedWithAllOfThem) {
    World world;
    Site site(world, {.max_charge_a = 6000, .can = "bitrat = 5\n"});
    const Answer answer = site.run({"run", "--config", site.file("site.toml")});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_THAT(answer.errors, HasSubstr("max_charge_a"));
    EXPECT_THAT(answer.errors, HasSubstr("bitrat"));
    EXPECT_EQ(site.run({"check-config", site.file("site.toml")}).exit_code, 1);
    const Answer missing = site.run({"run", "--config", site.file("none.toml")});
    EXPECT_EQ(missing.exit_code, 2);
    EXPECT_THAT(missing.errors, HasSubstr("No such file"));
}

}  // namespace
}  // namespace jkp::e2e
