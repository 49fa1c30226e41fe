// SPDX-License-Identifier: MIT
// The meter and the second inverter as a gateway meets them: datagrams, read back by the real decoders.
#include <gtest/gtest.h>

#include "goodwe/decode.hpp"
#include "meter/speedwire.hpp"
#include "sim/goodwe_device.hpp"
#include "sim/speedwire_meter.hpp"

namespace jkp::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint start{seconds(500)};

// A meter behind which a constant power flows.
struct Meter : testing::Test {
    SpeedwireMeter meter{{.serial = 3'000'000'001, .interval = milliseconds(600)}, start};
    double exported_ws = 0.0;
    TimePoint now = start;

    void pass(double power_w) {
        exported_ws += power_w * 0.6;
        now += milliseconds(600);
        meter.observe(exported_ws);
    }
    std::optional<meter::MeterReading> arrived() {
        const auto bytes = meter.take(now + seconds(1));
        if (!bytes) return std::nullopt;
        const auto reading = meter::decode_speedwire(*bytes);
        if (!reading) return std::nullopt;
        return *reading;
    }
};

TEST_F(Meter, TellsTheMeanOfEachIntervalWithItsSign) {
    for (const int power : {-1500, 2750, 0}) {
        pass(power);
        const auto reading = arrived();
        ASSERT_TRUE(reading);
        EXPECT_EQ(meter::grid_reading(*reading).power, Watts(power));
        EXPECT_EQ(reading->serial, 3'000'000'001U);
    }
    EXPECT_FALSE(arrived());
}

TEST_F(Meter, ItsTickerSaysHowMuchTimePassed) {
    pass(100);
    const auto first = arrived();
    pass(100);
    const auto second = arrived();
    ASSERT_TRUE(first && second);
    EXPECT_EQ(second->ticker_ms - first->ticker_ms, 600U);
}

TEST_F(Meter, ADatagramArrivesLaterThanItIsSent) {
    meter.fault.late = seconds(3);
    pass(100);
    EXPECT_FALSE(meter.take(now + seconds(2)));
    EXPECT_EQ(meter.next_datagram(), now + seconds(3) + milliseconds(5));
    EXPECT_TRUE(meter.take(now + seconds(4)));
}

TEST_F(Meter, CanMisbehave) {
    meter.fault.silent = true;
    pass(100);
    EXPECT_FALSE(arrived());
    meter.fault = {.reversed = true};
    pass(100);
    EXPECT_EQ(meter::grid_reading(*arrived()).power, Watts(-100));
    meter.fault = {.foreign = 77};
    pass(100);
    EXPECT_EQ(arrived()->serial, 77U);
    meter.fault = {.truncate_to = 300};
    pass(100);
    EXPECT_FALSE(arrived());
    meter.fault = {.twice = true};
    pass(100);
    EXPECT_TRUE(arrived());
    EXPECT_TRUE(arrived());
    meter.fault = {.frozen = true};
    pass(4000);
    EXPECT_EQ(meter::grid_reading(*arrived()).power, Watts(100));
}

// The second inverter as it is asked each five seconds.
struct Goodwe : testing::Test {
    GoodweDevice device{{.answers_after = milliseconds(300)}};
    TimePoint now = start;

    std::optional<PeerReading> ask(Milliamps current) {
        now += seconds(5);
        device.observe({.current = current, .power = {}, .voltage = Millivolts(51'200), .soc = Permille(620)},
                       now);
        device.receive(goodwe::request(goodwe::Question::es_running), now);
        const auto bytes = device.take(now + seconds(1));
        if (!bytes) return std::nullopt;
        Bytes rest = *bytes;
        const auto answer = goodwe::next_answer(rest);
        if (!answer || !*answer) return std::nullopt;
        const auto decoded = goodwe::decode(**answer);
        if (!decoded) return std::nullopt;
        return goodwe::peer_reading(decoded->readings);
    }
};

TEST_F(Goodwe, TellsWhatItsBatteryDoesWithTheSignOfThisProject) {
    for (const int ma : {12'300, -8'700, 0}) {
        const auto reading = ask(Milliamps(ma));
        ASSERT_TRUE(reading);
        EXPECT_EQ(reading->current, Milliamps(ma));
        EXPECT_EQ(reading->soc, Permille(620));
    }
}

TEST_F(Goodwe, AnswersAfterItsTimeAndOnlyToItsOwnQuestion) {
    device.receive(goodwe::request(goodwe::Question::es_running), now);
    EXPECT_EQ(device.next_datagram(), now + milliseconds(300));
    EXPECT_FALSE(device.take(now + milliseconds(299)));
    EXPECT_TRUE(device.take(now + milliseconds(300)));
    device.receive(goodwe::request(goodwe::Question::et_running), now);
    EXPECT_FALSE(device.next_datagram());
}

TEST_F(Goodwe, CanMisbehave) {
    device.fault.silent = true;
    EXPECT_FALSE(ask(Milliamps(5000)));
    device.fault = {.truncate_to = 40};
    EXPECT_FALSE(ask(Milliamps(5000)));
    device.fault = {};
    EXPECT_EQ(ask(Milliamps(5000))->current, Milliamps(5000));
    device.fault.frozen = true;
    EXPECT_EQ(ask(Milliamps(-9000))->current, Milliamps(5000));
}

TEST_F(Goodwe, APortalTellsWhatWasMinutesAgo) {
    device.fault.old = seconds(20);
    ask(Milliamps(1000));
    ask(Milliamps(2000));
    ask(Milliamps(3000));
    ask(Milliamps(4000));
    EXPECT_EQ(ask(Milliamps(5000))->current, Milliamps(1000));
    EXPECT_EQ(ask(Milliamps(6000))->current, Milliamps(2000));
}

TEST_F(Goodwe, LosesSomeAnswersWhenToldSo) {
    device = GoodweDevice({.loses = Permille(300), .seed = 3});
    int lost = 0;
    for (int i = 0; i < 300; ++i) lost += ask(Milliamps(1000)) ? 0 : 1;
    EXPECT_NEAR(lost, 90, 35);
}

}  // namespace
}  // namespace jkp::sim
