// SPDX-License-Identifier: MIT
// When frames may go onto the bus. Pure: told what happened and what time it is, it answers what to send.
// The shell sends a burst only right after a control step for the same instant (rule S7).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/time.hpp"

namespace jkp::control {

struct TransportSettings {
    bool transmit = true;        // false: compute and show everything, send nothing
    bool supervise_echo = true;  // the link proves acknowledgement by an echo
    Duration period = std::chrono::seconds(1);
    Duration grace = std::chrono::milliseconds(100);  // the timer waits this much longer for a reading
    Duration minimum_gap = std::chrono::milliseconds(200);
    Duration echo_timeout = std::chrono::seconds(2);
    Duration foreign_silence = std::chrono::seconds(10);
    bool operator==(const TransportSettings&) const = default;
};

enum class TransportMode : std::uint8_t {
    normal,
    unacknowledged,  // nobody acknowledges: only 0x35E each second, until an echo returns
    foreign,         // another battery is on the bus: silent
    muted,           // transmit = false
};
std::string_view name(TransportMode mode);

enum class Send : std::uint8_t { nothing, burst, probe };

class Transport {
  public:
    explicit Transport(TransportSettings settings) : settings_(settings) {}
    void configure(TransportSettings settings) { settings_ = settings; }

    void on_echo(TimePoint now);
    void on_not_sent();              // what the last answer allowed did not reach the driver
    void on_foreign(TimePoint now);  // 0x351 or 0x359 that is not our echo
    void on_link_up(TimePoint now);  // supervision starts anew

    // What to send after a control step. `fresh`: the step had a new reading; `fell`: a limit went down.
    // Answering burst or probe counts as sent.
    Send after_step(TimePoint now, bool fresh, bool fell);
    // When the shell should make the next step although no reading came, asked after each event; in the
    // past = as soon as sensible. Always later than the last step, unless that step or what happened since
    // made a burst possible, so that a silent bus costs no processor time.
    [[nodiscard]] TimePoint wake_at() const;
    [[nodiscard]] TransportMode mode(TimePoint now) const;

  private:
    Send sent(Send what, TimePoint now);

    TransportSettings settings_;
    std::optional<TimePoint> stepped_at_;
    std::optional<TimePoint> last_sent_;
    std::optional<TimePoint> unconfirmed_since_;  // first burst after the last echo
    std::optional<TimePoint> foreign_at_;
    bool postponed_ = false;  // a new reading came too soon after the last burst
    bool urgent_ = false;     // a limit fell and is not on the bus yet
};

}  // namespace jkp::control
