// SPDX-License-Identifier: MIT
#include "app/calibration_run.hpp"

#include <gtest/gtest.h>

#include "goodwe_peer/bench.hpp"
#include "sensor/pretend_bus.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;

struct Bench {
    std::shared_ptr<PretendChips> chips = PretendChips::make();
    boost::asio::io_context loop{1};
    FakeInverter inverter{loop};
    std::vector<meter::CalibrationPoint> points;
    std::optional<CalibrationRun> run;

    Bench() {
        chips->add_hmc();
        chips->set_noise(false);
        inverter.readings = discharging();
    }
    void start() {
        CalibrationRunSettings settings;
        settings.sensor.watch.period = milliseconds(5);
        settings.sensor.opener = chips->opener();
        settings.reference = quick(inverter.port());
        settings.average = milliseconds(500);
        run.emplace(loop, settings,
                    CalibrationRunHandlers{
                        .on_point = [this](const meter::CalibrationPoint& p) { points.push_back(p); },
                        .on_state = [](bool, const std::string&) {}});
        run->start();
    }
    template <class Condition>
    bool until(Condition condition) {
        const TimePoint end = io::now() + std::chrono::seconds(20);
        while (!condition() && io::now() < end) loop.run_one_for(milliseconds(20));
        return condition();
    }
};

TEST(CalibrationRun, PairsTheCurrentOfTheGoodweWithTheFieldAtThatTime) {
    Bench bench;
    bench.chips->set_hmc_field(3, -469, 5);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.points.size() >= 2; }));
    EXPECT_EQ(bench.points.back().current, Milliamps(-18'500));
    EXPECT_EQ(bench.points.back().field, (meter::Vector3{3, -469, 5}));
    EXPECT_EQ(bench.run->chip(), meter::MagnetometerChip::hmc5883l);
}

TEST(CalibrationRun, ACurrentThatHasJustChangedIsNoPoint) {
    Bench bench;
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.points.empty(); }));
    bench.points.clear();
    const std::size_t asked = bench.inverter.requests.size();
    int amps = 0;
    // A different current for each question.
    ASSERT_TRUE(bench.until([&] {
        bench.inverter.readings.battery_current = Milliamps(-2000 * (++amps % 20));
        return bench.inverter.requests.size() >= asked + 20;
    }));
    for (std::size_t i = 1; i < bench.points.size(); ++i)
        EXPECT_NE(bench.points[i].current, bench.points[i - 1].current);
    bench.points.clear();
    bench.inverter.readings.battery_current = Milliamps(-7000);
    ASSERT_TRUE(bench.until(
        [&] { return !bench.points.empty() && bench.points.back().current == Milliamps(-7000); }));
}

TEST(CalibrationRun, WithoutAFieldThereIsNoPoint) {
    Bench bench;
    bench.chips->set_hmc_field(3, -4096, 5);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return bench.inverter.requests.size() >= 10; }));
    EXPECT_TRUE(bench.points.empty());
    bench.chips->take_away(0x1E);
    const std::size_t asked = bench.inverter.requests.size();
    ASSERT_TRUE(bench.until([&] { return bench.inverter.requests.size() >= asked + 10; }));
    EXPECT_TRUE(bench.points.empty());
}

}  // namespace
}  // namespace jkp::app
