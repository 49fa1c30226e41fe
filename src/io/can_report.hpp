// SPDX-License-Identifier: MIT
// The book that every CAN link keeps: its status, and whom to tell about changes.
// Handlers run inside the calls below; a handler may end the report.
#pragma once

#include <memory>
#include <string>

#include "io/can_link.hpp"

namespace jkp::io {

class CanReport {
  public:
    void begin(CanLinkHandlers handlers);
    void end();  // closed; nobody is told any more

    // Tells on_state when the state or its sentence differ from before.
    void change(CanLinkState state, std::string detail);
    void frame(const CanFrame& frame);
    void echo();

    [[nodiscard]] bool up() const { return status_.state == CanLinkState::up; }
    [[nodiscard]] const CanLinkStatus& status() const { return status_; }
    [[nodiscard]] CanCounters& counters() { return status_.counters; }

  private:
    CanLinkStatus status_;
    std::shared_ptr<const CanLinkHandlers> handlers_;  // shared: a handler may end the report
    bool was_up_ = false;
};

}  // namespace jkp::io
