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

TEST(Reload, TransmitCanBeSwitchedOffAndOnAndSettingsOfTheStartAreKept) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.write_config({.can = "transmit = false\n", .more = "[log]\nlevel = \"debug\"\n"});
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_log("take effect only at the next start")) << site.log();
    ASSERT_TRUE(site.until([&] { return site.status()["can"]["mode"] == "muted"; })) << site.log();
    const std::size_t before = site.frames.size();
    world.pass(seconds(2));
    EXPECT_EQ(site.frames.size(), before);
    site.write_config({});
    site.child->signal(SIGHUP);
    EXPECT_TRUE(site.until_burst()) << site.log();
}

}  // namespace
}  // namespace jkp::e2e
