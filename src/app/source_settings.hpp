// SPDX-License-Identifier: MIT
// From what the configuration says to what the sources of the site need. The settings are checked ones.
#pragma once

#include "app/json_source.hpp"
#include "app/mqtt_source.hpp"
#include "app/sma_meter.hpp"
#include "config/meter_settings.hpp"
#include "config/mqtt_settings.hpp"

namespace jkp::app {

SmaMeterSettings sma_meter_settings(const config::MeterSettings& meter);
// The grid meter; grid power in W, + = export.
JsonSourceSettings json_meter_settings(const config::JsonSourceSettings& source);
// The battery of a second inverter; + = charge.
JsonSourceSettings json_peer_settings(const config::JsonSourceSettings& source);

// The same for one that is heard at the broker.
MqttSourceSettings topic_meter_settings(const config::MqttSettings& mqtt,
                                        const config::JsonSourceSettings& source);
MqttSourceSettings topic_peer_settings(const config::MqttSettings& mqtt,
                                       const config::JsonSourceSettings& source);

}  // namespace jkp::app
