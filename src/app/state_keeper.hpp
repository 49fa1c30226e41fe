// SPDX-License-Identifier: MIT
// Writes the state file on a thread of its own, because a slow card must not delay a control cycle. Only
// the newest text is written; older ones that wait are dropped.
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace jkp::app {

class StateKeeper {
  public:
    explicit StateKeeper(std::string path);
    ~StateKeeper();  // writes what waits, then ends
    StateKeeper(const StateKeeper&) = delete;
    StateKeeper& operator=(const StateKeeper&) = delete;

    void write(std::string text);
    // The error of the last write, once; empty = none since the last call. Called on the loop's thread.
    std::string take_error();

  private:
    void work();

    std::string path_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::optional<std::string> waiting_;
    std::string error_;
    bool stop_ = false;
    std::thread thread_;
};

}  // namespace jkp::app
