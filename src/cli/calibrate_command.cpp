// SPDX-License-Identifier: MIT
// Collects known currents with the field each of them makes, and turns them into the calibration of the
// sensor.
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <fstream>
#include <iostream>
#include <sstream>
#include <thread>
#include <vector>

#include "app/sensor_wiring.hpp"
#include "cli/commands.hpp"
#include "cli/sensor_command.hpp"
#include "config/document.hpp"
#include "config/sensor_block.hpp"
#include "io/clock.hpp"
#include "io/replace_file.hpp"
#include "meter/field_calibration.hpp"

namespace jkp::cli {
namespace {

using meter::Calibration;
using meter::CalibrationPoint;
using meter::Vector3;

constexpr double most_amps = 1000;
constexpr double most_counts = 32768;
constexpr Duration sample_period = std::chrono::milliseconds(100);
constexpr const char* introduction =
    "Let the second battery charge and discharge with different, steady currents. For each one type the "
    "current\n"
    "in ampere, + while it is charged, - while it is discharged, and wait for the point; six or more are "
    "good.\n"
    "An empty line ends it.\n";

void complain(const std::string& sentence) {
    std::cerr << "jk-pylon: " << sentence << '\n';
}

std::string amps_text(double amps) {
    return config::decimal(std::round(amps * 100) / 100) + " A";
}

// "AMPERE" or "AMPERE X Y Z", numbers with a point or a comma.
std::optional<std::vector<double>> numbers_in(std::string line) {
    for (char& c : line) c = c == ',' ? '.' : c;
    std::istringstream words(line);
    std::vector<double> numbers;
    for (std::string word; words >> word;) {
        const char* from = word.data() + (word.starts_with('+') ? 1 : 0);
        double number = 0;
        const auto [end, error] = std::from_chars(from, word.data() + word.size(), number);
        if (error != std::errc{} || end != word.data() + word.size() || !std::isfinite(number)) return {};
        numbers.push_back(number);
    }
    if (numbers.size() != 1 && numbers.size() != 4) return {};
    const double limit = most_amps;
    if (std::abs(numbers[0]) > limit) return {};
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        if (std::abs(numbers[i]) > most_counts) return {};
    }
    return numbers;
}

// The mean over some samples. It is opened at the first use, so that points typed with their field need none.
class FieldMeter {
  public:
    FieldMeter(app::MagnetometerPlace place, double average_s) : place_(place), average_s_(average_s) {}

    Result<Vector3, std::string> measure() {
        if (!port_) {
            auto opened = app::MagnetometerPort::open(place_);
            if (!opened) return failure(opened.error().sentence);
            port_.emplace(std::move(*opened));
            std::cerr << "jk-pylon: " << port_->words() << '\n';
            std::this_thread::sleep_for(sample_period);
            (void)port_->read();  // may still have the old gain
        }
        return mean();
    }
    [[nodiscard]] std::optional<meter::MagnetometerChip> chip() const {
        return port_ ? std::optional(port_->chip()) : std::nullopt;
    }

  private:
    Result<Vector3, std::string> mean() {
        Vector3 sum{};
        int samples = 0;
        const TimePoint end =
            io::now() + std::chrono::duration_cast<Duration>(std::chrono::duration<double>(average_s_));
        do {
            std::this_thread::sleep_for(sample_period);
            const auto read = port_->read();
            if (!read) return failure(read.error().sentence);
            if (!*read) continue;
            if (!meter::magnitude(**read))
                return failure(std::string("The sensor ") + std::string(advice(meter::WatchFault::overflow)));
            for (std::size_t i = 0; i < meter::axes; ++i) sum[i] += *(*read)->axis[i];
            ++samples;
        } while (io::now() < end);
        if (samples == 0)
            return failure(std::string("The sensor ") + std::string(advice(meter::WatchFault::nothing_new)));
        for (double& counts : sum) counts /= samples;
        return sum;
    }

    app::MagnetometerPlace place_;
    double average_s_;
    std::optional<app::MagnetometerPort> port_;
};

// Nothing when the bus failed; what is wrong was told by then.
std::optional<std::vector<CalibrationPoint>> collect(FieldMeter& field) {
    const bool asks = ::isatty(STDIN_FILENO) == 1;
    std::vector<CalibrationPoint> points;
    if (asks) std::cerr << introduction;
    for (std::string line;; line.clear()) {
        if (asks) std::cerr << "current of point " << points.size() + 1 << ": " << std::flush;
        if (!std::getline(std::cin, line) || line.empty()) return points;
        if (line.starts_with('#')) continue;
        const auto numbers = numbers_in(line);
        if (!numbers) {
            complain("\"" + config::printable(line) +
                     "\" is neither a current in ampere nor a current and the counts of x, y and z");
            if (!asks) return std::nullopt;
            continue;
        }
        Vector3 at{};
        if (numbers->size() == 4) {
            at = {(*numbers)[1], (*numbers)[2], (*numbers)[3]};
        } else if (const auto measured = field.measure()) {
            at = *measured;
        } else {
            complain(measured.error());
            return std::nullopt;
        }
        points.push_back({at, Milliamps(static_cast<std::int32_t>(std::lround((*numbers)[0] * 1000)))});
        std::cerr << "  " << amps_text((*numbers)[0]) << ": x " << std::lround(at[0]) << ", y "
                  << std::lround(at[1]) << ", z " << std::lround(at[2]) << '\n';
    }
}

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

}  // namespace

int sensor_calibrate(const SensorOptions& options) {
    auto settings = sensor_settings(options);
    if (!settings) {
        complain(settings.error());
        return unable;
    }
    FieldMeter field(app::magnetometer_place(*settings), options.average_s);
    const auto points = collect(field);
    if (!points) return unable;
    if (const auto chip = field.chip()) settings->chip = chip_of(*chip);
    const auto found = meter::calibrate(*points, settings->clamp.count() / 1000.0);
    if (!found) {
        complain(std::string(meter::advice(found.error())));
        return bad;
    }
    if (settings->chip == config::SensorChip::automatic) {
        complain("Which chip the typed counts are of is not known: name it with --chip.");
        return unable;
    }
    judge(*found, points->size());
    const config::SensorSettings result = calibrated(*settings, *found);
    const std::string about = note(*found, points->size());
    std::cout << config::sensor_block(result, about);
    return options.write.empty() ? good : write_into(options.write, result, about);
}

}  // namespace jkp::cli
