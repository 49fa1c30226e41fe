// SPDX-License-Identifier: MIT
// Listens to an SMA energy meter for ever: takes the datagrams of one meter among everything at the port, and
// of a backlog only the newest. When the meter falls silent nothing is delivered: the last reading ages where
// it is used. Lives on the thread of the io_context.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/site.hpp"
#include "core/stamped.hpp"
#include "meter/meter_filter.hpp"
#include "meter/speedwire.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct SmaMeterSettings {
    std::uint32_t serial = 0;  // 0: the first meter that is heard
    std::string interface{};   // empty: every one with multicast
    std::string group = "239.12.255.254";
    std::uint16_t port = 9522;
    Duration silent_after = std::chrono::seconds(10);  // without a reading for so long, on_state tells
    Duration rejoin_after = std::chrono::seconds(60);  // the group is joined anew, and again after as long
    Duration look_period = std::chrono::seconds(5);    // how often a missing network is looked for
};

struct SmaMeterHandlers {
    // The stamp is when the datagram reached this machine.
    std::function<void(const Stamped<GridReading>&, const meter::MeterReading&)> on_reading;
    // Each change: true while readings come. The sentence says which meter, or the cause and the next step.
    std::function<void(bool, const std::string&)> on_state;
};

struct SmaMeterCounters {
    std::uint64_t datagrams = 0;                                // = ignored + those the filter saw
    std::array<std::uint64_t, meter::ignored_count> ignored{};  // by meter::Ignored
    std::uint64_t superseded = 0;  // news that were read together with newer news
    std::uint64_t rejoins = 0;
    meter::MeterFilterCounters filter;

    [[nodiscard]] std::uint64_t of(meter::Ignored reason) const {
        return ignored[static_cast<std::size_t>(reason)];
    }
};

class SmaMeter {
  public:
    SmaMeter(boost::asio::io_context& loop, SmaMeterSettings settings, SmaMeterHandlers handlers);
    ~SmaMeter();
    SmaMeter(const SmaMeter&) = delete;
    SmaMeter& operator=(const SmaMeter&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();

    [[nodiscard]] SmaMeterCounters counters() const;
    // The meter that is followed; nullopt while it is open.
    [[nodiscard]] std::optional<std::uint32_t> serial() const;
    // How often it sends, by its own clock; nullopt before the second reading.
    [[nodiscard]] std::optional<Duration> interval() const;
    [[nodiscard]] std::vector<meter::HeardMeter> heard() const;
    [[nodiscard]] bool hears() const;          // readings come
    [[nodiscard]] std::uint16_t port() const;  // the one in use; 0 when it cannot be opened

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
