// SPDX-License-Identifier: MIT
// From [mqtt] to the settings of those that talk to the broker.
#pragma once

#include <string>

#include "config/mqtt_settings.hpp"
#include "io/mqtt_settings.hpp"
#include "report/mqtt_plan.hpp"

namespace jkp::app {

// `part` is added to the client id: two connections of one program need two names.
io::MqttClientSettings mqtt_client_settings(const config::MqttSettings& mqtt, const std::string& part = {});
std::string mqtt_base(const config::MqttSettings& mqtt);  // PREFIX/SITE
report::MqttGroupRules mqtt_group_rules(const config::MqttSettings& mqtt);

}  // namespace jkp::app
