// SPDX-License-Identifier: MIT
// What the broker is told, from what configuration, control and history know.
#pragma once

#include <optional>
#include <string>

#include "app/mqtt_bridge.hpp"
#include "config/settings.hpp"
#include "core/series.hpp"
#include "report/event_record.hpp"

namespace jkp::app {

MqttBridgeOptions bridge_options(const config::Settings& settings);

// `total`: absent until the database was opened.
report::MqttExtras mqtt_extras(const report::Snapshot& snapshot, const std::optional<Energy>& total);
// One JSON object in a line, with the words of both languages.
std::string event_text(const report::EventRecord& event);

}  // namespace jkp::app
