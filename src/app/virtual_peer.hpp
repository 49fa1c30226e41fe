// SPDX-License-Identifier: MIT
// A GoodWe asked in virtual time: the real question and the real decoder. Simpler than the poller that owns a
// socket: one question each period, the next one ends the wait for the last.
#pragma once

#include <optional>

#include "core/site.hpp"
#include "core/stamped.hpp"
#include "sim/goodwe_device.hpp"

namespace jkp::app {

struct VirtualPeerCounters {
    std::uint64_t polls = 0;
    std::uint64_t answers = 0;
    std::uint64_t refused = 0;  // damaged, or no answer to the question
    std::uint64_t unanswered = 0;
};

class VirtualPeer {
  public:
    VirtualPeer(Duration period, TimePoint start) : period_(period), poll_at_(start + period) {}

    // When turn() has something to do.
    [[nodiscard]] TimePoint next(const sim::GoodweDevice& device) const;
    // Asks when it is time, and hands out a reading that has arrived. `battery`: what is true now.
    std::optional<Stamped<PeerReading>> turn(sim::GoodweDevice& device, const PeerReading& battery,
                                             TimePoint now);
    // Nobody asks and nobody listens.
    void drop(sim::GoodweDevice& device, TimePoint now);
    [[nodiscard]] const VirtualPeerCounters& counters() const { return counters_; }

  private:
    void ask(sim::GoodweDevice& device, TimePoint now);
    std::optional<PeerReading> listen(sim::GoodweDevice& device, TimePoint now);

    Duration period_;
    TimePoint poll_at_;
    bool waiting_ = false;
    VirtualPeerCounters counters_;
};

}  // namespace jkp::app
