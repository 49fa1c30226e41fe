// SPDX-License-Identifier: MIT
// A simulated BMS behind a pseudo terminal, in real time at line speed. Thread of the io_context.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sim/jk_device.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

class DeviceOnPty {
  public:
    // The device must outlive this. `link`: a stable name for the terminal; empty = none.
    DeviceOnPty(boost::asio::io_context& loop, sim::JkDevice& device, std::string link = {});
    ~DeviceOnPty();
    DeviceOnPty(const DeviceOnPty&) = delete;
    DeviceOnPty& operator=(const DeviceOnPty&) = delete;

    void plug();    // throws std::system_error
    void unplug();  // what is being sent is lost
    [[nodiscard]] std::string path() const;
    // Told when the last byte of an answer is on the line, just before the host can read it.
    void on_answer_sent(std::function<void(TimePoint)> handler);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
