// SPDX-License-Identifier: MIT
// Points from standard input: a current, or a current with the field it made.
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <iostream>
#include <sstream>
#include <thread>

#include "app/sensor_wiring.hpp"
#include "cli/calibration_points.hpp"
#include "config/document.hpp"
#include "io/clock.hpp"
#include "meter/field_watch.hpp"

namespace jkp::cli {
namespace {

using meter::CalibrationPoint;
using meter::Vector3;

constexpr double most_amps = 1000;
constexpr double most_counts = 32768;
constexpr Duration sample_period = std::chrono::milliseconds(100);
constexpr const char* introduction =
    "Let the second battery charge and discharge with different, steady currents. For each one type it in\n"
    "ampere, + while it is charged, - while it is discharged, and wait for the point; six or more are good.\n"
    "An empty line ends it.\n";

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
    if (std::abs(numbers[0]) > most_amps) return {};
    for (std::size_t i = 1; i < numbers.size(); ++i) {
        if (std::abs(numbers[i]) > most_counts) return {};
    }
    return numbers;
}

// The mean over some samples. The bus is opened at the first use, so that points typed with their field need
// none.
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

}  // namespace

std::optional<CalibrationPoints> typed_points(const SensorOptions& options,
                                              const config::SensorSettings& settings) {
    FieldMeter field(app::magnetometer_place(settings), options.average_s);
    const bool asks = ::isatty(STDIN_FILENO) == 1;
    std::vector<CalibrationPoint> points;
    if (asks) std::cerr << introduction;
    for (std::string line;; line.clear()) {
        if (asks) std::cerr << "current of point " << points.size() + 1 << ": " << std::flush;
        if (!std::getline(std::cin, line) || line.empty()) return CalibrationPoints{points, field.chip()};
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
            if (!asks) return std::nullopt;
            continue;
        }
        points.push_back({at, Milliamps(static_cast<std::int32_t>(std::lround((*numbers)[0] * 1000)))});
        tell_point(points.back());
    }
}

}  // namespace jkp::cli
