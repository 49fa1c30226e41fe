// SPDX-License-Identifier: MIT
#include "config/sensor_block.hpp"

#include "config/document.hpp"
#include "config/load.hpp"

namespace jkp::config {
namespace {

constexpr std::string_view table = "peer.sensor";

using Value = std::optional<std::string>;

Value whole(const std::optional<int>& number) {
    if (!number) return std::nullopt;
    return std::to_string(*number);
}

Value scaled(const std::optional<std::int64_t>& count, double scale) {
    if (!count) return std::nullopt;
    return decimal(static_cast<double>(*count) / scale);
}

Value chip(SensorChip chip) {
    switch (chip) {
        case SensorChip::automatic: return std::nullopt;
        case SensorChip::hmc5883l: return "\"hmc5883l\"";
        case SensorChip::qmc5883l: return "\"qmc5883l\"";
    }
    return std::nullopt;
}

Value direction(SensorDirection direction) {
    if (direction == SensorDirection::normal) return std::nullopt;
    return "\"reversed\"";
}

// Errors of the old text may be what the calibration puts right, so the two are compared key by key.
bool differs_elsewhere(std::string_view before, const Settings& after, std::string_view file_name) {
    const auto root = parse(before, file_name);
    if (!root) return true;
    Findings ignored(file_name);
    Settings old = read_settings(*root, ignored);
    old.sensor = after.sensor;
    old.control.coordination.expects_peer = after.control.coordination.expects_peer;  // follows from it
    old.warnings = after.warnings;
    return old != after;
}

SensorSettings with_owners_keys(const SensorSettings& calibrated, const SensorSettings& owners) {
    SensorSettings all = calibrated;
    all.dead_band = owners.dead_band;
    all.clamp = owners.clamp;
    all.period = owners.period;
    all.filter = owners.filter;
    all.max_stuck = owners.max_stuck;
    return all;
}

}  // namespace

std::vector<KeyText> calibration_keys(const SensorSettings& s) {
    return {
        {"bus", whole(s.bus)},
        {"address", whole(s.address)},
        {"chip", chip(s.chip)},
        {"gain", whole(s.gain)},
        {"preset", std::nullopt},
        {"axis_x", scaled(s.axis_x, 1e6)},
        {"axis_y", scaled(s.axis_y, 1e6)},
        {"axis_z", scaled(s.axis_z, 1e6)},
        {"zero", scaled(s.zero, 1e3)},
        {"slope_ma", scaled(s.slope, 1e6)},
        {"direction", direction(s.direction)},
        {"saturation_axis", std::nullopt},
        {"saturation_above", std::nullopt},
        {"saturation_a", std::nullopt},
        {"saturation_sign_axis", std::nullopt},
        {"field_min", whole(s.field_min)},
        {"field_max", whole(s.field_max)},
    };
}

std::string sensor_block(const SensorSettings& sensor, std::string_view note) {
    return with_keys("", table, note, calibration_keys(sensor));
}

Result<std::string, std::string> with_calibration(std::string_view text, std::string_view file_name,
                                                  const SensorSettings& sensor, std::string_view note) {
    const std::string edited = with_keys(text, table, note, calibration_keys(sensor));
    const auto after = load(edited, file_name);
    if (!after)
        return failure("The file would not be good with the calibration in it:\n" + format(after.error()));
    if (after->sensor != with_owners_keys(sensor, after->sensor) ||
        differs_elsewhere(text, *after, file_name))
        return failure(std::string(file_name) +
                       " is written in a way that cannot be edited safely. Put the block into it by hand.");
    return edited;
}

}  // namespace jkp::config
