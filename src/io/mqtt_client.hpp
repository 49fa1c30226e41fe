// SPDX-License-Identifier: MIT
// Talks to a broker without ever blocking the loop: libmosquitto works on one thread of its own, and what
// comes is posted to the loop. It connects whenever the broker is there, for ever. Nothing is kept for a
// broker that is away: what is published without a connection is dropped and counted, and the owner publishes
// its whole state in on_connected. A slow broker gets the newest value of each topic, never a backlog: after
// each batch it must have acknowledged it. The session is clean: nothing waits at the broker for us either.
// Whoever floods a topic of ours cannot fill the loop: what is too long, or comes while too many arrivals
// wait for the loop, is discarded and counted on the thread of the client. Thread: the one that runs the
// loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "io/mqtt_fault.hpp"
#include "io/mqtt_message.hpp"
#include "io/mqtt_settings.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

struct MqttHandlers {
    std::function<void()> on_connected;                  // each time; subscriptions were made before
    std::function<void(const MqttFailure&)> on_failure;  // each other cause, told once
    std::function<void(const MqttArrival&)> on_message;
};

struct MqttCounters {
    std::uint64_t connections = 0;
    std::uint64_t failures = 0;    // attempts and connections that ended with a failure
    std::uint64_t sent = 0;        // handed to the broker
    std::uint64_t received = 0;    // all that came
    std::uint64_t discarded = 0;   // of them: too long, or too many waited for the loop
    std::uint64_t superseded = 0;  // replaced by a newer value before they were sent
    std::uint64_t dropped = 0;     // not sent: no connection, or too many waited
};

class MqttClient {
  public:
    // Connects to nobody. A library that is missing is told by on_failure after start().
    MqttClient(boost::asio::io_context& loop, MqttClientSettings settings, MqttHandlers handlers);
    ~MqttClient();  // as stop()
    MqttClient(const MqttClient&) = delete;
    MqttClient& operator=(const MqttClient&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    // The last will's message is published and the broker left, if that takes no longer than 0.2 s. It never
    // waits for a dead broker or for a name server: then the thread ends by itself later. No handler is
    // called any more. It cannot be started again.
    void stop();

    void publish(MqttMessage message);
    // Kept for later connections; the first of a filter counts.
    void subscribe(const std::string& filter, int qos, bool as_published = false);

    [[nodiscard]] bool connected() const;
    [[nodiscard]] MqttCounters counters() const;

  private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace jkp::io
