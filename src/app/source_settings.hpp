// SPDX-License-Identifier: MIT
// From what the configuration says to what the sources of the site need. The settings are checked ones.
#pragma once

#include "app/json_source.hpp"
#include "app/sma_meter.hpp"
#include "config/meter_settings.hpp"

namespace jkp::app {

SmaMeterSettings sma_meter_settings(const config::MeterSettings& meter);
// The grid meter; grid power in W, + = export.
JsonSourceSettings json_meter_settings(const config::JsonSourceSettings& source);
// The battery of a second inverter; + = charge.
JsonSourceSettings json_peer_settings(const config::JsonSourceSettings& source);

}  // namespace jkp::app
