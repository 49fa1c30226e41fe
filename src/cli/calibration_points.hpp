// SPDX-License-Identifier: MIT
// The two ways to get points for `jk-pylon sensor calibrate`.
#pragma once

#include <optional>
#include <vector>

#include "cli/sensor_command.hpp"
#include "meter/field_calibration.hpp"

namespace jkp::cli {

struct CalibrationPoints {
    std::vector<meter::CalibrationPoint> points;
    std::optional<meter::MagnetometerChip> chip;  // absent: the sensor was not asked
};

// Both say what is wrong on standard error and then give nothing.
std::optional<CalibrationPoints> typed_points(const SensorOptions& options,
                                              const config::SensorSettings& settings);
// Until options.for_s is over or a person interrupts.
std::optional<CalibrationPoints> goodwe_points(const SensorOptions& options,
                                               const config::SensorSettings& settings);

// "  -20 A: x 200, y -997, z -270" on standard error.
void tell_point(const meter::CalibrationPoint& point);
void complain(const std::string& sentence);
// "-12.35 A"
std::string amps_text(double amps);

}  // namespace jkp::cli
