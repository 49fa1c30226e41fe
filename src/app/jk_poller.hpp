// SPDX-License-Identifier: MIT
// Asks one JK-BMS for its readings over a serial port, for ever. One request is in flight at a time; an
// answer is delivered only if it belongs to the request just sent. The port may go away and come back under
// the same name. Lives on the thread of the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "app/jk_poll_outcome.hpp"
#include "core/pack.hpp"
#include "core/stamped.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

enum class PortState : std::uint8_t {
    closed,  // not started, or stopped
    failed,  // cannot be opened, or was lost; being looked for
    open,
};
std::string_view name(PortState state);

struct JkPollerSettings {
    std::string port;
    Duration poll_period = std::chrono::seconds(1);
    Duration response_timeout = std::chrono::milliseconds(500);  // request sent -> last byte of the answer
    Duration inter_byte_gap = std::chrono::milliseconds(50);     // longer silence ends a frame
    Duration request_gap = std::chrono::milliseconds(100);       // vendor: least silence between packets
    Duration look_period = std::chrono::milliseconds(300);       // how often a missing port is looked for
    unsigned activate_after = 10;                                // failures in a row
};

struct JkPollerHandlers {
    std::function<void(const Stamped<PackReading>&)> on_reading;  // stamp: arrival of the last byte
    std::function<void(PollFailure, const std::string&)> on_failure;
    std::function<void(PortState, const std::string&)> on_state;  // each change, with cause and next step
};

class JkPoller {
  public:
    JkPoller(boost::asio::io_context& loop, JkPollerSettings settings, JkPollerHandlers handlers);
    ~JkPoller();
    JkPoller(const JkPoller&) = delete;
    JkPoller& operator=(const JkPoller&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();
    // One poll as soon as the line allows; the regular ones keep their deadlines.
    void poll_now();
    void set_period(Duration period);

    [[nodiscard]] PortState state() const;
    [[nodiscard]] const JkPollerCounters& counters() const;
    [[nodiscard]] const jk::DeframerCounters& frames() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
