// SPDX-License-Identifier: MIT
// Hears a meter or an inverter at a broker, for ever. What cannot be used is counted by its reason and not
// delivered: the last reading ages where it is used. A value that the broker had kept counts only when it
// tells its own time: nobody knows how old it is. Thread: that of the io_context.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "app/json_intake.hpp"
#include "app/json_source.hpp"
#include "io/mqtt_settings.hpp"

namespace jkp::app {

struct MqttSourceSettings {
    io::MqttClientSettings broker;
    std::string topic;
    JsonRule rule;
    Duration silent_after = std::chrono::seconds(30);  // without a reading for so long, on_state tells
};

class MqttSource {
  public:
    MqttSource(boost::asio::io_context& loop, MqttSourceSettings settings, JsonSourceHandlers handlers);
    ~MqttSource();  // as stop()
    MqttSource(const MqttSource&) = delete;
    MqttSource& operator=(const MqttSource&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();

    // `requests` counts the messages that were looked at.
    [[nodiscard]] const JsonSourceCounters& counters() const;
    // Not looked at: too long, or too many came at once (io/mqtt_client.hpp). Since start().
    [[nodiscard]] std::uint64_t discarded() const;
    [[nodiscard]] bool hears() const;  // readings come

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
