// SPDX-License-Identifier: MIT
// One battery bank on one bus without any input or output: readings and frames go in, frames come out,
// time is an argument. The gateway runs it against the real world, tests and simulations in virtual time.
#pragma once

#include <optional>
#include <vector>

#include "control/saved.hpp"
#include "control/step.hpp"
#include "control/transport.hpp"
#include "core/can_frame.hpp"
#include "pylontech/codec.hpp"

namespace jkp::app {

struct ControllerSettings {
    control::Config control;
    control::TransportSettings transport;
    pylontech::Profile profile;
    bool send_alive = false;  // also 0x305, which is the inverter's; only when asked for by name
};

// What the bus gets after one control cycle; empty most of the time.
using Frames = FixedVector<CanFrame, 7>;

class Controller {
  public:
    Controller(const ControllerSettings& settings, control::State state);

    void on_reading(std::size_t pack, const Stamped<PackReading>& reading);
    // A sample of the grid meter, of the second battery. A cycle for each of the meter lets the oscillation
    // observer see all of them; of several before a cycle the newest counts.
    void on_grid(const Stamped<GridReading>& reading) { grid_ = reading; }
    void on_peer(control::PeerSource source, const Stamped<PeerReading>& reading);
    // A frame from somebody else. Returns whether it was another battery's.
    bool on_frame(const CanFrame& frame, TimePoint now);
    void on_echo(TimePoint now) { transport_.on_echo(now); }
    // `proves_acknowledge`: echoes of this link prove that another node has heard; known only once it is up.
    void on_link_up(TimePoint now, bool proves_acknowledge);
    // The link did not take the frames: there is nothing to be acknowledged.
    void on_not_sent() { transport_.on_not_sent(); }

    // The month (1..12, local) of the wall clock; absent while it is not believed.
    void on_month(std::optional<std::uint8_t> month) { month_ = month; }

    // One control cycle for this instant and what it puts on the bus (rule S7).
    Frames cycle(TimePoint now);
    // When the next cycle is due although nothing arrives.
    [[nodiscard]] TimePoint wake_at() const;
    // The burst of an orderly stop; empty when nothing was ever sent or nothing may be.
    [[nodiscard]] Frames farewell(TimePoint now) const;

    Result<void, control::Refusal> acknowledge(std::size_t pack, TimePoint now);
    Result<void, control::Refusal> recover(std::size_t pack, TimePoint now);
    // A command from outside (rule S10); the next cycle acts on it.
    control::Outcome order(const control::Command& command, TimePoint now);
    // A changed configuration; latches, holds and limits go on.
    void configure(const ControllerSettings& settings);

    [[nodiscard]] const control::Decision& decision() const { return decision_; }
    [[nodiscard]] const control::State& state() const { return state_; }
    [[nodiscard]] const ControllerSettings& settings() const { return settings_; }
    [[nodiscard]] control::TransportMode mode(TimePoint now) const { return transport_.mode(now); }
    [[nodiscard]] std::optional<TimePoint> inverter_seen() const { return inverter_seen_; }
    [[nodiscard]] std::optional<TimePoint> last_burst() const { return last_burst_; }
    [[nodiscard]] std::uint64_t bursts() const { return bursts_; }

  private:
    [[nodiscard]] bool fell(const pylontech::BatteryReport& report) const;

    ControllerSettings settings_;
    control::State state_;
    control::Transport transport_;
    control::Decision decision_;
    std::vector<control::Arrival> arrivals_;  // capacity reserved; cleared by each cycle
    std::optional<Stamped<GridReading>> grid_;
    FixedVector<control::PeerSeen, control::peer_source_count> peers_;  // one of each source
    std::optional<pylontech::BatteryReport> sent_;
    std::optional<TimePoint> inverter_seen_;
    std::optional<std::uint8_t> month_;
    std::optional<TimePoint> last_burst_;
    std::uint64_t bursts_ = 0;
};

}  // namespace jkp::app
