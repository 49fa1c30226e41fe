// SPDX-License-Identifier: MIT
// `jk-pylon sensor` as a person or a script calls it, on a machine without the sensor.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/load.hpp"
#include "e2e/child.hpp"
#include "io/clock.hpp"
#include "io_files/temporary_folder.hpp"

namespace jkp::app {
namespace {

using io::testing::contents;
using io::testing::TemporaryFolder;
using ::testing::HasSubstr;

// 0.06 A per count of y, 0 A at y = -669; x and z do not move.
constexpr const char* points =
    "# ampere, x, y, z\n"
    "-30 250 -1169 -310\n"
    "-12 250 -869 -310\n"
    "+0  250 -669 -310\n"
    "12  250 -469 -310\n"
    "30  250 -169 -310\n";

struct Outcome {
    int code = -1;
    std::string output;
    std::string errors;
};

Outcome run(const TemporaryFolder& folder, std::vector<std::string> arguments,
            const std::string& input = "") {
    std::ofstream(folder.file("in")) << input;
    std::filesystem::remove(folder.file("out"));
    std::filesystem::remove(folder.file("err"));
    arguments.insert(arguments.begin(), "sensor");
    e2e::Child child({.arguments = std::move(arguments),
                      .output = folder.file("out"),
                      .errors = folder.file("err"),
                      .input = folder.file("in")});
    const TimePoint end = io::now() + std::chrono::seconds(30);
    while (!child.ended() && io::now() < end) std::this_thread::yield();
    return {child.exit_code(), contents(folder.file("out")), contents(folder.file("err"))};
}

std::string site(const TemporaryFolder& folder, const std::string& more = "") {
    const std::string path = folder.file("site.toml");
    std::ofstream(path) << "[[pack]]\nport = \"/dev/x\"\nmax_charge_a = 60\nmax_discharge_a = 60\n" << more;
    return path;
}

// No machine has bus 255.
const std::vector<std::string> no_bus{"--bus", "255"};

TEST(SensorCommand, WithoutABusItEndsAtOnceWithTheNextStep) {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, no_bus);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("/dev/i2c-255 does not exist"));
    EXPECT_THAT(outcome.errors, HasSubstr("raspi-config"));
    EXPECT_EQ(outcome.output, "");
}

TEST(SensorCommand, ABadConfigurationIsTold) {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, {"-c", site(folder, "[peer.sensor]\nbus = 1\n")});
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors,
                HasSubstr("site.toml:6: peer.sensor.bus = 1: a sensor needs its calibration"));
}

TEST(CalibrateCommand, PrintsABlockThatIsAConfiguration) {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, {"calibrate", "--chip", "hmc5883l", "--bus", "3"}, points);
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_THAT(outcome.output, HasSubstr("# Calibration: 5 points from -30 A to 30 A, 2 unknowns"));
    const auto settings = config::load(contents(site(folder)) + outcome.output, "site.toml");
    ASSERT_TRUE(settings) << outcome.output;
    EXPECT_EQ(settings->sensor.bus, 3);
    EXPECT_EQ(settings->sensor.axis_y, 1'000'000);
    EXPECT_EQ(settings->sensor.zero, -669'000);
    EXPECT_EQ(settings->sensor.slope, 60'000'000);
}

TEST(CalibrateCommand, WritesTheBlockIntoAFileAndKeepsTheRest) {
    const TemporaryFolder folder;
    const std::string path = site(folder, "# mine\n[log]\nlevel = \"debug\"\n");
    const std::string before = contents(path);
    const Outcome outcome = run(folder, {"calibrate", "--chip", "hmc5883l", "--write", path}, points);
    ASSERT_EQ(outcome.code, 0) << outcome.errors;
    EXPECT_EQ(contents(path), before + "\n" + outcome.output);
}

TEST(CalibrateCommand, TheFileThatIsWrittenKeepsItsBusAndItsGain) {
    const TemporaryFolder folder;
    const std::string path =
        site(folder,
             "[peer.sensor]\nbus = 3\ngain = 5\nchip = \"hmc5883l\"\naxis_x = 1\nzero = 0\nslope_ma = 1\n");
    ASSERT_EQ(run(folder, {"calibrate", "--write", path}, points).code, 0);
    const auto settings = config::load(contents(path), "site.toml");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->sensor.bus, 3);
    EXPECT_EQ(settings->sensor.gain, 5);
    EXPECT_EQ(settings->sensor.slope, 60'000'000);
}

TEST(CalibrateCommand, AFileThatIsWrongElsewhereStaysAsItIs) {
    const TemporaryFolder folder;
    const std::string path = site(folder, "[log]\nlevel = \"loud\"\n");
    const std::string before = contents(path);
    const Outcome outcome = run(folder, {"calibrate", "--chip", "hmc5883l", "--write", path}, points);
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("log.level = \"loud\""));
    EXPECT_EQ(contents(path), before);
    EXPECT_THAT(outcome.output, HasSubstr("slope_ma = 60")) << "the block can still be put in by hand";
    EXPECT_EQ(run(folder, {"calibrate", "--chip", "hmc5883l", "--write", folder.file("none")}, points).code,
              2);
}

TEST(CalibrateCommand, PointsOnOneSideOfZeroAreRefused) {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, {"calibrate", "--chip", "hmc5883l"}, "5 0 100 0\n20 0 400 0\n");
    EXPECT_EQ(outcome.code, 1);
    EXPECT_THAT(outcome.errors, HasSubstr("both sides of 0"));
    EXPECT_EQ(outcome.output, "");
}

TEST(CalibrateCommand, WithoutAChipTheCountsBelongToNone) {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, {"calibrate"}, points);
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("--chip"));
}

TEST(CalibrateCommand, ACurrentAloneNeedsTheSensor) {
    const TemporaryFolder folder;
    const Outcome outcome = run(folder, {"calibrate", "--bus", "255"}, "5\n");
    EXPECT_EQ(outcome.code, 2);
    EXPECT_THAT(outcome.errors, HasSubstr("/dev/i2c-255 does not exist"));
}

TEST(CalibrateCommand, LinesThatAreNoPointAreRefused) {
    const TemporaryFolder folder;
    for (const char* line : {"five", "5 1 2", "5 1 2 3 4", "1e9", "nan", "5A", "5 1 2 99999", "--5"}) {
        const Outcome outcome = run(folder, {"calibrate"}, std::string(line) + "\n");
        EXPECT_EQ(outcome.code, 2) << line;
        EXPECT_THAT(outcome.errors, HasSubstr("is neither a current")) << line;
    }
}

}  // namespace
}  // namespace jkp::app
