// SPDX-License-Identifier: MIT
// What survives a restart, and a disk that takes nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using pylontech::Limits;
using testing::HasSubstr;

nlohmann::json saved(const Site& site) {
    return nlohmann::json::parse(contents(site.file("state.json")), nullptr, false);
}

// A cell at 3.61 V twice in a row latches the hard stop; then the cell is calm again.
void latch_over_voltage(Site& site) {
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.scene().pack.force_cell(2, Millivolts(3610));
    ASSERT_TRUE(site.until([&] {
        return std::filesystem::exists(site.file("state.json")) &&
               saved(site).dump().find("true") != std::string::npos &&
               site.status()["packs"][0]["hard_stop_latched"] == true;
    })) << site.log();
    site.scene().pack.force_cell(2, Millivolts(3400));
}

void expect_latched_after_restart(Site& site) {
    const std::size_t before = site.frames.size();
    site.start();
    ASSERT_TRUE(site.until([&] { return site.bursts(before) >= 20; })) << site.log();
    for (const auto& [limits, at] : site.all<Limits>(before)) {
        EXPECT_EQ(charge_a(limits), 0) << "the original gave 60 A after a restart";
    }
    EXPECT_EQ(site.status()["packs"][0]["hard_stop_latched"], true) << site.log();
    const Answer why = site.ask({"why", "charge"});
    EXPECT_EQ(why.exit_code, 0);
    EXPECT_THAT(why.output, HasSubstr("latched"));
}

TEST(State, D9AnOverVoltageLatchSurvivesAnOrderlyRestart) {
    World world;
    Site site(world);
    latch_over_voltage(site);
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended());
    ASSERT_EQ(site.child->exit_code(), 0);
    expect_latched_after_restart(site);
}

TEST(State, D9AnOverVoltageLatchSurvivesAKill) {
    World world;
    Site site(world);
    latch_over_voltage(site);
    site.child->signal(SIGKILL);
    ASSERT_TRUE(site.until_ended());
    expect_latched_after_restart(site);
}

// No latch, but a limit that was taken down a moment ago: its hold goes on behind the restart.
TEST(State, D9AHoldSurvivesARestart) {
    World world;
    Site orderly(world, {.rise_hold_s = 12});
    Site killed(world, {.rise_hold_s = 12});
    std::vector<Site*> sites{&orderly, &killed};
    for (Site* site : sites) {
        site->start();
    }
    for (Site* site : sites) {
        ASSERT_TRUE(site->until_limits(60, 60)) << site->log();
        site->scene().pack.force_cell(2, Millivolts(3560));
        ASSERT_TRUE(site->until([&] { return charge_a(*site->last<Limits>()) == 0; }));
        site->scene().pack.force_cell(2, std::nullopt);
    }
    orderly.child->signal(SIGTERM);
    killed.child->signal(SIGKILL);
    std::vector<std::size_t> before;
    for (Site* site : sites) {
        ASSERT_TRUE(site->until_ended());
        before.push_back(site->frames.size());
        site->start();
    }
    const TimePoint restarted = io::now();
    for (std::size_t i = 0; i < 2; ++i) {
        Site& site = *sites[i];
        ASSERT_TRUE(site.until([&] {
            return site.frames.size() > before[i] && charge_a(*site.last<Limits>()) > 0;
        })) << site.log();
        EXPECT_GT(io::now() - restarted, seconds(8)) << (i == 0 ? "orderly" : "killed");
    }
}

TEST(State, WithADamagedFileNothingFlowsUntilItIsAcknowledgedAlsoAfterARestart) {
    World world;
    Site site(world, {.rise_hold_s = 0, .more = "[control.cells]\nlatch_release_s = 10\n"});
    std::ofstream(site.file("state.json")) << "{\"version\": 1, \"packs\": [{";
    site.start();
    ASSERT_TRUE(site.until_log("cannot be used")) << site.log();
    EXPECT_THAT(site.log(), HasSubstr("jk-pylon ack"));
    EXPECT_EQ(contents(site.file("state.json.unusable-1")), "{\"version\": 1, \"packs\": [{");
    EXPECT_EQ(saved(site)["packs"][0]["unknown"], true);
    ASSERT_TRUE(site.until([&] { return site.bursts() >= 3; })) << site.log();
    site.child->signal(SIGKILL);
    ASSERT_TRUE(site.until_ended());
    site.start();
    ASSERT_TRUE(site.until([&] { return site.bursts() >= 20; })) << site.log();
    for (const auto& [limits, at] : site.all<Limits>()) {
        EXPECT_EQ(charge_a(limits), 0);
        EXPECT_EQ(discharge_a(limits), 0);
    }
    EXPECT_EQ(site.log_count("cannot be used"), 1U);
    ASSERT_TRUE(site.until([&] { return site.ask({"ack"}).exit_code == 0; })) << site.log();
    EXPECT_TRUE(site.until_limits(60, 60)) << site.log();
}

// A clock that was set back, or a file from the future: the age is unknown, so every hold is kept in full.
TEST(State, AFileFromTheFutureKeepsTheHoldInFull) {
    World world;
    Site site(world, {.rise_hold_s = 6});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.child->signal(SIGKILL);
    ASSERT_TRUE(site.until_ended());
    auto state = saved(site);
    ASSERT_TRUE(state.is_object());
    for (auto& [key, value] : state.items()) {
        if (value.is_number_integer() && value.get<std::int64_t>() > 1'700'000'000) value = 4'000'000'000;
    }
    ASSERT_THAT(state.dump(), HasSubstr("4000000000"));
    ASSERT_EQ(state.erase("boot"), 1U);  // within one run of the machine its steady clock would tell the age
    std::ofstream(site.file("state.json")) << state.dump();
    const std::size_t before = site.frames.size();
    site.start();
    const TimePoint restarted = io::now();
    ASSERT_TRUE(site.until([&] { return site.frames.size() > before && charge_a(*site.last<Limits>()) > 0; }))
        << site.log();
    EXPECT_GT(io::now() - restarted, seconds(5));
}

void expect_control_goes_on(Site& site) {
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_log("the state file cannot be written")) << site.log();
    site.scene().pack.force_cell(2, Millivolts(3610));  // something new to be written
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) == 0; })) << site.log();
    ASSERT_TRUE(site.until([&] { return site.status()["packs"][0]["hard_stop_latched"] == true; }));
    ASSERT_TRUE(site.until_burst());
    EXPECT_EQ(site.log_count("the state file cannot be written"), 1U) << site.log();
    EXPECT_THAT(site.log(), HasSubstr("control goes on"));
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended(slowness * seconds(3)));
    EXPECT_EQ(site.child->exit_code(), 0);
}

// No file may grow, the log's neither; the kernel's default answer to that is a deadly signal.
TEST(State, WhereNoFileMayGrowControlGoesOnAllTheSame) {
    World world;
    Site site(world);
    site.start({.largest_file = 0});
    ASSERT_TRUE(site.until_limits(60, 60));
    site.scene().pack.force_cell(2, Millivolts(3610));  // something that is written at once
    ASSERT_TRUE(site.until([&] { return charge_a(*site.last<Limits>()) == 0; }));
    ASSERT_TRUE(site.until([&] { return site.status()["packs"][0]["hard_stop_latched"] == true; }));
    ASSERT_TRUE(site.until_burst());
    ASSERT_FALSE(site.child->ended()) << "exit code " << site.child->exit_code();
    EXPECT_FALSE(saved(site).is_object());
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended(slowness * seconds(3)));
    EXPECT_EQ(site.child->exit_code(), 0);
}

TEST(State, AFolderThatIsNotThereIsToldOnceAndControlGoesOn) {
    World world;
    Site site(world);
    std::string text = contents(site.file("site.toml"));
    const std::string good = site.file("state.json");
    text.replace(text.find(good), good.size(), site.file("none/state.json"));
    std::ofstream(site.file("site.toml")) << text;
    site.start();
    expect_control_goes_on(site);
}

}  // namespace
}  // namespace jkp::e2e
