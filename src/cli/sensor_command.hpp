// SPDX-License-Identifier: MIT
// `jk-pylon sensor` and `jk-pylon sensor calibrate`.
#pragma once

#include <optional>
#include <string>

#include "app/magnetometer_port.hpp"
#include "config/sensor_settings.hpp"
#include "core/result.hpp"

namespace jkp::cli {

struct SensorOptions {
    std::optional<int> bus;
    std::optional<int> address;
    std::string chip;  // empty: as found
    std::optional<int> gain;
    std::string config;  // file with [peer.sensor]; empty: none
    bool json = false;
    double for_s = 0;      // 0: until interrupted
    std::string goodwe;    // calibrate: the inverter that tells the current; empty: standard input
    double average_s = 3;  // calibrate: how long a point is measured
    std::string write;     // calibrate: configuration that gets the result; empty: none
};

int sensor(const SensorOptions& options);
int sensor_calibrate(const SensorOptions& options);

// [peer.sensor] of options.config, changed by the other options. The error is complete sentences.
Result<config::SensorSettings, std::string> sensor_settings(const SensorOptions& options);

}  // namespace jkp::cli
