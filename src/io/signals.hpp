// SPDX-License-Identifier: MIT
// SIGTERM and SIGINT (end), SIGHUP (reload) as calls on the loop. SIGPIPE is ignored for the whole
// process: a closed socket is an error code. Thread: the one that runs the loop.
#pragma once

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace jkp::io {

struct SignalHandlers {
    std::function<void()> on_stop;    // the first SIGTERM or SIGINT; a second one ends the process at once
    std::function<void()> on_reload;  // each SIGHUP
};

class Signals {
  public:
    Signals(boost::asio::io_context& loop, SignalHandlers handlers);
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

  private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace jkp::io
