// SPDX-License-Identifier: MIT
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>

#include "goodwe_peer/bench.hpp"

namespace jkp::app {
namespace {

using goodwe::Question;
using std::chrono::milliseconds;
using testing::HasSubstr;

class UdpPeer : public PeerBench {
  protected:
    UdpPeer() { inverter.readings = discharging(); }
    void be_an_et() {
        inverter.family = goodwe::Family::et;
        inverter.readings = charging_et();
    }
    void start() { PeerBench::start(quick(inverter.port())); }
    [[nodiscard]] GoodweLineCounters line() const { return peer->line_counters(); }

    FakeInverter inverter{loop};
};

TEST_F(UdpPeer, ReadsAnEm) {
    const TimePoint before = io::now();
    start();
    ASSERT_TRUE(readings_reach(3));
    EXPECT_EQ(readings[0], discharging());
    EXPECT_EQ(peers[0].value.current, Milliamps(-18'500));
    EXPECT_EQ(peers[0].value.soc, Permille(970));
    EXPECT_GE(peers[0].at, before);
    EXPECT_GT(peers[1].at, peers[0].at);
    ASSERT_EQ(states.size(), 1U);
    EXPECT_TRUE(states[0].answering);
    EXPECT_THAT(states[0].sentence, HasSubstr("GW3648-EM, serial 93648EMU19CX0004, answers at 127.0.0.1:"));
    EXPECT_EQ(inverter.asked(Question::es_device_info), 1U);
    EXPECT_EQ(line().repeated, 0U);
}

TEST_F(UdpPeer, ReadsAnEtWithItsMeterAndItsSoc) {
    be_an_et();
    start();
    ASSERT_TRUE(readings_reach(2));
    EXPECT_EQ(readings[0], charging_et());
    EXPECT_EQ(peers[0].value.power, Watts(2512));
    EXPECT_EQ(inverter.asked(Question::es_device_info), 4U) << "asked first, in vain";
    EXPECT_EQ(inverter.asked(Question::et_device_info), 1U);
}

TEST_F(UdpPeer, AFamilyThatIsGivenIsNotLookedFor) {
    be_an_et();
    auto settings = quick(inverter.port());
    settings.family = GoodweFamily::et;
    PeerBench::start(settings);
    ASSERT_TRUE(readings_reach(1));
    EXPECT_EQ(inverter.asked(Question::es_device_info), 0U);
}

TEST_F(UdpPeer, RepeatsARequestThatIsLost) {
    inverter.misbehaviour.lost_requests = 1;
    start();
    ASSERT_TRUE(readings_reach(1));
    EXPECT_EQ(inverter.asked(Question::es_device_info), 2U);
    EXPECT_EQ(line().repeated, 1U);
    EXPECT_EQ(peer->counters().failed, 0U);
}

TEST_F(UdpPeer, AnAnswerToAQuestionThatIsOverIsDroppedAndCounted) {
    inverter.misbehaviour.delay = milliseconds(90);
    auto settings = quick(inverter.port());
    settings.poll_period = milliseconds(200);
    PeerBench::start(settings);
    ASSERT_TRUE(readings_reach(1));
    ASSERT_TRUE(until([this] { return line().late == 1; }));
    EXPECT_EQ(line().repeated, 1U);
    EXPECT_EQ(line().answers, 2U) << "device info and running data";
    EXPECT_EQ(readings[0], discharging());
}

TEST_F(UdpPeer, OneThatAlwaysNeedsLongerThanOneAttemptIsRead) {
    inverter.misbehaviour.slowness = milliseconds(90);
    auto settings = quick(inverter.port());
    settings.poll_period = milliseconds(200);
    PeerBench::start(settings);
    ASSERT_TRUE(readings_reach(3));
    EXPECT_EQ(readings[2], discharging());
    EXPECT_EQ(peer->counters().failed, 0U);
    EXPECT_TRUE(peer->answering());
    EXPECT_GE(line().repeated, 4U) << "each question is asked again while its answer is on the way";
    EXPECT_GE(line().late, 1U) << "the second answer to a question that has one";
}

TEST_F(UdpPeer, AnAnswerOfAnotherTypeIsNotTaken) {
    inverter.misbehaviour.in_front = goodwe::encode_es_device_info("GW3648-EM", "93648EMU19CX0004");
    start();
    ASSERT_TRUE(readings_reach(2));
    EXPECT_EQ(readings[1], discharging());
    EXPECT_GE(line().other, 2U);
}

TEST_F(UdpPeer, GarbageBeforeTheAnswerIsCountedAndIgnored) {
    inverter.misbehaviour.in_front = std::vector<std::uint8_t>{0xAA, 0x55, 0x00};
    start();
    ASSERT_TRUE(readings_reach(1));
    inverter.misbehaviour.in_front = std::vector<std::uint8_t>{1, 2, 3};
    ASSERT_TRUE(readings_reach(3));
    EXPECT_EQ(peer->counters().failed, 0U);
    EXPECT_GE(line().damaged, 3U);
}

TEST_F(UdpPeer, OneAnswerInTwoPiecesIsJoined) {
    for (const std::size_t cut : {8U, 40U, 85U}) {
        inverter.misbehaviour.split_at = cut;
        const auto have = readings.size();
        start();
        ASSERT_TRUE(readings_reach(have + 1)) << cut;
        EXPECT_EQ(readings.back(), discharging());
        EXPECT_EQ(line().damaged, 0U);
        EXPECT_EQ(line().repeated, 0U);
    }
}

TEST_F(UdpPeer, OfTwoAnswersGluedTogetherTheRightOneIsTaken) {
    be_an_et();
    inverter.misbehaviour.glued_before =
        goodwe::modbus_answer(goodwe::encode_et_data(Question::et_battery, charging_et()));
    inverter.misbehaviour.glued_behind = std::vector<std::uint8_t>{0, 0, 0};
    start();
    ASSERT_TRUE(readings_reach(2));
    EXPECT_EQ(readings[1], charging_et());
}

TEST_F(UdpPeer, DamagedAnswersGiveNoReadingAndSayWhereToLook) {
    inverter.misbehaviour.flip_last_byte = true;
    start();
    ASSERT_TRUE(until([this] { return !states.empty(); }));
    EXPECT_FALSE(states[0].answering);
    EXPECT_THAT(states[0].sentence, HasSubstr("no good answer to 4 requests"));
    EXPECT_TRUE(readings.empty());
    inverter.misbehaviour = {};
    EXPECT_TRUE(readings_reach(1));
}

TEST_F(UdpPeer, SilenceIsSaidOnceAndAskedForLessAndLess) {
    inverter.misbehaviour.silent = true;
    start();
    constexpr std::size_t requests_of_a_poll = 8;  // both families, each with three retries
    ASSERT_TRUE(until([this] { return inverter.asked_at.size() >= 4 * requests_of_a_poll; }));
    const auto pause_after = [this](std::size_t polls) {
        const std::size_t next = polls * requests_of_a_poll;
        return inverter.asked_at[next] - inverter.asked_at[next - 1] - milliseconds(60);
    };
    EXPECT_GE(pause_after(2), milliseconds(39)) << "twice the period once it counts as lost";
    EXPECT_GE(pause_after(3), milliseconds(79)) << "twice as long again";
    ASSERT_EQ(states.size(), 1U);
    EXPECT_FALSE(states[0].answering);
    EXPECT_THAT(states[0].sentence, HasSubstr("no answer to 4 requests to 127.0.0.1:"));
    EXPECT_THAT(states[0].sentence, HasSubstr("switched off"));
    EXPECT_THAT(states[0].sentence, HasSubstr("nothing else waits for it"));
    EXPECT_EQ(inverter.asked(Question::es_device_info), inverter.asked(Question::et_device_info));
}

TEST_F(UdpPeer, AnInverterThatIsSwitchedOffAndOnIsReadAgainWithoutARestart) {
    start();
    ASSERT_TRUE(readings_reach(2));
    inverter.switch_off();
    ASSERT_TRUE(until([this] { return states.size() == 2; }));
    EXPECT_FALSE(states[1].answering);
    EXPECT_THAT(states[1].sentence, HasSubstr("cannot be reached: Connection refused"));
    EXPECT_THAT(states[1].sentence, HasSubstr("transport = \"tcp\""));
    EXPECT_FALSE(peer->answering());
    const auto have = readings.size();
    inverter.switch_on();
    ASSERT_TRUE(readings_reach(have + 2));
    ASSERT_EQ(states.size(), 3U);
    EXPECT_TRUE(states[2].answering);
    EXPECT_TRUE(peer->answering());
    EXPECT_EQ(peer->counters().devices, 1U);
}

TEST_F(UdpPeer, OnePollWithoutAnAnswerIsNoLoss) {
    start();
    ASSERT_TRUE(readings_reach(1));
    inverter.misbehaviour.lost_requests = 4;
    ASSERT_TRUE(until([this] { return peer->counters().failed == 1; }));
    const auto have = readings.size();
    ASSERT_TRUE(readings_reach(have + 1));
    EXPECT_EQ(states.size(), 1U);
}

TEST_F(UdpPeer, AnotherDeviceAtTheAddressIsFoundOut) {
    start();
    ASSERT_TRUE(readings_reach(1));
    be_an_et();
    ASSERT_TRUE(until([this] { return !readings.empty() && readings.back() == charging_et(); }));
    EXPECT_EQ(peer->counters().devices, 2U);
    EXPECT_THAT(states.back().sentence, HasSubstr("GW10K-ET, serial 9010KETU12345678"));
    EXPECT_TRUE(states.back().answering);
}

TEST_F(UdpPeer, AnotherSerialNumberIsSeenWithoutAnyInterruption) {
    auto settings = quick(inverter.port());
    settings.identify_every = 3;
    PeerBench::start(settings);
    ASSERT_TRUE(readings_reach(1));
    inverter.readings.serial = "95048EMU20CX0001";
    ASSERT_TRUE(until([this] { return states.size() == 2; }));
    EXPECT_THAT(states[1].sentence, HasSubstr("95048EMU20CX0001"));
    EXPECT_EQ(peer->counters().failed, 0U);
}

TEST_F(UdpPeer, WhatAnEtDoesNotHaveIsLeftOut) {
    be_an_et();
    inverter.misbehaviour.refused = {Question::et_meter, Question::et_battery};
    start();
    ASSERT_TRUE(readings_reach(3));
    goodwe::Readings expected = charging_et();
    expected.soc.reset();
    expected.meter_ok.reset();
    EXPECT_EQ(readings[2], expected);
    EXPECT_EQ(inverter.asked(Question::et_meter), 1U) << "not asked for again";
    EXPECT_EQ(inverter.asked(Question::et_battery), 1U);
    EXPECT_EQ(peer->counters().partial, 0U);
}

TEST_F(UdpPeer, ASilentMeterCostsThreePollsTheirMeterAndIsThenLeftOut) {
    be_an_et();
    inverter.misbehaviour.unheard = {Question::et_meter};
    start();
    ASSERT_TRUE(readings_reach(5));
    EXPECT_EQ(readings[0].battery_current, Milliamps(9'800));
    EXPECT_EQ(readings[0].soc, Permille(680));
    EXPECT_EQ(readings[0].meter_ok, std::nullopt);
    EXPECT_EQ(inverter.asked(Question::et_meter), 12U);
    EXPECT_EQ(peer->counters().partial, 3U);
}

TEST_F(UdpPeer, ARefusalOfTheRunningDataIsSaid) {
    be_an_et();
    inverter.misbehaviour.refused = {Question::et_running};
    start();
    ASSERT_TRUE(until([this] { return !states.empty(); }));
    EXPECT_THAT(states[0].sentence, HasSubstr("it has no such registers"));
}

TEST_F(UdpPeer, AsksNoMoreOnceItIsStopped) {
    start();
    ASSERT_TRUE(readings_reach(1));
    peer->stop();
    until([] { return false; }, milliseconds(50));
    const auto asked = inverter.requests.size();
    until([] { return false; }, milliseconds(100));
    EXPECT_EQ(inverter.requests.size(), asked);
    EXPECT_FALSE(peer->answering());
    const auto have = readings.size();
    peer->start();
    EXPECT_TRUE(readings_reach(have + 1));
}

TEST_F(UdpPeer, OneThatAnswersWithoutABatteryIsNotCalledGood) {
    inverter.readings.battery_current.reset();
    inverter.readings.battery_power.reset();
    start();
    ASSERT_TRUE(readings_reach(2));
    EXPECT_FALSE(peers.back().value.current);
    ASSERT_EQ(states.size(), 1U);
    EXPECT_FALSE(states[0].answering);
    EXPECT_THAT(states[0].sentence, HasSubstr("answers at 127.0.0.1:"));
    EXPECT_THAT(states[0].sentence, HasSubstr("but gives no battery current"));
    inverter.readings = discharging();
    ASSERT_TRUE(until([this] { return states.size() == 2; }));
    EXPECT_TRUE(states[1].answering);
}

// Each start lets the timer run out at once, so that the next stop comes while its handler is queued.
TEST_F(UdpPeer, StoppedAndStartedInOneTurnItPollsOnce) {
    auto settings = quick(inverter.port());
    settings.poll_period = std::chrono::seconds(30);
    PeerBench::start(settings);
    std::function<void(int)> again = [&](int left) {
        peer->stop();
        peer->start();
        if (left > 0) boost::asio::post(loop, [&again, left] { again(left - 1); });
    };
    boost::asio::post(loop, [&again] { again(5); });
    ASSERT_TRUE(readings_reach(1));
    until([] { return false; }, milliseconds(50));
    EXPECT_EQ(readings.size(), 1U);
    EXPECT_LE(peer->counters().polls, 2U);
}

TEST_F(UdpPeer, MayBeDestroyedWhileAQuestionIsOpen) {
    inverter.misbehaviour.silent = true;
    start();
    ASSERT_TRUE(until([this] { return !inverter.requests.empty(); }));
    peer.reset();
    until([] { return false; }, milliseconds(100));
    EXPECT_TRUE(states.empty());
}

TEST_F(UdpPeer, NeverSendsAnythingButTheQuestions) {
    start();
    ASSERT_TRUE(readings_reach(2));
    be_an_et();
    ASSERT_TRUE(until([this] { return readings.back() == charging_et(); }));
    for (const auto& request : inverter.requests) EXPECT_TRUE(goodwe::question_of(request));
}

TEST_F(PeerBench, AHostThatCannotBeFoundIsSaid) {
    auto settings = quick(1);
    settings.address.host = "no.such.host.invalid";
    PeerBench::start(settings);
    ASSERT_TRUE(until([this] { return !states.empty(); }, std::chrono::seconds(20)));
    EXPECT_THAT(states[0].sentence, HasSubstr("no.such.host.invalid cannot be found"));
}

}  // namespace
}  // namespace jkp::app
