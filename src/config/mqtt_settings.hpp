// SPDX-License-Identifier: MIT
// The broker, and what is told there. Never a password: it is in a file of its own.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "core/time.hpp"

namespace jkp::config {

enum class MqttProtocol : std::uint8_t { v3_1_1, v5 };

// One group of values.
struct MqttGroupSettings {
    int qos = 0;
    Duration interval = std::chrono::seconds(20);
    bool operator==(const MqttGroupSettings&) const = default;
};

struct MqttSettings {
    std::string host;         // empty: MQTT is off
    std::optional<int> port;  // absent: 1883, with tls 8883
    std::string username;
    std::string password_file;
    std::string credential = "mqtt";  // of LoadCredential=, without password_file
    bool tls = false;
    std::string ca_file;
    std::string cert_file;
    std::string key_file;
    MqttProtocol protocol = MqttProtocol::v3_1_1;
    std::string prefix = "jk-pylon";
    std::string site = "home";
    std::string client_id;  // empty: jk-pylon-SITE
    bool discovery = true;
    std::string discovery_prefix = "homeassistant";
    bool compat_topics = false;
    MqttGroupSettings battery;
    MqttGroupSettings pack;
    MqttGroupSettings site_group;
    MqttGroupSettings can;
    MqttGroupSettings limits{1, std::chrono::seconds(20)};
    MqttGroupSettings alarms{1, std::chrono::seconds(20)};
    [[nodiscard]] bool enabled() const { return !host.empty(); }
    bool operator==(const MqttSettings&) const = default;
};

}  // namespace jkp::config
