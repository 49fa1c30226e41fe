// SPDX-License-Identifier: MIT
#include "app/mqtt_wiring.hpp"

#include "io/credentials.hpp"

namespace jkp::app {

io::MqttClientSettings mqtt_client_settings(const config::MqttSettings& mqtt, const std::string& part) {
    io::MqttClientSettings settings;
    settings.host = mqtt.host;
    settings.port = static_cast<std::uint16_t>(mqtt.port.value_or(mqtt.tls ? 8883 : 1883));
    settings.client_id = (mqtt.client_id.empty() ? "jk-pylon-" + mqtt.site : mqtt.client_id) + part;
    settings.username = mqtt.username;
    settings.password_file = mqtt.password_file;
    if (!mqtt.username.empty() && mqtt.password_file.empty()) {
        settings.password_file = io::credential_path(mqtt.credential).value_or("");
    }
    settings.tls = mqtt.tls;
    settings.ca_file = mqtt.ca_file;
    settings.cert_file = mqtt.cert_file;
    settings.key_file = mqtt.key_file;
    settings.version =
        mqtt.protocol == config::MqttProtocol::v5 ? io::MqttVersion::v5 : io::MqttVersion::v3_1_1;
    return settings;
}

std::string mqtt_base(const config::MqttSettings& mqtt) {
    return mqtt.prefix + '/' + mqtt.site;
}

report::MqttGroupRules mqtt_group_rules(const config::MqttSettings& mqtt) {
    report::MqttGroupRules rules;
    const auto set = [&](report::MqttGroup group, const config::MqttGroupSettings& from) {
        rules[static_cast<std::size_t>(group)] = {from.qos, from.interval};
    };
    set(report::MqttGroup::battery, mqtt.battery);
    set(report::MqttGroup::pack, mqtt.pack);
    set(report::MqttGroup::site, mqtt.site_group);
    set(report::MqttGroup::can, mqtt.can);
    set(report::MqttGroup::limits, mqtt.limits);
    set(report::MqttGroup::alarms, mqtt.alarms);
    return rules;
}

}  // namespace jkp::app
