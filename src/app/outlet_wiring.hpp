// SPDX-License-Identifier: MIT
// From the configuration to the settings of the outlets, and from what control and history know to what the
// broker is told.
#pragma once

#include <optional>
#include <string>

#include "app/mqtt_bridge.hpp"
#include "app/notifier.hpp"
#include "app/recorder.hpp"
#include "config/settings.hpp"

namespace jkp::app {

RecorderSettings recorder_settings(const config::HistorySettings& history);
NotifierSettings notifier_settings(const config::NotifySettings& notify);
MqttBridgeOptions bridge_options(const config::Settings& settings);

// `total`: absent until the database was opened.
report::MqttExtras mqtt_extras(const report::Snapshot& snapshot, const std::optional<Energy>& total);
// One JSON object in a line, with the words of both languages.
std::string event_text(const report::EventRecord& event);

}  // namespace jkp::app
