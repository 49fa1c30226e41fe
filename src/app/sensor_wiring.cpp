// SPDX-License-Identifier: MIT
#include "app/sensor_wiring.hpp"

namespace jkp::app {
namespace {

using config::SensorAxis;
using config::SensorChip;
using config::SensorPreset;
using config::SensorSettings;

constexpr double millionths = 1e-6;
constexpr double nanoamps = 1e-9;

double amps(Milliamps current) {
    return current.count() / 1000.0;
}

// Only for an axis that is not `none`.
std::size_t index(SensorAxis axis) {
    return static_cast<std::size_t>(axis) - static_cast<std::size_t>(SensorAxis::x);
}

std::optional<meter::Saturation> saturation(const SensorSettings& s) {
    if (s.saturation_axis == SensorAxis::none || s.saturation_sign_axis == SensorAxis::none) return {};
    return meter::Saturation{.axis = index(s.saturation_axis),
                             .above = s.saturation_above.value_or(0),
                             .amps = amps(s.saturation_current.value_or(Milliamps(0))),
                             .sign_axis = index(s.saturation_sign_axis)};
}

std::optional<meter::FieldRange> range(const SensorSettings& s) {
    if (!s.field_min && !s.field_max) return {};
    constexpr int beyond_every_chip = 65536;
    return meter::FieldRange{double{1} * s.field_min.value_or(0),
                             double{1} * s.field_max.value_or(beyond_every_chip)};
}

std::optional<meter::MagnetometerChip> chip(const SensorSettings& s) {
    switch (s.chip) {
        case SensorChip::hmc5883l: return meter::MagnetometerChip::hmc5883l;
        case SensorChip::qmc5883l: return meter::MagnetometerChip::qmc5883l;
        case SensorChip::automatic: break;
    }
    // Its figures are wrong by a factor of three for the other chip.
    if (s.preset == SensorPreset::original) return meter::MagnetometerChip::hmc5883l;
    return std::nullopt;
}

}  // namespace

meter::FieldModel field_model(const SensorSettings& s) {
    meter::FieldModel model;
    if (s.preset == SensorPreset::original) model = meter::original_model();
    const std::array weights{s.axis_x, s.axis_y, s.axis_z};
    for (std::size_t i = 0; i < meter::axes; ++i) {
        if (weights[i]) model.projection[i] = static_cast<double>(*weights[i]) * millionths;
    }
    if (s.zero) model.zero_counts = static_cast<double>(*s.zero) / 1000;
    if (s.slope) model.amps_per_count = static_cast<double>(*s.slope) * nanoamps;
    if (const auto own = saturation(s)) model.saturation = own;
    model.reversed = s.direction == config::SensorDirection::reversed;
    model.clamp_a = amps(s.clamp);
    model.dead_band_a = amps(s.dead_band);
    model.range = range(s);
    return model;
}

MagnetometerPlace magnetometer_place(const SensorSettings& s) {
    MagnetometerPlace place;
    place.bus = s.bus.value_or(1);
    if (s.address) place.address = static_cast<std::uint8_t>(*s.address);
    place.chip = chip(s);
    place.gain = s.gain;
    return place;
}

SensorPeerSettings sensor_peer_settings(const SensorSettings& s) {
    SensorPeerSettings settings;
    settings.place = magnetometer_place(s);
    settings.model = field_model(s);
    settings.watch = {.period = s.period, .stuck_after = s.max_stuck, .filter = s.filter};
    return settings;
}

}  // namespace jkp::app
