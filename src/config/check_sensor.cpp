// SPDX-License-Identifier: MIT
// [peer.sensor]: a current that would be wrong by a factor or a sign is worse than none, so a sensor without
// a complete calibration is refused.
#include <algorithm>

#include "config/check.hpp"
#include "config/keys.hpp"

namespace jkp::config {
namespace {

const std::string table = "peer.sensor.";

bool has_axis(const SensorSettings& sensor) {
    const auto counts = [](const std::optional<std::int64_t>& weight) { return weight.value_or(0) != 0; };
    return counts(sensor.axis_x) || counts(sensor.axis_y) || counts(sensor.axis_z);
}

void check_calibration(const SensorSettings& sensor, Findings& findings) {
    if (sensor.preset != SensorPreset::none) return;
    std::string missing;
    const auto need = [&](bool there, std::string_view key) {
        if (!there) missing += (missing.empty() ? "" : ", ") + std::string(key);
    };
    need(sensor.chip != SensorChip::automatic, "chip");
    need(has_axis(sensor), "axis_x, axis_y or axis_z");
    need(sensor.zero.has_value(), "zero");
    need(sensor.slope.has_value(), "slope_ma");
    if (missing.empty()) return;
    findings.contradiction({table + "bus", table + "chip", table + "axis_x", table + "axis_y",
                            table + "axis_z", table + "zero", table + "slope_ma"},
                           "a sensor needs its calibration and misses " + missing +
                               ": run `jk-pylon sensor calibrate`, or choose " + table + "preset");
}

void check_preset(const SensorSettings& sensor, Findings& findings) {
    if (sensor.preset != SensorPreset::original) return;
    if (sensor.chip == SensorChip::qmc5883l) {
        findings.contradiction({table + "preset", table + "chip"},
                               table + "preset \"original\" belongs to " + table + "chip \"hmc5883l\"");
    }
    if (sensor.gain != 1) {
        findings.contradiction({table + "preset", table + "gain"},
                               table + "preset \"original\" belongs to " + table + "gain 1");
    }
    const bool cleared = sensor.axis_x && sensor.axis_y && sensor.axis_z && !has_axis(sensor);
    if (cleared) {
        findings.contradiction({table + "axis_x", table + "axis_y", table + "axis_z"},
                               "one of " + table + "axis_x, axis_y and axis_z must not be 0");
    }
}

void check_saturation(const SensorSettings& sensor, Findings& findings) {
    const bool parts[] = {sensor.saturation_axis != SensorAxis::none,
                          sensor.saturation_sign_axis != SensorAxis::none,
                          sensor.saturation_above.has_value(), sensor.saturation_current.has_value()};
    if (std::ranges::count(parts, true) % 4 == 0) return;
    findings.contradiction({table + "saturation_axis", table + "saturation_sign_axis",
                            table + "saturation_above", table + "saturation_a"},
                           table +
                               "saturation_axis, saturation_sign_axis, saturation_above and saturation_a "
                               "are one rule: all four or none");
}

void check_ranges(const SensorSettings& sensor, Findings& findings) {
    if (sensor.chip == SensorChip::qmc5883l && sensor.gain > 1) {
        findings.contradiction({table + "chip", table + "gain"},
                               table + "chip \"qmc5883l\" has " + table + "gain 0 and 1 only");
    }
    if (sensor.field_min && sensor.field_max && *sensor.field_min >= *sensor.field_max) {
        findings.contradiction({table + "field_min", table + "field_max"},
                               table + "field_min must be below " + table + "field_max");
    }
    if (sensor.dead_band >= sensor.clamp) {
        findings.contradiction({table + "dead_band_a", table + "clamp_a"},
                               table + "dead_band_a must be below " + table + "clamp_a");
    }
    if (sensor.max_stuck < 5 * sensor.period) {
        findings.contradiction({table + "max_stuck_s", table + "poll_s"},
                               table + "max_stuck_s must be at least five times " + table + "poll_s");
    }
}

}  // namespace

void check_sensor(const Settings& settings, Findings& findings) {
    const SensorSettings& sensor = settings.sensor;
    check_saturation(sensor, findings);
    check_ranges(sensor, findings);
    if (sensor.bus) {
        check_calibration(sensor, findings);
        check_preset(sensor, findings);
        return;
    }
    for (const Key<Settings>& key : sensor_keys()) {
        const std::string name = table + std::string(key.name);
        if (findings.has_seen(name)) findings.warning(name, "is not used: " + table + "bus is not set");
    }
}

}  // namespace jkp::config
