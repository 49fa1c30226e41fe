// SPDX-License-Identifier: MIT
// What survives a restart: read once at the start, written when a latch changes, every few minutes and at the
// end. Thread: that of the loop; the writing itself has its own (StateKeeper).
#pragma once

#include <memory>
#include <string>

#include "app/controller.hpp"
#include "app/snapshots.hpp"
#include "app/state_keeper.hpp"
#include "config/settings.hpp"

namespace spdlog {
class logger;
}

namespace jkp::app {

// From the state file; a fresh one with full holds, and a warning, when the file is not readable.
control::State restored_state(const config::Settings& settings, spdlog::logger& log);

class StateStore {
  public:
    // `controller` as it was restored: that is what the file says.
    StateStore(const std::string& path, const Controller& controller) : keeper_(path) {
        kept_.remember(controller.state());
    }

    // Called with each control cycle. Returns what went wrong with an earlier writing, once; empty = nothing.
    std::string keep(const control::Config& config, const Controller& controller, TimePoint now);
    // The last word of an orderly stop.
    void farewell(const control::Config& config, const Controller& controller, TimePoint now);

  private:
    void save(const control::Config& config, const Controller& controller, TimePoint now, bool orderly);

    StateKeeper keeper_;
    KeptLatches kept_;
    TimePoint saved_at_{};
};

}  // namespace jkp::app
