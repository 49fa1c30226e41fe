// SPDX-License-Identifier: MIT
// What survives a restart: read once at the start, written when a latch changes, when the clock is set, every
// few minutes and at the end. Thread: that of the loop; the writing itself has its own (StateKeeper).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "app/controller.hpp"
#include "app/snapshots.hpp"
#include "app/state_keeper.hpp"
#include "config/settings.hpp"

namespace jkp::app {

struct Restored {
    control::State state;
    // For the event log, in both languages; empty = nothing to tell.
    std::string trouble{};
    std::string trouble_de{};
    bool written = true;  // the file says what `state` is
};

// From the state file. Without a file it is a first start. With one that cannot be used nothing flows until
// it is acknowledged, and the file is kept beside.
Restored restored_state(const config::Settings& settings);

// The ways of StateStore to the outside.
struct StateDoor {
    std::function<void(std::string)> write;  // returns at once
    std::function<std::string()>
        take_error;  // what went wrong with an earlier writing, once; empty = nothing
    std::function<std::optional<WallTime>()> wall;
    std::string boot;  // see boot_id()
};

// `keeper` must outlive it.
StateDoor door_to(StateKeeper& keeper);

class StateStore {
  public:
    // `controller` as it was restored; `written`: that is what the file says.
    StateStore(StateDoor door, const Controller& controller, bool written)
        : door_(std::move(door)), unsaved_(!written) {
        kept_.remember(controller.state());
    }

    // Called with each control cycle. Returns what went wrong with an earlier writing, once; empty = nothing.
    std::string keep(const control::Config& config, const Controller& controller, TimePoint now);
    // The last word of an orderly stop.
    void farewell(const control::Config& config, const Controller& controller, TimePoint now);

  private:
    [[nodiscard]] bool passed(Duration period, TimePoint now) const;
    [[nodiscard]] bool clock_was_set(TimePoint now) const;
    void save(const control::Config& config, const Controller& controller, TimePoint now, bool orderly);

    StateDoor door_;
    KeptLatches kept_;
    bool unsaved_;
    std::optional<TimePoint> saved_at_;
    std::optional<std::int64_t> clock_;  // the wall clock before the steady one, in seconds, as it was saved
};

}  // namespace jkp::app
