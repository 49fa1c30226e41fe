// SPDX-License-Identifier: MIT
// The network side of a GoodWe of the ES family, in virtual time: datagrams in, datagrams out. Can misbehave.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/site.hpp"
#include "core/time.hpp"

namespace jkp::sim {

struct GoodweSpec {
    Duration answers_after = std::chrono::milliseconds(300);
    Permille loses{0};  // of its answers, as such WiFi modules do
    std::uint64_t seed = 1;
};

// All off by default; may be changed at any time and concerns the next request.
struct GoodweFault {
    bool silent = false;
    bool frozen = false;                    // answers go on with the values of the last one
    Duration old{};                         // its values are of so long ago, as those of a portal
    std::optional<std::size_t> flip_bit{};  // number of the bit, counted from the first byte's lowest
    std::optional<std::size_t> truncate_to{};
};

class GoodweDevice {
  public:
    explicit GoodweDevice(const GoodweSpec& spec) : spec_(spec) {}

    // What its battery does, to be told at least before each request.
    void observe(const PeerReading& battery, TimePoint now);
    void receive(Bytes datagram, TimePoint now);
    // When take() will next have something; nothing = idle.
    [[nodiscard]] std::optional<TimePoint> next_datagram() const;
    std::optional<std::vector<std::uint8_t>> take(TimePoint now);
    [[nodiscard]] std::uint64_t requests() const { return requests_; }

    GoodweFault fault;

  private:
    struct Sent {
        TimePoint arrives;
        std::vector<std::uint8_t> bytes;
    };
    struct Seen {
        TimePoint at;
        PeerReading battery;
    };
    [[nodiscard]] bool lost() const;
    [[nodiscard]] PeerReading told(TimePoint now) const;
    void garble(std::vector<std::uint8_t>& bytes) const;

    GoodweSpec spec_;
    std::deque<Seen> seen_;
    PeerReading telling_;
    std::deque<Sent> sent_;
    std::uint64_t requests_ = 0;
};

}  // namespace jkp::sim
