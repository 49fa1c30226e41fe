// SPDX-License-Identifier: MIT
// The broker.
#include "config/check.hpp"
#include "config/keys.hpp"

namespace jkp::config {
namespace {

bool is_this_machine(std::string_view host) {
    return host == "localhost" || host.starts_with("127.");
}

}  // namespace

void check_mqtt(const Settings& settings, Findings& findings) {
    const MqttSettings& mqtt = settings.mqtt;
    const auto unused = [&](const std::string& key, const std::string& why) {
        if (findings.has_seen(key)) findings.warning(key, "is not used: " + why);
    };
    if (!mqtt.enabled()) {
        for (const Key<Settings>& key : mqtt_keys()) {
            if (key.name != "host") {
                unused(std::string(key.table) + '.' + std::string(key.name), "mqtt.host is not set");
            }
        }
        return;
    }
    if (mqtt.cert_file.empty() != mqtt.key_file.empty()) {
        findings.contradiction({"mqtt.cert_file", "mqtt.key_file"},
                               "mqtt.cert_file and mqtt.key_file belong together");
    }
    if (!mqtt.tls) {
        for (const char* key : {"mqtt.ca_file", "mqtt.cert_file", "mqtt.key_file"}) {
            unused(key, "mqtt.tls is false");
        }
        if (!mqtt.username.empty() && !is_this_machine(mqtt.host)) {
            findings.warning({"mqtt.username", "mqtt.host"},
                             "the password goes over the network unencrypted, because mqtt.tls is false");
        }
    }
    if (mqtt.username.empty()) {
        unused("mqtt.password_file", "mqtt.username is not set");
        unused("mqtt.credential", "mqtt.username is not set");
    } else if (!mqtt.password_file.empty()) {
        unused("mqtt.credential", "mqtt.password_file is set");
    }
    if (!mqtt.discovery) unused("mqtt.discovery_prefix", "mqtt.discovery is false");
    if (mqtt.prefix == mqtt.discovery_prefix) {
        findings.contradiction({"mqtt.prefix", "mqtt.discovery_prefix"},
                               "mqtt.prefix and mqtt.discovery_prefix must differ");
    }
}

}  // namespace jkp::config
