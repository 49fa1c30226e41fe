// SPDX-License-Identifier: MIT
// Work that is worth doing once for everything that came at once: it is done in the next turn of the loop,
// however often it was asked for, so that a flood of requests costs one piece of work. Thread: that of the
// loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <functional>
#include <memory>
#include <utility>

namespace jkp::app {

class NextTurn {
  public:
    NextTurn(boost::asio::io_context& loop, std::function<void()> work)
        : loop_(loop), state_(std::make_shared<State>(State{std::move(work)})) {}

    void ask() {
        state_->due = true;
        if (std::exchange(state_->posted, true)) return;
        // The owner may be gone by then.
        boost::asio::post(loop_, [weak = std::weak_ptr(state_)] {
            const auto state = weak.lock();
            if (!state) return;
            state->posted = false;
            if (std::exchange(state->due, false)) state->work();
        });
    }
    void forget() { state_->due = false; }  // it was done, or must not be done any more

  private:
    struct State {
        std::function<void()> work;
        bool due = false;
        bool posted = false;
    };
    boost::asio::io_context& loop_;
    std::shared_ptr<State> state_;
};

}  // namespace jkp::app
