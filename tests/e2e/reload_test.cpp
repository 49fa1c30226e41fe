// SPDX-License-Identifier: MIT
// SIGHUP: the file is read again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using testing::HasSubstr;

TEST(Reload, ABadFileIsToldAndTheRunningConfigurationStays) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.write_config({.max_charge_a = 20, .more = "[can]\nkind = \"pigeon\"\n"});
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_log("reload refused, the running configuration stays")) << site.log();
    EXPECT_TRUE(site.until_log("site.toml")) << "the cause is told with file and line";
    const std::size_t before = site.frames.size();
    ASSERT_TRUE(site.until_burst());
    for (const auto& [limits, at] : site.all<pylontech::Limits>(before)) EXPECT_EQ(charge_a(limits), 60);
    std::filesystem::remove(site.file("site.toml"));
    site.child->signal(SIGHUP);
    EXPECT_TRUE(site.until_log("reload refused", 2)) << site.log();
    ASSERT_TRUE(site.until_burst()) << "it goes on";
}

TEST(Reload, ALowerMaximumCountsAtOnceAndAHigherOneAfterTheHold) {
    World world;
    Site site(world, {.rise_hold_s = 3});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.write_config({.max_charge_a = 25, .max_discharge_a = 40, .rise_hold_s = 3});
    const TimePoint asked = io::now();
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_limits(25, 40)) << site.log();
    EXPECT_LT(io::now() - asked, slowness * seconds(1));
    EXPECT_EQ(site.log_count("configuration reloaded"), 1U);
    site.write_config({.rise_hold_s = 3});
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    EXPECT_GT(io::now() - asked, seconds(3));
    EXPECT_FALSE(site.child->ended());
}

// What the bus that is left hears after frame number `from`: whole bursts, the last three of them with zeros.
void expect_farewell(Site& site, std::size_t from) {
    ASSERT_TRUE(site.until([&] {
        std::size_t zeros = 0;
        for (const auto& [limits, at] : site.all<pylontech::Limits>(from)) {
            zeros += charge_a(limits) == 0 && discharge_a(limits) == 0 ? 1U : 0U;
        }
        return zeros == 3 && site.bursts(from) == site.all<pylontech::Limits>(from).size();
    })) << site.log();
    for (const auto& [requests, at] : site.all<pylontech::Requests>(site.frames.size() - 18)) {
        EXPECT_FALSE(requests.charge_enable || requests.discharge_enable);
    }
    const std::size_t after = site.frames.size();
    site.world.pass(seconds(2));
    EXPECT_EQ(site.frames.size(), after) << "and then silence";
}

TEST(Reload, TransmitCanBeSwitchedOffAndOnAndSettingsOfTheStartAreKept) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    std::size_t before = site.frames.size();
    site.write_config({.can = "transmit = false\n", .more = "[log]\nlevel = \"debug\"\n"});
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_log("take effect only at the next start")) << site.log();
    expect_farewell(site, before);
    EXPECT_EQ(site.status()["can"]["mode"], "muted");
    site.write_config({});
    site.child->signal(SIGHUP);
    EXPECT_TRUE(site.until_burst()) << site.log();
    before = site.frames.size();
    site.write_config({.can = "transmit = false\n"});
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_log("configuration reloaded", 3)) << site.log();
    site.child->signal(SIGTERM);  // while it says farewell
    ASSERT_TRUE(site.until_ended()) << site.log();
    expect_farewell(site, before);
}

TEST(Reload, S7_TheBusThatIsLeftHearsZeroLimitsAndTheNewOneGoesOn) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const std::size_t before = site.frames.size();
    site.write_config({.can = "kind = \"candump\"\nfile = \"" + site.file("other.log") + "\"\n"});
    site.child->signal(SIGHUP);
    expect_farewell(site, before);
    EXPECT_TRUE(site.until([&] {
        return contents(site.file("other.log")).find("351#") != std::string::npos;
    })) << site.log();
    // And back, twice in a row: the terminal is opened only after the file has heard the end.
    site.write_config({});
    site.child->signal(SIGHUP);
    site.child->signal(SIGHUP);
    EXPECT_TRUE(site.until_limits(60, 60)) << site.log();
    EXPECT_TRUE(site.until_burst()) << site.log();
    EXPECT_FALSE(site.child->ended());
}

}  // namespace
}  // namespace jkp::e2e
