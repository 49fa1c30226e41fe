// SPDX-License-Identifier: MIT
// The original program in our place: its coordination and cell protection speak to the simulated inverter,
// while our controller runs along unheard. What it reads is true and without noise; its currents are scaled
// from its fixed 60 A to the maximum of the simulated battery.
#pragma once

#include <deque>

#include "app/closed_loop.hpp"
#include "closed_loop/baseline/original.hpp"

namespace jkp::closed_loop {

class OriginalGateway {
  public:
    OriginalGateway(Milliamps maximum, Duration meter_interval);

    // Called for each step of the house: the meter's datagrams queue in its socket.
    void on_house(const sim::Site& site);
    // Called after each step of the plant; speaks when a turn of its loop is over.
    void on_plant(app::ClosedLoop& loop);

  private:
    void turn(app::ClosedLoop& loop);
    void look_at_battery(const app::ClosedLoop& loop);
    void send(app::ClosedLoop& loop, const baseline::Given& given) const;

    double scale_;
    Duration meter_interval_;
    baseline::Original original_{baseline::PeerBy::sensor};
    baseline::Seen seen_;
    std::deque<double> datagrams_;  // not yet read
    std::optional<TimePoint> sample_at_;
    std::optional<TimePoint> turn_at_;
    std::optional<TimePoint> battery_at_;
    double last_ws_ = 0.0;
};

}  // namespace jkp::closed_loop
