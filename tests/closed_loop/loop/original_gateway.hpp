// SPDX-License-Identifier: MIT
// The original program in our place: its coordination and cell protection speak to the simulated inverter,
// while our controller runs along unheard. Battery and sensor are read true and without noise; its currents
// are scaled from its fixed 60 A to the maximum of the simulated battery. The meter is read as it does: one
// datagram a turn, the oldest of those that wait in its socket. A turn takes longer than any meter's
// interval, so what it works on becomes older and older until the socket is full and the newest are dropped.
// The meter of these houses is never silent: the original waits for a datagram before its first turn only.
#pragma once

#include <deque>

#include "app/closed_loop.hpp"
#include "closed_loop/baseline/original.hpp"
#include "pylontech/codec.hpp"

namespace jkp::closed_loop {

class OriginalGateway {
  public:
    // Unplugs our controller. `loop` has a site and outlives this.
    OriginalGateway(app::ClosedLoop& loop, Milliamps maximum, Duration meter_interval);

    // Called for each step of the house. True when a turn is over: it has spoken.
    bool on_house();
    // Of the last turn.
    [[nodiscard]] const pylontech::Burst& sent() const { return sent_; }
    [[nodiscard]] bool found_oscillation() const { return given_.oscillation; }

  private:
    [[nodiscard]] const sim::Site& house() const { return loop_.site()->site(); }
    void listen(TimePoint now);
    void turn(TimePoint now);
    void look_at_battery();
    void send(TimePoint now);

    app::ClosedLoop& loop_;
    double scale_;
    Duration meter_interval_;
    baseline::Original original_{baseline::PeerBy::sensor};
    baseline::Seen seen_;
    baseline::Given given_;
    pylontech::Burst sent_;
    std::deque<double> datagrams_;  // not yet read
    TimePoint sample_at_;
    TimePoint turn_at_;
    TimePoint battery_at_;
    double last_ws_;
};

}  // namespace jkp::closed_loop
