// SPDX-License-Identifier: MIT
#include "app/sensor_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include "io/clock.hpp"
#include "sensor/pretend_bus.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

constexpr Duration patience = seconds(20);

// 0.06 A per count of y, 0 A at -669.
meter::FieldModel along_y() {
    meter::FieldModel model;
    model.projection = {0, 1, 0};
    model.zero_counts = -669;
    model.amps_per_count = 0.06;
    return model;
}

struct Bench {
    std::shared_ptr<PretendChips> chips = PretendChips::make();
    boost::asio::io_context loop{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work = make_work_guard(loop);
    std::vector<Stamped<PeerReading>> readings;
    std::vector<std::pair<bool, std::string>> states;
    std::vector<SensorSample> samples;
    std::optional<SensorPeer> peer;

    SensorPeerSettings settings() {
        SensorPeerSettings s;
        s.model = along_y();
        s.watch = {.period = milliseconds(5), .stuck_after = milliseconds(200), .filter = Duration::zero()};
        s.first_retry = milliseconds(5);
        s.longest_retry = milliseconds(20);
        s.opener = chips->opener();
        return s;
    }
    void start(SensorPeerSettings s) {
        peer.emplace(
            loop, std::move(s),
            SensorPeerHandlers{
                .on_reading = [this](const Stamped<PeerReading>& r) { readings.push_back(r); },
                .on_state = [this](bool good, const std::string& text) { states.emplace_back(good, text); },
                .on_sample =
                    [this](const Stamped<SensorSample>& sample) { samples.push_back(sample.value); }});
        peer->start();
    }
    void start() { start(settings()); }
    template <class Condition>
    bool until(Condition condition) {
        const TimePoint end = io::now() + patience;
        while (!condition() && io::now() < end) loop.run_one_for(milliseconds(20));
        return condition();
    }
    [[nodiscard]] bool is(bool good) const { return !states.empty() && states.back().first == good; }
    [[nodiscard]] std::string last() const { return states.empty() ? "" : states.back().second; }
    // The current of the newest reading.
    [[nodiscard]] bool tells(Milliamps current) const {
        return !readings.empty() && readings.back().value.current == current;
    }
};

TEST(SensorPeer, GivesTheCurrentWithItsTimeAndNothingElse) {
    Bench bench;
    bench.chips->add_hmc();
    bench.chips->set_hmc_field(3, -469, 5);
    const TimePoint before = io::now();
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.readings.size() >= 3; }));
    const auto& [reading, at] = bench.readings.back();
    EXPECT_EQ(reading.current, Milliamps(12'000));
    EXPECT_EQ(reading.power, std::nullopt);
    EXPECT_EQ(reading.voltage, std::nullopt);
    EXPECT_EQ(reading.soc, std::nullopt);
    EXPECT_GE(at, before);
    EXPECT_LE(at, io::now());
    ASSERT_EQ(bench.states.size(), 1U);
    EXPECT_TRUE(bench.is(true));
    EXPECT_THAT(bench.last(), HasSubstr("HMC5883L at 0x1E"));
}

TEST(SensorPeer, D12WithoutABusItSaysSoOnceAndGoesOnLooking) {
    Bench bench;
    SensorPeerSettings settings = bench.settings();
    settings.opener =
        [tries = 0, opener = bench.chips->opener()](
            const std::string& path) mutable -> Result<std::unique_ptr<io::I2cBus>, io::I2cFault> {
        if (++tries < 5) return failure(io::i2c_open_fault(path, ENOENT));
        return opener(path);
    };
    bench.chips->add_hmc();
    bench.start(settings);
    ASSERT_TRUE(bench.until([&] { return bench.is(true); }));
    ASSERT_EQ(bench.states.size(), 2U);
    EXPECT_FALSE(bench.states[0].first);
    EXPECT_THAT(bench.states[0].second, HasSubstr("raspi-config"));
    EXPECT_TRUE(bench.until([&] { return !bench.readings.empty(); }));
}

TEST(SensorPeer, AWireThatFallsOffIsUnknownAndNeverZero) {
    Bench bench;
    bench.chips->add_hmc();
    bench.chips->set_hmc_field(3, -469, 5);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.tells(Milliamps(12'000)); }));
    bench.chips->take_away(0x1E);
    ASSERT_TRUE(bench.until([&] { return bench.is(false); }));
    EXPECT_THAT(bench.last(), HasSubstr("wiring"));
    bench.chips->add_hmc();
    bench.chips->set_hmc_field(3, -569, 5);
    ASSERT_TRUE(bench.until([&] { return bench.tells(Milliamps(6'000)) && bench.is(true); }));
    for (const auto& reading : bench.readings) {
        const auto current = reading.value.current;
        EXPECT_TRUE(current == Milliamps(12'000) || current == Milliamps(6'000)) << current->count();
    }
}

TEST(SensorPeer, AnOverflowIsUnknownUntilItIsOver) {
    Bench bench;
    bench.chips->add_hmc();
    bench.chips->set_hmc_field(3, -4096, 5);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.is(false); }));
    EXPECT_THAT(bench.last(), HasSubstr("beyond its range"));
    EXPECT_TRUE(bench.readings.empty());
    EXPECT_EQ(bench.chips->opened(), 1) << "opening it again would not help";
    bench.chips->set_hmc_field(3, -669, 5);
    EXPECT_TRUE(bench.until([&] { return bench.tells(Milliamps(0)) && bench.is(true); }));
}

TEST(SensorPeer, AStuckChipIsSetUpAgainAndBelievedOnlyWhenItMoves) {
    Bench bench;
    bench.chips->add_hmc();
    bench.chips->set_noise(false);
    bench.chips->set_hmc_field(3, -469, 5);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.is(false); }));
    EXPECT_THAT(bench.last(), HasSubstr("exactly the same three counts"));
    ASSERT_TRUE(bench.until([&] { return bench.chips->opened() >= 3; }));
    const std::size_t count = bench.readings.size();
    ASSERT_TRUE(bench.until([&] { return bench.chips->opened() >= 5; }));
    EXPECT_EQ(bench.readings.size(), count) << "stuck values are not delivered again";
    bench.chips->set_noise(true);
    EXPECT_TRUE(bench.until([&] { return bench.readings.size() > count && bench.is(true); }));
}

TEST(SensorPeer, AChipThatStopsMeasuringIsSetUpAgain) {
    Bench bench;
    bench.chips->add_hmc();
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.is(true); }));
    bench.chips->set(0x1E, 0x09, {0x00});
    ASSERT_TRUE(bench.until([&] { return bench.is(false); }));
    EXPECT_THAT(bench.last(), HasSubstr("has stopped measuring"));
    bench.chips->set(0x1E, 0x02, {0x03});  // idle, as after a dip of the supply
    ASSERT_TRUE(bench.until([&] { return bench.chips->at(0x1E, 0x02) == 0x00; })) << "continuous again";
    bench.chips->set(0x1E, 0x09, {0x01});
    ASSERT_TRUE(bench.until([&] { return bench.is(true); }));
}

TEST(SensorPeer, AHangingBusHoldsNeitherTheLoopNorTheEnd) {
    Bench bench;
    bench.chips->add_hmc();
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.is(true); }));
    bench.chips->hang(true);
    bench.chips->wait_for_a_hanging_one();
    const TimePoint before = io::now();
    bench.loop.poll();
    bench.peer->stop();
    bench.peer.reset();
    EXPECT_LT(io::now() - before, seconds(5));
    const std::size_t count = bench.readings.size();
    bench.chips->hang(false);
    bench.loop.run_for(milliseconds(50));
    EXPECT_EQ(bench.readings.size(), count) << "nothing is delivered after stop()";
}

TEST(SensorPeer, CanBeStoppedAndStartedAgain) {
    Bench bench;
    bench.chips->add_hmc();
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.readings.empty(); }));
    bench.peer->stop();
    bench.readings.clear();
    bench.peer->start();
    EXPECT_TRUE(bench.until([&] { return !bench.readings.empty(); }));
}

TEST(SensorPeer, WithoutAModelItShowsSamplesAndNoCurrent) {
    Bench bench;
    bench.chips->add_hmc();
    bench.chips->set_noise(false);
    bench.chips->set_hmc_field(12, -669, 34);
    SensorPeerSettings settings = bench.settings();
    settings.model.reset();
    bench.start(settings);
    ASSERT_TRUE(bench.until([&] { return !bench.samples.empty(); }));
    EXPECT_EQ(bench.samples.back(), (SensorSample{meter::Field{{12, -669, 34}}, 1090,
                                                  meter::MagnetometerChip::hmc5883l, std::nullopt}));
    EXPECT_TRUE(bench.readings.empty());
}

}  // namespace
}  // namespace jkp::app
