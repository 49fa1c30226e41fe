// SPDX-License-Identifier: MIT
#include "app/jk_poller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "poller/bench.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class Poller : public testing::Test, public Bench {};

// The program hangs: nobody runs the loop.
void busy_until(TimePoint end) {
    while (io::now() < end) {
    }
}

std::uint64_t failed(const JkPollerCounters& counters) {
    std::uint64_t sum = 0;
    for (const std::uint64_t n : counters.failures) sum += n;
    return sum;
}

TEST_F(Poller, DeliversEveryAnswerOfAHealthyBmsOnceAndInOrder) {
    pack.force_cell(3, Millivolts(3321));
    start();
    ASSERT_TRUE(readings_reach(5));
    for (std::size_t i = 0; i < readings.size(); ++i) {
        EXPECT_EQ(readings[i].value.current, Milliamps(10 * static_cast<std::int32_t>(i + 1)));
        EXPECT_EQ(readings[i].value.cells[3], Millivolts(3321));
    }
    EXPECT_EQ(counters().polls, 5U);
    EXPECT_EQ(counters().answers, 5U);
    EXPECT_EQ(failed(counters()) + counters().late + counters().doubtful + counters().first_lost, 0U);
    ASSERT_EQ(states.size(), 1U);
    EXPECT_EQ(states[0].first, PortState::open);
}

TEST_F(Poller, TheStampIsTheArrivalOfTheLastByte) {
    start();
    const TimePoint before = io::now();
    ASSERT_TRUE(readings_reach(1));
    EXPECT_GE(readings[0].at - before, sim::line_time(291));
    EXPECT_LE(readings[0].at, io::now());
}

TEST_F(Poller, RequestsKeepTheirCadenceWithoutDrift) {
    start();
    ASSERT_TRUE(readings_reach(1));
    const TimePoint first = readings[0].at;
    // One request goes out 130 ms late; those after it are on their deadlines again.
    ASSERT_TRUE(readings_reach(3));
    busy_until(first + milliseconds(3 * 300 + 100));
    ASSERT_TRUE(readings_reach(9));
    Duration least_shift = milliseconds(300);
    for (std::size_t i = 4; i < 9; ++i) {
        const Duration shift = (readings[i].at - first + milliseconds(50)) % milliseconds(300);
        least_shift = std::min(least_shift, shift);
    }
    EXPECT_LT(least_shift, milliseconds(100));  // 50 is none at all
}

TEST_F(Poller, AStalledLoopSkipsPollsInsteadOfMakingUpForThem) {
    start();
    ASSERT_TRUE(readings_reach(2));
    const auto polls = counters().polls;
    busy_until(io::now() + milliseconds(1500));
    pass(milliseconds(350));
    EXPECT_LE(counters().polls, polls + 3);
}

TEST_F(Poller, SkipsTheEchoOfTheAdapter) {
    device.misbehaviour.echo = true;
    start();
    ASSERT_TRUE(readings_reach(3));
    EXPECT_EQ(counters().echoes, 3U);
    EXPECT_EQ(failed(counters()), 0U);
}

TEST_F(Poller, AnEchoAloneIsSilence) {
    device.misbehaviour.echo = true;
    device.misbehaviour.silent = true;
    start();
    ASSERT_TRUE(until([this] { return counters().of(PollFailure::silent) == 2; }));
    EXPECT_EQ(counters().of(PollFailure::garbage), 0U);
}

TEST_F(Poller, TheFirstAnswerAfterOpeningMayBeLost) {
    device.misbehaviour.silent_polls = 1;
    start();
    ASSERT_TRUE(readings_reach(2));
    EXPECT_EQ(counters().first_lost, 1U);
    EXPECT_TRUE(failures.empty());
}

TEST_F(Poller, ABmsThatIsSilentFromTheStartIsReadAsSoonAsItAnswers) {
    device.misbehaviour.silent_polls = 5;
    start();
    ASSERT_TRUE(readings_reach(1));
    EXPECT_EQ(counters().first_lost, 1U);
    EXPECT_EQ(counters().of(PollFailure::silent), 4U);
    ASSERT_EQ(failures.size(), 4U);
    EXPECT_THAT(failures[0].sentence, HasSubstr("sent nothing"));
}

TEST_F(Poller, ASilentPollIsCountedAndTheNextAnswerIsAskedForTwice) {
    start();
    ASSERT_TRUE(readings_reach(2));
    device.misbehaviour.silent_polls = 1;
    ASSERT_TRUE(readings_reach(4));
    EXPECT_EQ(counters().of(PollFailure::silent), 1U);
    EXPECT_EQ(counters().doubtful, 1U);
    EXPECT_EQ(failed(counters()), 1U);
}

TEST_F(Poller, APollOutOfTurnLeavesTheOthersOnTheirDeadlines) {
    auto settings = quick(device_on_pty.path());
    settings.poll_period = std::chrono::seconds(1);
    start(settings);
    ASSERT_TRUE(readings_reach(1));
    const TimePoint first = readings[0].at;
    poller->poll_now();
    ASSERT_TRUE(readings_reach(3));
    EXPECT_LT(readings[1].at - first, milliseconds(500));
    EXPECT_NEAR(static_cast<double>(jkp::milliseconds(readings[2].at - first)), 1000.0, 150.0);
}

TEST_F(Poller, ANewPeriodHoldsFromNowOn) {
    auto settings = quick(device_on_pty.path());
    settings.poll_period = std::chrono::seconds(60);
    start(settings);
    ASSERT_TRUE(readings_reach(1));
    poller->set_period(milliseconds(150));
    EXPECT_TRUE(readings_reach(4));
}

TEST_F(Poller, AStoppedPollerAsksNoMore) {
    start();
    ASSERT_TRUE(readings_reach(1));
    poller->stop();
    const auto requests = device.requests();
    pass(milliseconds(500));
    EXPECT_EQ(device.requests(), requests);
    EXPECT_EQ(poller->state(), PortState::closed);
    poller->start();
    EXPECT_TRUE(readings_reach(2));
}

TEST_F(Poller, AnUnknownRegisterIsCountedAndTheReadingIsDelivered) {
    device.misbehaviour.unknown_register = std::uint8_t{0xC7};
    start();
    ASSERT_TRUE(readings_reach(2));
    EXPECT_EQ(counters().unknown_registers, 2U);
}

}  // namespace
}  // namespace jkp::app
