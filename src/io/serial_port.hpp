// SPDX-License-Identifier: MIT
// A serial port at 115200 8N1, raw, without flow control, on the io_context of the one thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/bytes.hpp"
#include "core/time.hpp"
#include "io/serial_fault.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

// Called from the io_context's thread, never from inside a call to SerialPort.
struct SerialHandlers {
    std::function<void(Bytes, TimePoint)> on_bytes;   // what arrived, and when it was read
    std::function<void(const SerialFault&)> on_lost;  // unplugged or broken; the port is closed by then
};

class SerialPort {
  public:
    explicit SerialPort(boost::asio::io_context& loop);
    ~SerialPort();
    SerialPort(const SerialPort&) = delete;
    SerialPort& operator=(const SerialPort&) = delete;

    // Opens exclusively (TIOCEXCL and a lock) and throws away what the kernel had received. The name may be
    // a symbolic link such as /dev/serial/by-id/...; it is resolved anew at each open.
    // Returns why it did not work, or nothing.
    std::optional<SerialFault> open(const std::string& name, SerialHandlers handlers);
    void close();
    [[nodiscard]] bool is_open() const;

    // Hands all bytes to the driver at once, or returns false: then the port is of no use and is to be
    // closed.
    bool write(Bytes bytes);
    // Throws away what was received and not yet delivered; returns how many bytes.
    std::size_t drain();

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
