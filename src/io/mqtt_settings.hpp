// SPDX-License-Identifier: MIT
// How a broker is reached.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "io/mqtt_library.hpp"
#include "io/mqtt_message.hpp"

namespace jkp::io {

enum class MqttVersion : std::uint8_t { v3_1_1, v5 };

struct MqttClientSettings {
    std::string host;
    std::uint16_t port = 1883;
    std::string client_id;
    std::string username;       // empty: none is sent
    std::string password_file;  // one line, read anew for each connection; empty: without a password
    bool tls = false;
    std::string ca_file;    // PEM; empty: the system's certificates
    std::string cert_file;  // PEM, ours; empty: none
    std::string key_file;
    MqttVersion version = MqttVersion::v3_1_1;
    MqttMessage will;  // topic empty: none
    // How long is waited: for the network, for the broker's word, and between two attempts.
    std::chrono::milliseconds connect_timeout{4000};
    std::chrono::milliseconds answer_timeout{10000};
    std::chrono::milliseconds first_pause{500};
    std::chrono::milliseconds longest_pause{3000};
    std::chrono::milliseconds refused_pause{30000};  // after a refusal that only a person can change
    std::size_t longest_payload = 65'536;            // bytes; an arrival with more is discarded
    std::size_t most_waiting = 2000;                 // messages to be sent (io/mqtt_queue.hpp)
    std::size_t most_unhandled = 256;  // arrivals that wait for the loop; further ones are discarded
    std::string library = usual_mqtt_library;

    [[nodiscard]] std::string broker() const { return host + ':' + std::to_string(port); }
};

}  // namespace jkp::io
