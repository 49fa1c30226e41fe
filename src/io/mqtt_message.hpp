// SPDX-License-Identifier: MIT
// What goes to a broker and what comes from one.
#pragma once

#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace jkp::io {

// A message that waits: does a newer one of the same topic take its place?
enum class MqttKeep : std::uint8_t { newest, every };

struct MqttMessage {
    std::string topic;
    std::string payload;
    int qos = 0;
    bool retain = false;
    MqttKeep keep = MqttKeep::newest;
};

struct MqttArrival {
    std::string topic;
    std::string payload;
    bool retained = false;  // the broker had kept it: nobody knows since when (or see MqttSubscription)
    TimePoint at;
};

struct MqttSubscription {
    std::string filter;
    int qos = 0;
    // With MQTT 5 `retained` is also true of a message that is published with the retain flag while we
    // listen. With 3.1.1 a broker clears the flag of those, and nobody can tell.
    bool as_published = false;
};

}  // namespace jkp::io
