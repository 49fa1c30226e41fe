// SPDX-License-Identifier: MIT
// A JK-BMS polled in virtual time: the real requests, framing and decoder over the simulated serial line.
// Simpler than JkPoller, which owns a port: one request each period, the next one ends the wait for the last.
#pragma once

#include <optional>

#include "core/stamped.hpp"
#include "jk/decode_4e57.hpp"
#include "sim/jk_device.hpp"

namespace jkp::app {

struct VirtualLineCounters {
    std::uint64_t polls = 0;
    std::uint64_t answers = 0;
    std::uint64_t refused = 0;  // frames that were damaged or no reading
    std::uint64_t unanswered = 0;
};

class VirtualLine {
  public:
    explicit VirtualLine(Duration period) : period_(period) {}

    // From this instant on, as after the start of the program.
    void open(TimePoint now);
    void set_period(Duration period) { period_ = period; }
    // When turn() has something to do.
    [[nodiscard]] TimePoint next(const sim::JkDevice& device) const;
    // Sends a request that is due and hands out a reading that is complete.
    std::optional<Stamped<PackReading>> turn(sim::JkDevice& device, TimePoint now);
    [[nodiscard]] bool due(TimePoint now) const { return now >= poll_at_; }
    [[nodiscard]] const VirtualLineCounters& counters() const { return counters_; }

  private:
    void ask(sim::JkDevice& device, TimePoint now);
    std::optional<Stamped<PackReading>> listen(sim::JkDevice& device, TimePoint now);
    void take_frames(TimePoint now, std::optional<Stamped<PackReading>>& reading);

    Duration period_;
    TimePoint poll_at_{};
    bool waiting_ = false;
    unsigned silent_in_a_row_ = 0;
    jk::Deframer deframer_;
    jk::LinkMemory memory_;
    VirtualLineCounters counters_;
};

}  // namespace jkp::app
