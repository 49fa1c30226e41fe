// SPDX-License-Identifier: MIT
// The way from another thread to the loop, shut before the loop goes away: a thread that nobody waits for any
// more then says what it has to say to nobody. Thread: any; shut() by the one that runs the loop.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <mutex>
#include <utility>

namespace jkp::io {

class LoopGate {
  public:
    explicit LoopGate(boost::asio::io_context& loop) : executor_(loop.get_executor()) {}

    // `call` must own nothing that belongs to the loop's thread: behind a shut gate it is destroyed here.
    template <class Call>
    void post(Call call) {
        const std::lock_guard lock(mutex_);
        if (!shut_) boost::asio::post(executor_, std::move(call));
    }
    void shut() {
        const std::lock_guard lock(mutex_);
        shut_ = true;
    }

  private:
    std::mutex mutex_;
    boost::asio::io_context::executor_type executor_;
    bool shut_ = false;
};

}  // namespace jkp::io
