// SPDX-License-Identifier: MIT
// A dead name server must not hold a command longer than its patience.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cli/calibration_points.hpp"
#include "cli/commands.hpp"
#include "goodwe_peer/name_server.hpp"
#include "io/clock.hpp"

namespace jkp::cli {
namespace {

using std::chrono::seconds;
using test::hanging_name;
using test::name_server;

// Looks whether a command comes back while the name server is still dead. One that does not would wait for
// ever: a thread lets it go when its time is long over.
class CommandsWithADeadNameServer : public testing::Test {
  protected:
    CommandsWithADeadNameServer() {
        name_server().die();
        rescuer_ = std::thread([this] {
            std::unique_lock lock(mutex_);
            ended_.wait_for(lock, seconds(10), [this] { return over_; });
            lock.unlock();
            name_server().revive();
        });
    }
    ~CommandsWithADeadNameServer() override {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        ended_.notify_all();
        rescuer_.join();
    }
    static constexpr double patience_s = 0.2;
    static constexpr seconds far_beyond{5};

  private:
    std::mutex mutex_;
    std::condition_variable ended_;
    bool over_ = false;
    std::thread rescuer_;
};

TEST_F(CommandsWithADeadNameServer, GoodweEndsWithItsPatience) {
    testing::internal::CaptureStderr();
    const TimePoint before = io::now();
    const int code = goodwe({.host = hanging_name, .patience_s = patience_s});
    const Duration took = io::now() - before;
    const std::string told = testing::internal::GetCapturedStderr();
    EXPECT_TRUE(name_server().holds_somebody()) << "otherwise nothing was tried";
    EXPECT_LT(took, far_beyond);
    EXPECT_EQ(code, bad);
    EXPECT_THAT(told, testing::HasSubstr("no reading from name.server.is.dead:8899"));
}

TEST_F(CommandsWithADeadNameServer, CalibrateEndsAfterTheTimeItWasGiven) {
    config::SensorSettings no_bus;
    no_bus.bus = 255;
    SensorOptions options;
    options.for_s = patience_s;
    options.goodwe = hanging_name;
    testing::internal::CaptureStderr();
    const TimePoint before = io::now();
    const auto points = goodwe_points(options, no_bus);
    const Duration took = io::now() - before;
    testing::internal::GetCapturedStderr();
    EXPECT_TRUE(name_server().holds_somebody()) << "otherwise nothing was tried";
    EXPECT_LT(took, far_beyond);
    EXPECT_FALSE(points) << "the sensor has told nothing";
}

}  // namespace
}  // namespace jkp::cli
