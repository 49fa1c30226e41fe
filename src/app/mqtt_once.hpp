// SPDX-License-Identifier: MIT
// One connection to a broker and one message there and back, to see whether the configuration is right.
#pragma once

#include <chrono>
#include <string>

#include "core/result.hpp"
#include "io/mqtt_settings.hpp"

namespace jkp::app {

struct MqttOnceFault {
    std::string cause;     // one word: of MqttError, "read_back" or "patience"
    std::string sentence;  // with the next step
};

// Blocks for at most `patience`. The message is not kept by the broker; its topic begins with `base`. Gives
// how long it took there and back.
Result<std::chrono::milliseconds, MqttOnceFault> mqtt_once(const io::MqttClientSettings& settings,
                                                           const std::string& base,
                                                           std::chrono::milliseconds patience);

}  // namespace jkp::app
