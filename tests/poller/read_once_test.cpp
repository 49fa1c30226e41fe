// SPDX-License-Identifier: MIT
#include "app/read_once.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "poller/bench.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

// read_once blocks, so the device lives on a thread of its own.
class ReadOnce : public testing::Test {
  protected:
    Bench bench;
    std::string path = bench.device_on_pty.path();

    Result<Stamped<PackReading>, ReadOnceFailure> read(const sim::Misbehaviour& misbehaviour) {
        bench.device.misbehaviour = misbehaviour;
        std::atomic<bool> done = false;
        std::thread device([&] { bench.until([&] { return done.load(); }); });
        auto result = read_once(quick(path), milliseconds(1500));
        done = true;
        device.join();
        return result;
    }
};

TEST_F(ReadOnce, ReturnsTheFirstGoodReading) {
    const auto result = read({.silent_polls = 2});
    ASSERT_TRUE(result) << result.error().sentence;
    EXPECT_EQ(result->value.cells.size(), 16U);
}

TEST_F(ReadOnce, SilenceNamesWiringSleepAndTheProtocolSetting) {
    const auto result = read({.silent = true});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, ReadOnceError::silent);
    EXPECT_THAT(result.error().sentence, HasSubstr("wiring"));
    EXPECT_THAT(result.error().sentence, HasSubstr("000 - 4G-GPS Remote module Common protocol V4.2"));
}

TEST_F(ReadOnce, SilenceBehindAnEchoIsSilence) {
    const auto result = read({.silent = true, .echo = true});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, ReadOnceError::silent);
}

TEST_F(ReadOnce, DamageNamesGroundCableAndPullUp) {
    const auto result = read({.wrong_checksum = true});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, ReadOnceError::corrupt);
    EXPECT_THAT(result.error().sentence, HasSubstr("checksum"));
    EXPECT_THAT(result.error().sentence, HasSubstr("ground"));
    EXPECT_THAT(result.error().sentence, HasSubstr("pull-up"));
}

TEST_F(ReadOnce, APortThatIsMissingEndsItAtOnce) {
    const TimePoint before = io::now();
    const auto result = read_once(quick("/dev/serial/by-id/nothing"), std::chrono::seconds(5));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, ReadOnceError::port);
    EXPECT_LT(io::now() - before, milliseconds(500));
}

}  // namespace
}  // namespace jkp::app
