// SPDX-License-Identifier: MIT
// A pseudo terminal whose far end looks like a serial port: for the simulator, the demo and the tests.
// Runs on the io_context of the one thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "core/bytes.hpp"
#include "core/time.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

class PtyPair {
  public:
    // `link` names a symbolic link to the terminal, as udev does with /dev/serial/by-id/...; empty = none.
    explicit PtyPair(boost::asio::io_context& loop, std::string link = {});
    ~PtyPair();
    PtyPair(const PtyPair&) = delete;
    PtyPair& operator=(const PtyPair&) = delete;

    // Makes the terminal and the link. Throws std::system_error.
    void plug();
    // Takes both away, as pulling a USB plug does: who has the port open gets a hang-up.
    void unplug();
    [[nodiscard]] bool plugged() const;

    // What another program has to open: the link, or the name of the terminal. Empty when unplugged without a
    // link.
    [[nodiscard]] std::string path() const;
    // What the other program writes. From the loop, never from inside a call to PtyPair.
    void on_bytes(std::function<void(Bytes, TimePoint)> handler);
    // False when unplugged or not all bytes fit, because nobody reads them.
    bool write(Bytes bytes);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
