// SPDX-License-Identifier: MIT
// Lines and devices that misbehave: what is counted, and that the next good answer is delivered.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/steady_timer.hpp>

#include "app/jk_poller.hpp"
#include "io/pty_pair.hpp"
#include "jk/encode_4e57.hpp"
#include "poller/bench.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

class PollerFaults : public testing::Test, public Bench {
  protected:
    // Two good answers, one damaged poll, one good answer: exactly one failure of the named kind.
    void one_bad_poll(const sim::Misbehaviour& damage, PollFailure expected) {
        start();
        ASSERT_TRUE(readings_reach(2));
        device.misbehaviour = damage;
        ASSERT_TRUE(until([this] { return failures.size() == 1; }));
        device.misbehaviour = {};
        ASSERT_TRUE(readings_reach(3));
        EXPECT_EQ(failures.size(), 1U);
        EXPECT_EQ(failures[0].failure, expected) << failures[0].sentence;
        for (std::size_t i = 0; i < poll_failure_count; ++i) {
            const auto kind = static_cast<PollFailure>(i);
            EXPECT_EQ(counters().of(kind), kind == expected ? 1U : 0U) << name(kind);
        }
        EXPECT_EQ(counters().polls, 4U);
        EXPECT_EQ(counters().answers, 3U);
        EXPECT_EQ(counters().late + counters().doubtful, 0U);
    }
};

TEST_F(PollerFaults, ATruncatedAnswerCostsOnePoll) {
    one_bad_poll({.truncate_to = 120}, PollFailure::truncated);
}
TEST_F(PollerFaults, AFlippedBitCostsOnePoll) {
    one_bad_poll({.flip_bit = 150 * 8 + 3}, PollFailure::checksum);
}
TEST_F(PollerFaults, AWrongChecksumCostsOnePoll) {
    one_bad_poll({.wrong_checksum = true}, PollFailure::checksum);
}
TEST_F(PollerFaults, AnImpossibleLengthCostsOnePoll) {
    one_bad_poll({.length = std::uint16_t{0xFFFF}}, PollFailure::malformed);
}
TEST_F(PollerFaults, ALengthThatIsTooLongCostsOnePoll) {
    one_bad_poll({.length = std::uint16_t{900}}, PollFailure::truncated);
}
TEST_F(PollerFaults, BytesWithoutAFrameAreGarbage) {
    one_bad_poll({.truncate_to = 0, .prefix = {0x55, 0xAA, 0x00}}, PollFailure::garbage);
}

TEST_F(PollerFaults, AnAnswerBehindGarbageIsDelivered) {
    device.misbehaviour.prefix = {0x00, 0xFF, 0x4E, 0x57, 0xFF, 0xFF, 0x4E};
    start();
    ASSERT_TRUE(readings_reach(4));
    EXPECT_EQ(counters().polls, 4U);
    EXPECT_TRUE(failures.empty());
}

TEST_F(PollerFaults, ALateAnswerIsNeverTakenAsTheNextOne) {
    // Answers come after the time is over, in the pause before the next request.
    start();
    ASSERT_TRUE(readings_reach(2));
    device.misbehaviour.delay = milliseconds(185);
    ASSERT_TRUE(until([this] { return counters().late == 4; }));
    EXPECT_EQ(readings.size(), 2U);
    EXPECT_GE(counters().of(PollFailure::silent) + counters().of(PollFailure::truncated), 4U);
    const std::int32_t asked_until_now = asked;
    device.misbehaviour.delay = {};
    ASSERT_TRUE(readings_reach(3));
    EXPECT_GT(readings[2].value.current, Milliamps(10 * asked_until_now));
}

TEST_F(PollerFaults, AnAnswerThatArrivesInTheWindowOfTheNextPollIsNotTakenEither) {
    // One period late: each answer lies well inside the time of the request that follows.
    start();
    ASSERT_TRUE(readings_reach(2));
    device.misbehaviour.delay = milliseconds(325);
    const std::uint64_t polls = counters().polls;
    ASSERT_TRUE(until([&] { return counters().polls >= polls + 6; }, std::chrono::seconds(20)));
    EXPECT_EQ(readings.size(), 2U);
    EXPECT_GE(counters().doubtful, 1U);
    device.misbehaviour.delay = {};
    ASSERT_TRUE(readings_reach(4));
    EXPECT_GT(readings[2].value.current, readings[1].value.current);
}

TEST_F(PollerFaults, AnAnswerThatWaitedWhileTheProgramWasStalledIsNotTakenForAFreshOne) {
    io::PtyPair pty(loop, (folder / "other").string());
    const auto answer = jk::encode_reply(pack.reading({}));
    unsigned requests = 0;
    pty.on_bytes([&](Bytes, TimePoint) {
        pty.write(answer);
        // The second answer lies in the driver for longer than the time a request has.
        const TimePoint end = io::now() + milliseconds(++requests == 2 ? 250 : 0);
        while (io::now() < end) {
        }
    });
    pty.plug();
    start(quick(pty.path()));
    ASSERT_TRUE(readings_reach(1));
    ASSERT_TRUE(polls_reach(2));
    ASSERT_TRUE(until([this] { return counters().of(PollFailure::silent) == 1; }));
    EXPECT_EQ(readings.size(), 1U);
    EXPECT_TRUE(readings_reach(3));
    poller.reset();
}

TEST_F(PollerFaults, TheSecondOfTwoAnswersIsDiscarded) {
    device.misbehaviour.twice = true;
    start();
    ASSERT_TRUE(readings_reach(4));
    ASSERT_TRUE(until([this] { return counters().late == 4; }));
    EXPECT_EQ(counters().answers, 4U);
    EXPECT_EQ(readings[3].value.current - readings[2].value.current, Milliamps(20));
}

TEST_F(PollerFaults, ASleepingBmsIsActivatedOnceInTenFailures) {
    device.misbehaviour.asleep = true;
    start();
    ASSERT_TRUE(readings_reach(1));
    EXPECT_EQ(device.activations(), 1U);
    EXPECT_EQ(counters().activates, 1U);
    EXPECT_EQ(counters().of(PollFailure::silent), 10U);
}

TEST_F(PollerFaults, ABmsThatIsOffIsNotActivatedMoreOftenThanThat) {
    device.misbehaviour.silent = true;
    start();
    ASSERT_TRUE(until([this] { return counters().of(PollFailure::silent) == 25; }));
    EXPECT_EQ(counters().activates, 2U);
}

TEST_F(PollerFaults, AReadingThatLacksRegistersIsUndecodableAndSaysWhich) {
    // A read-all answer whose information unit has one cell block and nothing else.
    io::PtyPair pty(loop, (folder / "other").string());
    const std::vector<std::uint8_t> info{0x79, 0x03, 0x01, 0x0C, 0xE4};
    pty.on_bytes(
        [&](Bytes, TimePoint) { pty.write(jk::wrap(jk::Command::read_all, jk::Transport::reply, info)); });
    pty.plug();
    start(quick(pty.path()));
    ASSERT_TRUE(until([this] { return failures.size() == 2; }));
    EXPECT_EQ(failures[0].failure, PollFailure::undecodable);
    EXPECT_EQ(counters().of(jk::DecodeError::missing_register), 2U);
    EXPECT_EQ(counters().of(PollFailure::undecodable), 2U);
}

TEST_F(PollerFaults, ALineThatNeverFallsSilentIsNotTalkedInto) {
    io::PtyPair pty(loop, (folder / "other").string());
    pty.plug();
    start(quick(pty.path()));
    boost::asio::steady_timer timer(loop);
    std::uint64_t chunks = 0;
    std::function<void()> chatter = [&] {
        ++chunks;
        pty.write(std::vector<std::uint8_t>{0x11, 0x22});
        timer.expires_after(milliseconds(5));
        timer.async_wait([&](const boost::system::error_code& error) {
            if (!error) chatter();
        });
    };
    chatter();
    ASSERT_TRUE(until([this] { return counters().of(PollFailure::babble) >= 2; }));
    EXPECT_LE(counters().polls, 1U);
    timer.cancel();
    loop.poll();
}

TEST_F(PollerFaults, APulledPlugIsReportedAndTheSamePortIsReadAgainWithoutARestart) {
    start();
    ASSERT_TRUE(readings_reach(2));
    for (std::size_t round = 1; round <= 3; ++round) {
        device_on_pty.unplug();
        ASSERT_TRUE(until([this] { return poller->state() == PortState::failed; }));
        ASSERT_TRUE(
            until([this] { return states.back().second.find("does not exist") != std::string::npos; }));
        const std::size_t before = readings.size();
        device_on_pty.plug();
        const TimePoint plugged = io::now();
        ASSERT_TRUE(readings_reach(before + 2));
        EXPECT_LT(readings[before].at - plugged, milliseconds(1000));
        EXPECT_EQ(counters().reopened, round);
    }
    EXPECT_TRUE(failures.empty());
}

TEST_F(PollerFaults, APlugPulledInTheMiddleOfAnAnswerLeavesNothingBehind) {
    start();
    ASSERT_TRUE(readings_reach(1));
    ASSERT_TRUE(until([this] { return device.requests() == 2; }));
    pass(milliseconds(12));
    device_on_pty.unplug();
    ASSERT_TRUE(until([this] { return poller->state() == PortState::failed; }));
    device_on_pty.plug();
    ASSERT_TRUE(readings_reach(3));
    EXPECT_EQ(counters().answers, readings.size());
}

TEST_F(PollerFaults, APortThatIsMissingFromTheStartIsOpenedWhenItAppears) {
    device_on_pty.unplug();
    start();
    ASSERT_TRUE(until([this] { return states.size() == 1; }));
    EXPECT_EQ(states[0].first, PortState::failed);
    EXPECT_THAT(states[0].second, HasSubstr("by-id-name"));
    device_on_pty.plug();
    EXPECT_TRUE(readings_reach(1));
}

}  // namespace
}  // namespace jkp::app
