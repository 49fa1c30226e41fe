// SPDX-License-Identifier: MIT
// Collects known currents with the field each of them makes, and turns them into the calibration of the
// sensor.
#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>

#include "app/run.hpp"
#include "cli/calibration_points.hpp"
#include "cli/commands.hpp"
#include "config/document.hpp"
#include "config/sensor_block.hpp"
#include "io/replace_file.hpp"
#include "meter/field_calibration.hpp"

namespace jkp::cli {
namespace {

using meter::Calibration;

config::SensorChip chip_of(meter::MagnetometerChip chip) {
    return chip == meter::MagnetometerChip::qmc5883l ? config::SensorChip::qmc5883l
                                                     : config::SensorChip::hmc5883l;
}

std::int64_t count(double value, double scale) {
    return std::llround(value * scale);
}

config::SensorSettings calibrated(config::SensorSettings settings, const Calibration& found) {
    settings.bus = settings.bus.value_or(1);
    settings.preset = config::SensorPreset::none;
    settings.direction = config::SensorDirection::normal;
    settings.axis_x = count(found.projection[0], 1e6);
    settings.axis_y = count(found.projection[1], 1e6);
    settings.axis_z = count(found.projection[2], 1e6);
    settings.zero = count(found.zero_counts, 1e3);
    settings.slope = count(found.amps_per_count, 1e9);
    settings.saturation_axis = config::SensorAxis::none;
    settings.saturation_sign_axis = config::SensorAxis::none;
    settings.saturation_above.reset();
    settings.saturation_current.reset();
    settings.field_min = static_cast<int>(found.range.lowest);
    settings.field_max = static_cast<int>(std::ceil(std::min(found.range.highest, 60000.0)));
    return settings;
}

std::string note(const Calibration& c, std::size_t points) {
    return "Calibration: " + std::to_string(points) + " points from " + amps_text(c.lowest_a) + " to " +
           amps_text(c.highest_a) + ", " + std::to_string(c.unknowns) + " unknowns, residual " +
           amps_text(c.residual_rms_a) + ", worst " + amps_text(c.residual_worst_a);
}

void judge(const Calibration& c, std::size_t points) {
    const double span = c.highest_a - c.lowest_a;
    if (c.residual_worst_a > span / 10)
        complain(
            "The worst point is far off the line: was its current steady while it was measured, and did "
            "nothing of iron move?");
    if (points < 4) complain("With fewer than four points a wrong one cannot be noticed.");
}

int write_into(const std::string& path, const config::SensorSettings& settings, const std::string& note) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) {
        complain(path + " cannot be read; nothing was written");
        return unable;
    }
    const auto edited = config::with_calibration(text.str(), path, settings, note);
    if (!edited) {
        complain(edited.error());
        return bad;
    }
    if (const auto done = io::replace_file(path, *edited); !done) {
        complain(done.error());
        return unable;
    }
    std::cerr << "jk-pylon: written into " << path
              << "; a running gateway reads it with `systemctl reload jk-pylon`\n";
    return good;
}

// Bus, gain and clamp of the file that gets the result. One that is not good yet has no say.
SensorOptions with_the_file_that_is_written(SensorOptions options) {
    if (options.config.empty() && !options.write.empty() && app::load_settings(options.write))
        options.config = options.write;
    return options;
}

}  // namespace

void complain(const std::string& sentence) {
    std::cerr << "jk-pylon: " << sentence << '\n';
}

std::string amps_text(double amps) {
    return config::decimal(std::round(amps * 100) / 100) + " A";
}

void tell_point(const meter::CalibrationPoint& point) {
    std::cerr << "  " << amps_text(point.current.count() / 1000.0) << ": x " << std::lround(point.field[0])
              << ", y " << std::lround(point.field[1]) << ", z " << std::lround(point.field[2]) << '\n';
}

int sensor_calibrate(const SensorOptions& options) {
    auto settings = sensor_settings(with_the_file_that_is_written(options));
    if (!settings) {
        complain(settings.error());
        return unable;
    }
    const auto collected =
        options.goodwe.empty() ? typed_points(options, *settings) : goodwe_points(options, *settings);
    if (!collected) return unable;
    const auto& points = collected->points;
    if (collected->chip) settings->chip = chip_of(*collected->chip);
    const auto found = meter::calibrate(points, settings->clamp.count() / 1000.0);
    if (!found) {
        complain(std::string(meter::advice(found.error())));
        return bad;
    }
    if (settings->chip == config::SensorChip::automatic) {
        complain("Which chip the typed counts are of is not known: name it with --chip.");
        return unable;
    }
    judge(*found, points.size());
    const config::SensorSettings result = calibrated(*settings, *found);
    const std::string about = note(*found, points.size());
    std::cout << config::sensor_block(result, about);
    return options.write.empty() ? good : write_into(options.write, result, about);
}

}  // namespace jkp::cli
