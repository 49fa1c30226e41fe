// SPDX-License-Identifier: MIT
// The parts of a Snapshot from the parts of the running gateway.
#pragma once

#include <string>

#include "app/controller.hpp"
#include "app/jk_poller.hpp"
#include "config/settings.hpp"
#include "io/can_link.hpp"
#include "report/snapshot.hpp"

namespace jkp::app {

report::PackSnapshot pack_snapshot(const control::PackConfig& config, const control::PackState& pack,
                                   TimePoint now);
report::LinkView poller_view(const std::string& port, const JkPoller& poller, const std::string& detail);
report::LinkView can_view(const std::string& name, const io::CanLinkStatus& status);
report::BusSnapshot bus_snapshot(const Controller& controller, TimePoint now);

// "can0", "/dev/ttyACM0", ...
std::string can_name(const config::CanSettings& settings);
std::string mode_words(control::TransportMode mode);
// One line for the service manager.
std::string status_line(const control::Decision& decision);

// What of the state is worth writing at once when it changes.
class KeptLatches {
  public:
    [[nodiscard]] bool changed(const control::State& state) const {
        return control::latches_differ(kept_, state);
    }
    void remember(const control::State& state) { kept_ = state; }

  private:
    control::State kept_;
};

}  // namespace jkp::app
