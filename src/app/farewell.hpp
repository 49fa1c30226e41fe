// SPDX-License-Identifier: MIT
// How a bus is left: three bursts with zero limits, so that the inverter does not keep the last limits until
// its own timeout. The link lives until the last of them. Thread: that of the loop; nothing here waits.
#pragma once

#include <functional>
#include <memory>

#include "app/controller.hpp"
#include "io/can_link.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

class Farewell {
  public:
    explicit Farewell(boost::asio::io_context& loop);
    ~Farewell();  // what is left is not sent
    Farewell(const Farewell&) = delete;
    Farewell& operator=(const Farewell&) = delete;

    // The first burst goes out inside this call, the others in 200 ms and 400 ms. Nothing to say (`frames` is
    // empty) or a link that takes nothing ends it at once. While another one goes on nothing happens: then
    // the new link has not been opened yet.
    void begin(std::shared_ptr<io::CanLink> link, const Frames& frames);
    // Once, when it is over: at once when it is over already. A later call takes the place of an earlier one.
    void then(std::function<void()> done);
    // This link is used again: what is left for it is not sent.
    void spare(const io::CanLink* link);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace jkp::app
