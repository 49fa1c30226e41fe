// SPDX-License-Identifier: MIT
// Tells everything to a broker and takes commands from there. Control never waits for it: publishing puts a
// message into a bounded queue of another thread, and a broker that is away costs one look at a flag in each
// control cycle. After each new connection the whole state is told, and nothing old. Thread: that of the
// io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/mqtt_settings.hpp"
#include "core/time.hpp"
#include "report/mqtt_values.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

// What became of a command; `json` is one object for the person who sent it.
struct MqttAnswer {
    bool ok = false;
    std::string json;
};

// What a broker keeps of what it was told.
struct MqttKept {
    std::string broker;  // "host:port"
    std::vector<std::string> topics;
};

struct MqttBridgeOptions {
    bool energy = false;                // extras() gives the energy counters
    std::vector<std::string> commands;  // the allowed ones, by their names
    // By the one before this: what is not told any more is taken out, if it is the same broker.
    MqttKept former{};
};

struct MqttBridgeHandlers {
    std::function<report::Snapshot()> snapshot;
    std::function<const control::Config&()> config;
    std::function<report::MqttExtras()> extras;  // may be empty
    // Called once for each message that asks for something; empty: commands are not taken. What is accepted
    // is told in the next turn of the loop, however many there were, or by an on_cycle before it.
    std::function<MqttAnswer(const std::string& name, const std::string& payload)> command;
    // Each change, for the log: whether the broker is there, and a sentence with cause and next step.
    std::function<void(bool good, const std::string& sentence)> on_state;
    // A command that the broker keeps was refused: once for each topic, a sentence with the next step.
    std::function<void(const std::string& sentence)> on_kept_command;
};

class MqttBridge {
  public:
    MqttBridge(boost::asio::io_context& loop, const config::MqttSettings& settings, MqttBridgeOptions options,
               MqttBridgeHandlers handlers);
    ~MqttBridge();  // as stop()
    MqttBridge(const MqttBridge&) = delete;
    MqttBridge& operator=(const MqttBridge&) = delete;

    void start();
    // Leaves the broker if that is quick (io/mqtt_client.hpp); no handler is called any more.
    void stop();

    void on_cycle(TimePoint now);             // after each control cycle
    void on_event(const std::string& event);  // one JSON object; not kept by the broker

    [[nodiscard]] report::LinkView view() const;
    [[nodiscard]] MqttKept kept() const;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jkp::app
