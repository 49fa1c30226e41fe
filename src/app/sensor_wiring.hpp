// SPDX-License-Identifier: MIT
// From [peer.sensor] to the settings of the sensor.
#pragma once

#include "app/sensor_peer.hpp"
#include "config/sensor_settings.hpp"

namespace jkp::app {

// The preset with what the configuration says besides.
meter::FieldModel field_model(const config::SensorSettings& settings);
// Without a bus in the settings, bus 1.
MagnetometerPlace magnetometer_place(const config::SensorSettings& settings);
SensorPeerSettings sensor_peer_settings(const config::SensorSettings& settings);

}  // namespace jkp::app
