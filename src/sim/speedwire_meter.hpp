// SPDX-License-Identifier: MIT
// A grid meter that sends the datagrams of a Sunny Home Manager 2, in virtual time: means over its interval,
// counters and a ticker that go on. Can misbehave.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::sim {

struct MeterSpec {
    std::uint32_t serial = 3'000'000'001;
    Duration interval = std::chrono::milliseconds(1000);
    Duration on_the_way = std::chrono::milliseconds(5);
};

// All off by default; may be changed at any time and concerns the next datagram.
struct MeterFault {
    bool silent = false;
    bool frozen = false;    // the ticker goes on, the power does not
    bool reversed = false;  // import and export exchanged, as with a meter mounted the wrong way round
    Duration late{};        // on the way, in addition
    Watts error{0};         // + export
    std::optional<std::uint32_t> foreign{};  // the serial number of somebody else's meter
    std::optional<std::size_t> flip_bit{};   // number of the bit, counted from the first byte's lowest
    std::optional<std::size_t> truncate_to{};
    bool twice = false;  // each datagram arrives two times
};

class SpeedwireMeter {
  public:
    SpeedwireMeter(const MeterSpec& spec, TimePoint start);

    // When it measures next; observe() must be called then.
    [[nodiscard]] TimePoint next_sample() const { return sample_at_; }
    // `exported_ws`: grid energy so far, + export; a whole interval has passed since the last time.
    void observe(double exported_ws);
    // When take() will next have something; nothing = nothing is on the way.
    [[nodiscard]] std::optional<TimePoint> next_datagram() const;
    // The next datagram that has arrived by `now`.
    std::optional<std::vector<std::uint8_t>> take(TimePoint now);

    MeterFault fault;

  private:
    struct Sent {
        TimePoint arrives;
        std::vector<std::uint8_t> bytes;
    };
    void count(double power_w);
    [[nodiscard]] std::vector<std::uint8_t> datagram() const;

    MeterSpec spec_;
    TimePoint sample_at_;
    double last_ws_ = 0.0;
    double imported_ws_ = 0.0;
    double exported_ws_ = 0.0;
    double power_w_ = 0.0;
    std::uint32_t ticker_ms_ = 0;
    std::deque<Sent> sent_;
};

}  // namespace jkp::sim
