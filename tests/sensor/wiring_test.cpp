// SPDX-License-Identifier: MIT
// From the text of a configuration to the line of the sensor.
#include <gtest/gtest.h>

#include "app/sensor_wiring.hpp"
#include "config/load.hpp"

namespace jkp::app {
namespace {

config::SensorSettings loaded(const std::string& text) {
    const auto settings = config::load(
        "[[pack]]\nport = \"/dev/x\"\nmax_charge_a = 60\nmax_discharge_a = 60\n[peer.sensor]\n" + text,
        "site.toml");
    EXPECT_TRUE(settings) << config::format(settings.error());
    return settings ? settings->sensor : config::SensorSettings{};
}

TEST(SensorWiring, ThePresetIsTheOriginalsFormula) {
    const auto settings = loaded("bus = 1\npreset = \"original\"\ndead_band_a = 0\n");
    EXPECT_EQ(field_model(settings), meter::original_model());
    EXPECT_EQ(magnetometer_place(settings).chip, meter::MagnetometerChip::hmc5883l);
    EXPECT_EQ(magnetometer_place(settings).gain, 1);
}

TEST(SensorWiring, AKeyChangesOneFigureOfThePreset) {
    const auto model = field_model(loaded("bus = 1\npreset = \"original\"\nzero = -700.5\n"));
    meter::FieldModel wanted = meter::original_model();
    wanted.zero_counts = -700.5;
    wanted.dead_band_a = 0.3;
    EXPECT_EQ(model, wanted);
}

TEST(SensorWiring, EveryKeyArrives) {
    const auto settings = loaded(
        "bus = 4\naddress = 0x1F\nchip = \"qmc5883l\"\ngain = 0\naxis_x = 0.6\naxis_z = -0.8\nzero = 12.5\n"
        "slope_ma = 5.5\ndirection = \"reversed\"\ndead_band_a = 0.7\nclamp_a = 80\nsaturation_axis = \"x\"\n"
        "saturation_above = -300\nsaturation_a = 48\nsaturation_sign_axis = \"z\"\nfield_min = 100\n"
        "field_max = 9000\npoll_s = 0.5\nfilter_s = 2\nmax_stuck_s = 20\n");
    const SensorPeerSettings peer = sensor_peer_settings(settings);
    EXPECT_EQ(
        peer.place,
        (MagnetometerPlace{.bus = 4, .address = 0x1F, .chip = meter::MagnetometerChip::qmc5883l, .gain = 0}));
    const meter::FieldModel& model = peer.model.value();
    EXPECT_DOUBLE_EQ(model.projection[0], 0.6);
    EXPECT_DOUBLE_EQ(model.projection[1], 0);
    EXPECT_DOUBLE_EQ(model.projection[2], -0.8);
    EXPECT_DOUBLE_EQ(model.zero_counts, 12.5);
    EXPECT_DOUBLE_EQ(model.amps_per_count, 0.0055);
    EXPECT_TRUE(model.reversed);
    EXPECT_DOUBLE_EQ(model.dead_band_a, 0.7);
    EXPECT_DOUBLE_EQ(model.clamp_a, 80);
    EXPECT_EQ(model.saturation, (meter::Saturation{.axis = 0, .above = -300, .amps = 48, .sign_axis = 2}));
    EXPECT_EQ(model.range, (meter::FieldRange{100, 9000}));
    EXPECT_EQ(peer.watch, (meter::WatchSettings{.period = std::chrono::milliseconds(500),
                                                .stuck_after = std::chrono::seconds(20),
                                                .filter = std::chrono::seconds(2)}));
}

}  // namespace
}  // namespace jkp::app
