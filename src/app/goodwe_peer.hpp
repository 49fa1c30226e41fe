// SPDX-License-Identifier: MIT
// Reads the second inverter, for ever, and never writes to it. A GoodWe that is off, unreachable or odd costs
// nothing but a datagram now and then: nothing waits for it. Thread: that of the io_context.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/goodwe_line.hpp"
#include "core/site.hpp"
#include "goodwe/readings.hpp"

namespace jkp::app {

enum class GoodweFamily : std::uint8_t { automatic, es, et };

struct GoodwePeerSettings {
    GoodweAddress address;
    GoodweFamily family = GoodweFamily::automatic;  // tcp: always et
    // Below 5 s the WiFi modules get unreliable; the configuration refuses less.
    Duration poll_period = std::chrono::seconds(5);
    unsigned lost_after = 3;                            // polls without an answer
    Duration longest_pause = std::chrono::seconds(60);  // between polls while it is lost
    unsigned identify_every = 100;                      // polls between two looks at the serial number
};

struct GoodwePeerHandlers {
    // The stamp is the arrival of the running data; the rest of the readings is at most some seconds younger.
    std::function<void(const Stamped<PeerReading>&, const goodwe::Readings&)> on_reading;
    // Each change between answering and lost, and another device at the same address. With cause and next
    // step. One that answers without the current or power of a battery is no use, and told as that.
    std::function<void(bool answering, const std::string& sentence)> on_state;
};

struct GoodwePeerCounters {
    std::uint64_t polls = 0;
    std::uint64_t readings = 0;
    std::uint64_t failed = 0;   // polls without a reading
    std::uint64_t partial = 0;  // readings without the meter or the SOC, because these did not answer
    std::uint64_t devices = 0;  // different serial numbers met, one after the other
};

class GoodwePeer {
  public:
    GoodwePeer(boost::asio::io_context& loop, GoodwePeerSettings settings, GoodwePeerHandlers handlers);
    ~GoodwePeer();
    GoodwePeer(const GoodwePeer&) = delete;
    GoodwePeer& operator=(const GoodwePeer&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();

    [[nodiscard]] bool answering() const;
    [[nodiscard]] const GoodwePeerCounters& counters() const;
    [[nodiscard]] GoodweLineCounters line_counters() const;
    // Why the last poll gave no reading, and what to look at; "" after a good one.
    [[nodiscard]] const std::string& last_fault() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
