// SPDX-License-Identifier: MIT
// The end of the program, orderly or not, and a program that is stopped for a while.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

#include "e2e/manager.hpp"
#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using testing::HasSubstr;

void expect_silence(Site& site, Duration time) {
    const std::size_t before = site.frames.size();
    site.world.pass(time);
    EXPECT_EQ(site.frames.size(), before) << "the bus must be silent";
}

TEST(Stop, SigtermLeavesThreeZeroBurstsAndThenSilence) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_burst());
    const TimePoint asked = io::now();
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_log("stopping"));
    ASSERT_TRUE(site.until_ended()) << site.log();
    EXPECT_LT(io::now() - asked, slowness * seconds(2));
    EXPECT_EQ(site.child->exit_code(), 0);

    // A last usual burst may have been on its way when the signal came.
    const auto limits = site.all<pylontech::Limits>();
    const auto requests = site.all<pylontech::Requests>();
    ASSERT_EQ(limits.size(), requests.size());
    std::size_t zeros = 0;
    for (std::size_t i = limits.size(); i-- > 0 && charge_a(limits[i].message) == 0; ++zeros) {
        EXPECT_EQ(discharge_a(limits[i].message), 0);
        EXPECT_FALSE(requests[i].message.charge_enable || requests[i].message.discharge_enable);
    }
    EXPECT_EQ(zeros, 3U);
    std::size_t raw_zeros = 0;
    for (const Seen& seen : site.frames) {
        if (seen.frame.id == pylontech::id_requests && seen.at >= asked) {
            raw_zeros += seen.frame.data[0] == 0 && seen.frame.data[1] == 0 ? 1U : 0U;
        }
    }
    EXPECT_EQ(raw_zeros, 3U) << "0x35C is 00 00";
    EXPECT_EQ(site.frames.size() % 6, 0U) << "whole bursts only";
    expect_silence(site, seconds(3));
    EXPECT_FALSE(std::filesystem::exists(site.file("control.sock")));
    EXPECT_TRUE(std::filesystem::exists(site.file("state.json")));
}

// Where the program's log goes, as a pipe that takes nothing more until it is read.
class StuckLog {
  public:
    explicit StuckLog(const std::string& file) {
        ::mkfifo(file.c_str(), 0600);
        fd_ = ::open(file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    }
    ~StuckLog() { ::close(fd_); }
    StuckLog(const StuckLog&) = delete;
    StuckLog& operator=(const StuckLog&) = delete;
    void fill() const {
        while (::write(fd_, "x", 1) == 1) {
        }
    }
    void drain() const {
        std::array<char, 65536> text;
        while (::read(fd_, text.data(), text.size()) > 0) {
        }
    }

  private:
    int fd_;
};

TEST(Stop, S7_TheFirstZeroBurstWaitsForNothingElseThatEnds) {
    World world;
    Site site(world);
    const StuckLog log(site.file("log"));
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60));
    ASSERT_TRUE(site.until_burst());
    log.fill();
    site.child->signal(SIGTERM);
    EXPECT_TRUE(site.until_limits(0, 0, slowness * seconds(3))) << "although its first word is stuck";
    log.drain();
    ASSERT_TRUE(site.until_ended());
    EXPECT_EQ(site.child->exit_code(), 0);
}

TEST(Stop, SigtermBeforeAnyReadingEndsWithoutAFrame) {
    World world;
    Site site(world);
    site.scene().device.misbehaviour.silent = true;
    site.start();
    ASSERT_TRUE(site.until_log("the BMS sent nothing")) << site.log();
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended(slowness * seconds(2))) << site.log();
    EXPECT_EQ(site.child->exit_code(), 0);
    EXPECT_TRUE(site.frames.empty());
}

TEST(Stop, D6AKilledProgramLeavesTheBusSilentAtOnce) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.child->signal(SIGKILL);
    ASSERT_TRUE(site.until_ended());
    world.pass(milliseconds(100));  // what was in the pseudo terminal when it died
    expect_silence(site, seconds(3));
}

TEST(Stop, D6AHaltedProgramIsSilentAndContinuesWithReducedLimits) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_burst());
    site.child->signal(SIGSTOP);
    world.pass(milliseconds(100));
    const TimePoint halted = io::now();
    const std::size_t before = site.frames.size();
    // The battery changes while nobody looks.
    site.scene().device.misbehaviour.silent = true;
    world.pass(seconds(9));
    EXPECT_EQ(site.frames.size(), before);
    site.child->signal(SIGCONT);
    const TimePoint continued = io::now();
    ASSERT_TRUE(site.until([&] { return site.bursts(before) > 0; })) << site.log();
    const auto limits = site.all<pylontech::Limits>(before);
    const double age = std::chrono::duration<double>(continued - halted).count();
    const double allowed = 60.0 * (15.0 - age) / 10.0;
    EXPECT_LE(charge_a(limits.front().message), allowed + 0.1);
    EXPECT_LE(discharge_a(limits.front().message), allowed + 0.1);
    site.scene().device.misbehaviour.silent = false;
    EXPECT_TRUE(site.until([&] { return site.status()["battery"]["data"] == "fresh"; })) << site.log();
}

TEST(Stop, D6ALongHaltContinuesWithZeroLimits) {
    World world;
    Site site(world, {.more = "[control.age]\nfresh_s = 0.5\nreduce_from_s = 1\nzero_s = 2\n"});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    site.child->signal(SIGSTOP);
    world.pass(seconds(4));
    const std::size_t before = site.frames.size();
    // It would answer at once; the first frames must not wait for it with the old limits.
    site.child->signal(SIGCONT);
    ASSERT_TRUE(site.until([&] { return site.bursts(before) > 0; })) << site.log();
    const auto limits = site.all<pylontech::Limits>(before);
    EXPECT_EQ(charge_a(limits.front().message), 0);
    EXPECT_EQ(discharge_a(limits.front().message), 0);
}

TEST(Stop, TheServiceManagerHearsReadyAndPingsOnlyWhileCyclesRun) {
    World world;
    Site site(world);
    Manager manager(site.file("notify.sock"));
    site.start({.environment = {"NOTIFY_SOCKET=" + site.file("notify.sock"), "WATCHDOG_USEC=1000000"},
                .watched = true});
    ASSERT_TRUE(site.until([&] { return manager.count("READY=1") == 1; })) << site.log();
    ASSERT_TRUE(site.until([&] { return manager.count("WATCHDOG=1") >= 4; })) << site.log();
    EXPECT_GE(manager.count("STATUS="), 1U);
    site.child->signal(SIGSTOP);
    world.pass(milliseconds(200));
    const std::size_t before = manager.count("WATCHDOG=1");
    world.pass(seconds(3));
    EXPECT_EQ(manager.count("WATCHDOG=1"), before) << "a halted program gives no sign of life";
    site.child->signal(SIGCONT);
    EXPECT_TRUE(site.until([&] { return manager.count("WATCHDOG=1") > before; }));
    site.child->signal(SIGHUP);
    EXPECT_TRUE(
        site.until([&] { return manager.count("RELOADING=1") == 1 && manager.count("READY=1") == 2; }));
    site.child->signal(SIGTERM);
    EXPECT_TRUE(site.until([&] { return manager.count("STOPPING=1") == 1; }));
    EXPECT_TRUE(site.until_ended());
}

}  // namespace
}  // namespace jkp::e2e
