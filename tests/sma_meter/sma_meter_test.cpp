// SPDX-License-Identifier: MIT
#include "app/sma_meter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sma_meter/support.hpp"

namespace jkp::app {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::uint32_t ours = 3'000'000'042;
constexpr std::uint32_t neighbour = 1'900'000'017;

SmaMeterSettings on_loopback(std::uint32_t serial) {
    return {.serial = serial, .interface = "lo", .port = 0, .silent_after = 200ms, .look_period = 20ms};
}

struct Bench {
    explicit Bench(const SmaMeterSettings& settings = on_loopback(ours))
        : meter(loop, settings,
                {.on_reading =
                     [this](const Stamped<GridReading>& grid, const meter::MeterReading& reading) {
                         readings.push_back(grid);
                         details.push_back(reading);
                     },
                 .on_state =
                     [this](bool hears, const std::string& why) {
                         states.push_back(hears);
                         sentence = why;
                     }}) {
        meter.start();
        run_until(loop, [this] { return meter.port() != 0; });
    }
    void send(std::uint32_t serial, std::uint32_t ticker_ms, int grid_w) {
        sender.to_group(meter.port(), datagram(serial, ticker_ms, grid_w));
    }
    bool until_readings(std::size_t count) {
        return run_until(loop, [&] { return readings.size() >= count; });
    }
    // The kernel begins to stamp a little after the first socket asks for it.
    bool until_stamped() {
        for (std::uint32_t i = 1; i <= 500; ++i) {
            const TimePoint sent = io::now();
            send(ours, i, 0);
            let_pass(2ms);
            if (!until_readings(i)) return false;
            if (readings.back().at < sent + 1ms) return true;
        }
        return false;
    }
    bool until_datagrams(std::uint64_t count) {
        return run_until(loop, [&] { return meter.counters().datagrams >= count; });
    }

    boost::asio::io_context loop;
    std::vector<Stamped<GridReading>> readings;
    std::vector<meter::MeterReading> details;
    std::vector<bool> states;
    std::string sentence;
    SmaMeter meter;
    Sender sender;
};

TEST(SmaMeter, DeliversTheGridPowerWithItsSignAndTheWholeReading) {
    Bench bench;
    const TimePoint before = io::now();
    bench.send(ours, 1000, -690);
    ASSERT_TRUE(bench.until_readings(1));
    EXPECT_EQ(bench.readings[0].value.power, Watts(-690)) << "import is negative";
    EXPECT_GE(bench.readings[0].at, before - 1ms);
    EXPECT_LE(bench.readings[0].at, io::now());
    EXPECT_EQ(bench.details[0].phases[1].voltage, Millivolts(230'000));
    EXPECT_TRUE(bench.meter.hears());
    EXPECT_THAT(bench.states, ElementsAre(true));
    EXPECT_EQ(bench.sentence, "meter 3000000042 (Sunny Home Manager 2) is heard");
    bench.send(ours, 1600, 4877);
    ASSERT_TRUE(bench.until_readings(2));
    EXPECT_EQ(bench.readings[1].value.power, Watts(4877));
    EXPECT_EQ(bench.meter.interval(), 600ms);
}

TEST(SmaMeter, HearsAMeterThatSendsToThisMachineAlone) {
    Bench bench;
    bench.sender.to_us_alone(bench.meter.port(), datagram(ours, 1, 5));
    EXPECT_TRUE(bench.until_readings(1));
}

TEST(SmaMeter, D11AForeignMeterIsNotObeyed) {
    Bench bench;
    bench.send(neighbour, 1000, 9000);
    bench.send(ours, 5000, -100);
    bench.send(neighbour, 2000, 9000);
    ASSERT_TRUE(bench.until_datagrams(3));
    ASSERT_EQ(bench.readings.size(), 1U);
    EXPECT_EQ(bench.readings[0].value.power, Watts(-100));
    EXPECT_EQ(bench.meter.counters().filter.foreign, 2U);
    ASSERT_EQ(bench.meter.heard().size(), 2U);
    EXPECT_EQ(bench.meter.heard()[0], (meter::HeardMeter{neighbour, 372, 2}));
}

TEST(SmaMeter, D11OfABacklogTheNewestIsUsedAtOnce) {
    Bench bench;
    for (int i = 0; i < 40; ++i) {
        bench.send(ours, static_cast<std::uint32_t>(1000 + 200 * i), i);
        bench.send(neighbour, static_cast<std::uint32_t>(1000 + 200 * i), 9000);
    }
    ASSERT_TRUE(bench.until_readings(1));
    EXPECT_EQ(bench.readings.size(), 1U);
    EXPECT_EQ(bench.readings[0].value.power, Watts(39));
    EXPECT_EQ(bench.meter.counters().superseded, 39U);
}

// A full buffer of the kernel drops the newest. What is left is old, and its stamp says so.
TEST(SmaMeter, D11WhatCouldNotBeReadInTimeKnowsItsAge) {
    Bench bench;
    ASSERT_TRUE(bench.until_stamped());
    const std::size_t so_far = bench.readings.size();
    const TimePoint before = io::now();
    for (int i = 0; i < 1000; ++i) bench.send(ours, static_cast<std::uint32_t>(1000 + 200 * i), i);
    let_pass(50ms);
    ASSERT_TRUE(bench.until_readings(so_far + 1));
    EXPECT_GE(bench.readings[so_far].age(io::now()), 50ms);
    EXPECT_GE(bench.readings[so_far].at, before - 1ms);
}

TEST(SmaMeter, WithoutASerialTheFirstMeterStaysOursAndIsNamed) {
    Bench bench(on_loopback(0));
    EXPECT_EQ(bench.meter.serial(), std::nullopt);
    bench.send(neighbour, 1000, 1);
    ASSERT_TRUE(bench.until_readings(1));
    bench.send(ours, 1000, 2);
    ASSERT_TRUE(bench.until_datagrams(2));
    EXPECT_EQ(bench.readings.size(), 1U);
    EXPECT_EQ(bench.meter.serial(), neighbour);
    EXPECT_THAT(bench.sentence, HasSubstr("write serial = 1900000017 into [meter]"));
}

TEST(SmaMeter, ARepeatedDatagramIsOneReading) {
    Bench bench;
    bench.send(ours, 1000, 1);
    ASSERT_TRUE(bench.until_readings(1));
    bench.send(ours, 1000, 1);
    ASSERT_TRUE(bench.until_datagrams(2));
    EXPECT_EQ(bench.readings.size(), 1U);
    EXPECT_EQ(bench.meter.counters().filter.repeats, 1U);
}

TEST(SmaMeter, OtherTrafficIsCountedByItsReason) {
    Bench bench;
    const Buffer inverter = meter::wrap_speedwire(0x6065, Buffer(38));
    Buffer cut = datagram(ours, 1, 1);
    cut.resize(300);
    for (int i = 0; i < 3; ++i) bench.sender.to_group(bench.meter.port(), inverter);
    bench.sender.to_group(bench.meter.port(), meter::speedwire_discovery_request());
    bench.sender.to_group(bench.meter.port(), cut);
    bench.sender.to_group(bench.meter.port(), {});
    ASSERT_TRUE(bench.until_datagrams(6));
    const SmaMeterCounters counters = bench.meter.counters();
    EXPECT_EQ(counters.of(meter::Ignored::other_protocol), 3U);
    EXPECT_EQ(counters.of(meter::Ignored::discovery), 1U);
    EXPECT_EQ(counters.of(meter::Ignored::cut_tag), 1U);
    EXPECT_EQ(counters.of(meter::Ignored::not_sma), 1U);
    EXPECT_TRUE(bench.readings.empty());
}

// Nothing is invented and nothing waits: the last reading gets older, which is what control looks at.
TEST(SmaMeter, D4ASilentMeterDeliversNothingAndBlocksNothing) {
    Bench bench;
    bench.send(ours, 1000, 4000);
    ASSERT_TRUE(bench.until_readings(1));
    ASSERT_TRUE(run_until(bench.loop, [&] { return !bench.meter.hears(); }));
    EXPECT_EQ(bench.readings.size(), 1U);
    EXPECT_GE(bench.readings[0].age(io::now()), 200ms);
    EXPECT_THAT(bench.sentence, HasSubstr("meter 3000000042 is not heard for 0 s"));
    EXPECT_THAT(bench.sentence, HasSubstr("look at its power and network cable"));
    bench.send(ours, 2000, 5000);
    ASSERT_TRUE(bench.until_readings(2));
    EXPECT_TRUE(bench.meter.hears());
    EXPECT_THAT(bench.states, ElementsAre(true, false, true));
}

TEST(SmaMeter, WhoHearsOnlyOthersIsToldTheirSerials) {
    Bench bench;
    bench.send(neighbour, 1000, 1);
    ASSERT_TRUE(run_until(bench.loop, [&] { return !bench.sentence.empty(); }));
    EXPECT_THAT(bench.sentence, HasSubstr("meter 3000000042 is not heard"));
    EXPECT_THAT(bench.sentence, HasSubstr("1900000017 (Sunny Home Manager 2)"));
    EXPECT_THAT(bench.sentence, HasSubstr("correct serial in [meter]"));
}

TEST(SmaMeter, WhoHearsOnlyInvertersIsToldSo) {
    Bench bench(on_loopback(0));
    bench.sender.to_group(bench.meter.port(), meter::wrap_speedwire(0x6065, Buffer(38)));
    ASSERT_TRUE(run_until(bench.loop, [&] { return !bench.sentence.empty(); }));
    EXPECT_THAT(bench.sentence, HasSubstr("no meter is heard for 0 s, only other traffic"));
}

TEST(SmaMeter, AfterALongSilenceTheGroupIsJoinedAnewAgainAndAgain) {
    SmaMeterSettings settings = on_loopback(ours);
    settings.silent_after = 20ms;
    settings.rejoin_after = 100ms;
    Bench bench(settings);
    ASSERT_TRUE(run_until(bench.loop, [&] { return bench.meter.counters().rejoins >= 2; }));
    bench.send(ours, 1000, 1);
    EXPECT_TRUE(bench.until_readings(1));
}

TEST(SmaMeter, AMissingInterfaceIsNamedAndTheUnicastOfAMeterIsUsedAllTheSame) {
    SmaMeterSettings settings = on_loopback(ours);
    settings.interface = "jkp-none0";
    Bench bench(settings);
    ASSERT_TRUE(run_until(bench.loop, [&] { return !bench.sentence.empty(); }));
    EXPECT_THAT(bench.sentence, HasSubstr("interface jkp-none0 cannot be used yet"));
    EXPECT_THAT(bench.states, ElementsAre(false));
    bench.sender.to_us_alone(bench.meter.port(), datagram(ours, 1, 5));
    ASSERT_TRUE(bench.until_readings(1));
    EXPECT_TRUE(bench.meter.hears());
}

TEST(SmaMeter, MayBeStoppedAndStartedAgain) {
    Bench bench;
    bench.send(ours, 1000, 1);
    ASSERT_TRUE(bench.until_readings(1));
    bench.meter.stop();
    EXPECT_FALSE(bench.meter.hears());
    EXPECT_EQ(bench.meter.port(), 0);
    bench.meter.start();
    ASSERT_TRUE(run_until(bench.loop, [&] { return bench.meter.port() != 0; }));
    bench.send(ours, 2000, 2);
    EXPECT_TRUE(bench.until_readings(2));
}

TEST(SmaMeter, MayBeLetGoOfInsideItsOwnHandler) {
    boost::asio::io_context loop;
    std::optional<SmaMeter> meter;
    meter.emplace(
        loop, on_loopback(ours),
        SmaMeterHandlers{.on_reading = [&](const auto&, const auto&) { meter.reset(); }, .on_state = {}});
    meter->start();
    ASSERT_TRUE(run_until(loop, [&] { return meter->port() != 0; }));
    Sender sender;
    sender.to_us_alone(meter->port(), datagram(ours, 1, 1));
    EXPECT_TRUE(run_until(loop, [&] { return !meter; }));
}

}  // namespace
}  // namespace jkp::app
