// SPDX-License-Identifier: MIT
// The oscillation observer: keeps the power at the meter and our own current for up to 25 minutes, looks for
// two controllers that chase each other, and takes authority away from ours while they do.
#pragma once

#include <array>
#include <optional>

#include "control/config.hpp"
#include "control/event.hpp"
#include "control/swing.hpp"

namespace jkp::control {

// The last samples with a fixed storage; a new one takes the place of the oldest.
template <std::size_t Capacity>
class SampleRing {
  public:
    void push(const SwingSample& sample) {
        items_[next_] = sample;
        next_ = (next_ + 1) % Capacity;
        if (size_ < Capacity) ++size_;
    }
    // Those from `since` on, oldest first.
    [[nodiscard]] SwingSamples since(TimePoint since) const {
        SwingSamples result;
        for (std::size_t i = size_; i > 0; --i) {
            const SwingSample& item = items_[(next_ + Capacity - i) % Capacity];
            if (item.at >= since) result.push_back(item);
        }
        return result;
    }
    bool operator==(const SampleRing&) const = default;

  private:
    std::array<SwingSample, Capacity> items_{};
    std::size_t next_ = 0;
    std::size_t size_ = 0;
};

class Observer {
  public:
    // One sample of the meter with our current at that time; an earlier `at` than before is ignored.
    void take(const OscillationSettings& settings, const SwingSample& sample, Millivolts voltage);
    // What goes on now.
    [[nodiscard]] const std::optional<Swing>& swing() const { return quick_ ? quick_ : slow_; }
    bool operator==(const Observer&) const = default;

  private:
    // The mean of what came within one slot of the slow ring.
    struct Slot {
        TimePoint begun{};
        std::int64_t grid = 0;
        std::int64_t own = 0;
        std::int64_t count = 0;
        bool operator==(const Slot&) const = default;
    };
    void fill_slot(const OscillationSettings& settings, const SwingSample& sample, Millivolts voltage);

    std::optional<TimePoint> last_;
    SampleRing<400> recent_;  // a minute, at 150 ms and more
    SampleRing<760> means_;   // 25 minutes, of 2 s each
    Slot slot_;
    std::optional<Swing> quick_;  // periods up to 24 s
    std::optional<Swing> slow_;   // up to 10 min
};

// What is taken from both limits, and for how long.
struct Damping {
    std::optional<Milliamps> cap;
    TimePoint cut_at{};
    TimePoint held_until{};
    Duration period{};
    bool operator==(const Damping&) const = default;
};

// Cuts while `swing` is ours, holds, and gives back step by step until the cap is above `maximum`.
void damp(Damping& damping, const OscillationSettings& settings, const std::optional<Swing>& swing,
          Milliamps smallest, Milliamps maximum, TimePoint now, Events& events);

}  // namespace jkp::control
