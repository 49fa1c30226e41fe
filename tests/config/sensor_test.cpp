// SPDX-License-Identifier: MIT
// [peer.sensor]: what it accepts, what it refuses, and how a calibration gets into a file.
#include <gmock/gmock.h>

#include "config/sensor_block.hpp"
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

using ::testing::HasSubstr;

const std::string calibrated =
    "[peer.sensor]\n"
    "bus = 1\n"
    "chip = \"hmc5883l\"\n"
    "axis_y = 1\n"
    "zero = -669\n"
    "slope_ma = 59.79\n";

class Sensor : public ::testing::TestWithParam<Row> {};

TEST_P(Sensor, IsRefusedInOneLine) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Values, Sensor,
    ::testing::Values(
        Row{"Bus", "[peer.sensor]\nbus = 256\npreset = \"original\"\n",
            "site.toml:6: peer.sensor.bus = 256: must be between 0 and 255"},
        Row{"Chip", "[peer.sensor]\nchip = \"hmc5884l\"\n",
            "site.toml:6: peer.sensor.chip = \"hmc5884l\": must be one of \"auto\", \"hmc5883l\", "
            "\"qmc5883l\"; did you mean \"hmc5883l\"?"},
        Row{"Address", "[peer.sensor]\naddress = 0x7F\n",
            "site.toml:6: peer.sensor.address = 127: must be between 8 and 119"},
        Row{"Weight", "[peer.sensor]\naxis_x = 1.5\n",
            "site.toml:6: peer.sensor.axis_x = 1.5: must be between -1 and 1"},
        Row{"Slope", "[peer.sensor]\nslope_ma = 0\n",
            "site.toml:6: peer.sensor.slope_ma = 0: must be between 0.01 and 5000 mA per count"},
        Row{"Zero", "[peer.sensor]\nzero = nan\n",
            "site.toml:6: peer.sensor.zero = nan: must be a number between -60000 and 60000 counts, not a "
            "number"},
        Row{"Unknown", "[peer.sensor]\nslop_ma = 3\n",
            "site.toml:6: peer.sensor.slop_ma = 3: is not a known key; did you mean \"slope_ma\"?"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Contradictions, Sensor,
    ::testing::Values(
        Row{"NoCalibration", "[peer.sensor]\nbus = 1\n",
            "site.toml:6: peer.sensor.bus = 1: a sensor needs its calibration and misses chip, axis_x, "
            "axis_y "
            "or axis_z, zero, slope_ma: run `jk-pylon sensor calibrate`, or choose peer.sensor.preset"},
        Row{"AnyChip", "[peer.sensor]\nbus = 1\naxis_x = 1\nzero = 0\nslope_ma = 5\n",
            "site.toml:9: peer.sensor.slope_ma = 5: a sensor needs its calibration and misses chip: run "
            "`jk-pylon sensor calibrate`, or choose peer.sensor.preset"},
        Row{"OriginalOnTheOtherChip", "[peer.sensor]\nbus = 1\npreset = \"original\"\nchip = \"qmc5883l\"\n",
            "site.toml:8: peer.sensor.chip = \"qmc5883l\": peer.sensor.preset \"original\" belongs to "
            "peer.sensor.chip \"hmc5883l\""},
        Row{"OriginalAtAnotherGain", "[peer.sensor]\nbus = 1\npreset = \"original\"\ngain = 2\n",
            "site.toml:8: peer.sensor.gain = 2: peer.sensor.preset \"original\" belongs to peer.sensor.gain "
            "1"},
        Row{"NoAxisAtAll",
            "[peer.sensor]\nbus = 1\npreset = \"original\"\naxis_x = 0\naxis_y = 0\naxis_z = 0\n",
            "site.toml:10: peer.sensor.axis_z = 0: one of peer.sensor.axis_x, axis_y and axis_z must not be "
            "0"},
        Row{"GainOfTheOtherChip", "[peer.sensor]\nchip = \"qmc5883l\"\ngain = 2\n",
            "site.toml:7: peer.sensor.gain = 2: peer.sensor.chip \"qmc5883l\" has peer.sensor.gain 0 and 1 "
            "only"},
        Row{"HalfASaturation", "[peer.sensor]\nsaturation_axis = \"y\"\nsaturation_a = 48\n",
            "site.toml:7: peer.sensor.saturation_a = 48: peer.sensor.saturation_axis, saturation_sign_axis, "
            "saturation_above and saturation_a are one rule: all four or none"},
        Row{"EmptyRange", "[peer.sensor]\nfield_min = 500\nfield_max = 500\n",
            "site.toml:7: peer.sensor.field_max = 500: peer.sensor.field_min must be below "
            "peer.sensor.field_max"},
        Row{"DeadBandAboveTheClamp", "[peer.sensor]\ndead_band_a = 20\nclamp_a = 10\n",
            "site.toml:7: peer.sensor.clamp_a = 10: peer.sensor.dead_band_a must be below "
            "peer.sensor.clamp_a"},
        Row{"StuckAtOnce", "[peer.sensor]\nmax_stuck_s = 2\npoll_s = 1\n",
            "site.toml:7: peer.sensor.poll_s = 1: peer.sensor.max_stuck_s must be at least five times "
            "peer.sensor.poll_s"}),
    name_of);

TEST(SensorSettings, AreOffUnlessThereIsABus) {
    const auto settings = load(minimal, "site.toml");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->sensor.bus, std::nullopt);
    EXPECT_EQ(warnings_of(with("[peer.sensor]\nfilter_s = 2\n")),
              "site.toml:6: peer.sensor.filter_s = 2: is not used: peer.sensor.bus is not set\n");
}

TEST(SensorSettings, KeepTheDigitsOfACalibration) {
    const auto settings = load(with(calibrated + "axis_x = -0.123456\naddress = 0x1E\n"), "site.toml");
    ASSERT_TRUE(settings) << format(settings.error());
    EXPECT_EQ(settings->sensor.axis_x, -123456);
    EXPECT_EQ(settings->sensor.zero, -669'000);
    EXPECT_EQ(settings->sensor.slope, 59'790'000);
    EXPECT_EQ(settings->sensor.address, 0x1E);
    EXPECT_EQ(settings->sensor.axis_z, std::nullopt);
}

SensorSettings result() {
    SensorSettings sensor;
    sensor.bus = 1;
    sensor.chip = SensorChip::qmc5883l;
    sensor.axis_x = 161026;
    sensor.axis_y = 979687;
    sensor.axis_z = -119513;
    sensor.zero = -577742;
    sensor.slope = 5'975'660;
    sensor.field_min = 392;
    sensor.field_max = 3298;
    return sensor;
}

std::string edited(const std::string& text) {
    const auto after = with_calibration(text, "site.toml", result(), "Calibration: new");
    return after ? *after : "refused: " + after.error();
}

TEST(SensorBlock, IsAddedAtTheEndOfAFileWithoutOne) {
    const std::string after = edited(with("# the end\n"));
    EXPECT_TRUE(after.starts_with(with("# the end\n"))) << after;
    const auto settings = load(after, "site.toml");
    ASSERT_TRUE(settings) << after;
    EXPECT_EQ(settings->sensor, result());
}

TEST(SensorBlock, TakesThePlaceOfAnOldCalibrationAndKeepsEverythingElse) {
    const std::string before = with(
        "\n[peer.sensor]  # beside the cable\n"
        "# Calibration: old\n"
        "# a thought of the owner\n"
        "bus = 2\n"
        "preset = \"original\"\n"
        "filter_s = 3  # smooth\n"
        "direction = \"reversed\"\n"
        "saturation_axis = \"y\"\nsaturation_above = 1\nsaturation_a = 2\nsaturation_sign_axis = \"z\"\n"
        "\n[log]\n"
        "level = \"debug\"\n");
    const std::string after = edited(before);
    EXPECT_EQ(after, with("\n[peer.sensor]  # beside the cable\n"
                          "# Calibration: new\n"
                          "bus = 1\nchip = \"qmc5883l\"\ngain = 1\naxis_x = 0.161026\naxis_y = 0.979687\n"
                          "axis_z = -0.119513\nzero = -577.742\nslope_ma = 5.97566\nfield_min = 392\n"
                          "field_max = 3298\n"
                          "# a thought of the owner\n"
                          "filter_s = 3  # smooth\n"
                          "\n[log]\n"
                          "level = \"debug\"\n"));
    EXPECT_EQ(edited(after), after) << "twice is once";
}

TEST(SensorBlock, PutsAnUnfinishedSensorRight) {
    const std::string after = edited(with("[peer.sensor]\nbus = 1\n"));
    EXPECT_EQ(errors_of(after), "") << after;
}

TEST(SensorBlock, RefusesAFileThatIsWrongElsewhere) {
    EXPECT_THAT(edited(with("[log]\nlevel = \"loud\"\n")), HasSubstr("site.toml:6: log.level = \"loud\""));
    EXPECT_THAT(edited("no toml"), HasSubstr("refused"));
}

TEST(SensorBlock, RefusesWhatALineEditorCannotUnderstand) {
    EXPECT_THAT(edited("peer.sensor.filter_s = 2\n" + with("")), HasSubstr("refused"));
    EXPECT_THAT(edited(with("[peer]\nsensor = { filter_s = 2 }\n")), HasSubstr("refused"));
    EXPECT_THAT(
        edited(with("[peer.sensor]\nfilter_s = 2\n[log]\nfile = '''/tmp/x\n[peer.sensor]\nbus = 3\n'''\n")),
        HasSubstr("refused"));
}

TEST(SensorBlock, ADirectionInSpaceSurvivesTheText) {
    const auto settings = load(with(sensor_block(result(), "Calibration: x")), "site.toml");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->sensor, result());
}

}  // namespace
}  // namespace jkp::config::testing
