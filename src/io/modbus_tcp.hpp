// SPDX-License-Identifier: MIT
// Holding registers of one Modbus TCP device, read only. libmodbus blocks, so it works on a thread of its
// own; outcomes are posted to the loop. The connection is kept between questions and made anew after a
// failure. A question is over after two timeouts, whatever name server and device do. Thread: that of the
// io_context. Nothing here ever waits: a thread that hangs is left behind, and ends when it is let go.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/stamped.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

struct ModbusTcpSettings {
    std::string host;  // name or address
    std::uint16_t port = 502;
    std::uint8_t unit = 1;
    Duration timeout = std::chrono::seconds(1);  // for the connection, and again for each whole answer
};

enum class ModbusError : std::uint8_t {
    unreachable,  // no connection
    silent,       // a connection, but no answer, or it was closed
    damaged,      // bytes that are no answer to the question
    refused,      // an exception of the device
};
struct ModbusFault {
    ModbusError error = ModbusError::silent;
    std::string sentence;
};

class ModbusTcp {
  public:
    // Two bytes for each register, big-endian.
    using Outcome = Result<Stamped<std::vector<std::uint8_t>>, ModbusFault>;
    using Done = std::function<void(const Outcome&)>;

    ModbusTcp(boost::asio::io_context& loop, const ModbusTcpSettings& settings);
    ~ModbusTcp();  // forgets the open question
    ModbusTcp(const ModbusTcp&) = delete;
    ModbusTcp& operator=(const ModbusTcp&) = delete;

    // Function 03, at most 125 registers. `done` is called once, from the loop, unless close() comes first.
    // Precondition: no question is open.
    void read(std::uint16_t first, std::uint16_t count, Done done);
    // Forgets the open question, and closes the connection once it is over.
    void close();

  private:
    class Worker;
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
