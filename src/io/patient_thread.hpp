// SPDX-License-Identifier: MIT
// A thread for work on a card that may hang: its end is waited for, but not for ever. Thread: one that calls.
#pragma once

#include <signal.h>

#include <chrono>
#include <functional>
#include <future>
#include <thread>
#include <utility>

namespace jkp::io {

class PatientThread {
  public:
    // `work` owns all that it uses, for it may outlive this. Signals are left to other threads.
    void start(std::function<void()> work) {
        std::promise<void> over;
        over_ = over.get_future();
        thread_ = std::thread([work = std::move(work), over = std::move(over)]() mutable {
            sigset_t all;
            sigfillset(&all);
            pthread_sigmask(SIG_SETMASK, &all, nullptr);
            work();
            work = {};
            over.set_value();
        });
    }
    [[nodiscard]] bool started() const { return thread_.joinable(); }
    // Waits for the end until then; after that the thread is left to itself.
    void end(std::chrono::steady_clock::time_point until) {
        if (!thread_.joinable()) return;
        if (over_.wait_until(until) == std::future_status::ready) return thread_.join();
        thread_.detach();
    }

  private:
    std::future<void> over_;
    std::thread thread_;
};

}  // namespace jkp::io
