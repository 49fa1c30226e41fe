// SPDX-License-Identifier: MIT
// The firmware of a simulated USB-CAN stick that speaks the LAWICEL protocol. Text in, text out; no I/O.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/can_frame.hpp"

namespace jkp::app {

class CanStick {
  public:
    // Called for each frame that the host puts on the bus.
    explicit CanStick(std::function<void(const CanFrame&)> on_frame) : on_frame_(std::move(on_frame)) {}

    // What the host wrote; returns what the stick answers (CR, z CR or BELL per command).
    std::string receive(Bytes bytes);
    // The line for a frame from the bus; empty while the channel is closed.
    [[nodiscard]] std::string from_bus(const CanFrame& frame) const;
    [[nodiscard]] bool open() const { return open_; }

  private:
    std::string obey(std::string_view line);
    std::string put_on_bus(std::string_view line);

    std::function<void(const CanFrame&)> on_frame_;
    std::string line_;
    bool open_ = false;
};

}  // namespace jkp::app
