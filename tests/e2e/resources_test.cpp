// SPDX-License-Identifier: MIT
// D16: one process, few threads, little memory, no descriptor lost.
#include <gtest/gtest.h>

#include <fstream>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

bool has_children(pid_t pid) {
    const std::string task = "/proc/" + std::to_string(pid) + "/task/";
    return !contents(task + std::to_string(pid) + "/children").empty();
}

TEST(Resources, D16OneSmallProcessThatLosesNothingOverManyPlugs) {
    World world;
    Site site(world, {.more = "[web]\nenabled = false\n[history]\nenabled = false\n"});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const std::size_t files = site.child->open_files();
    const long threads = site.child->status_number("Threads");
    EXPECT_LE(threads, slowness == 1 ? 2 : 3) << "the loop, and one that writes the state file";
    EXPECT_GT(files, 5U);
    for (int i = 0; i < 8; ++i) {
        site.host->unplug_bms();
        site.host->unplug_can();
        ASSERT_TRUE(site.until([&] {
            const auto status = site.status();
            return status["packs"][0]["link"]["state"] == "failed" &&
                   status["can"]["link"]["state"] == "missing";
        })) << site.log();
        site.host->plug_bms();
        site.host->plug_can();
        const std::size_t before = site.frames.size();
        ASSERT_TRUE(site.until([&] { return site.bursts(before) >= 3; })) << site.log();
    }
    EXPECT_EQ(site.child->open_files(), files);
    EXPECT_EQ(site.child->status_number("Threads"), threads);
    EXPECT_FALSE(has_children(site.child->pid()));
    const long resident_kb = site.child->status_number("VmRSS");
    RecordProperty("resident_kb", static_cast<int>(resident_kb));
    EXPECT_GT(resident_kb, 0);
    if (slowness == 1) {
        EXPECT_LT(resident_kb, 12 * 1024);  // 2 MB of its own, the rest are libraries; see docs/figures.md
    }
}

TEST(Resources, D16APollEverySecondCostsLittleProcessorTimeAndLog) {
    World world;
    Site site(world, {.poll_s = 1});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const double before = site.child->cpu_seconds();
    const std::size_t said = site.log().size();
    world.pass(seconds(10));
    const double used = site.child->cpu_seconds() - before;
    if (slowness == 1) {
        EXPECT_LT(used, 0.3) << "of 10 s; the original needs as much every 9 s";
    }
    EXPECT_EQ(site.log().size(), said) << "a day without events has no log: " << site.log().substr(said);
}

}  // namespace
}  // namespace jkp::e2e
