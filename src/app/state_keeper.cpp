// SPDX-License-Identifier: MIT
#include "app/state_keeper.hpp"

#include <utility>

#include "io/state_file.hpp"

namespace jkp::app {

StateKeeper::StateKeeper(std::string path) : path_(std::move(path)), thread_([this] { work(); }) {}

StateKeeper::~StateKeeper() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void StateKeeper::write(std::string text) {
    {
        const std::lock_guard lock(mutex_);
        waiting_ = std::move(text);
    }
    wake_.notify_one();
}

std::string StateKeeper::take_error() {
    const std::lock_guard lock(mutex_);
    return std::exchange(error_, {});
}

void StateKeeper::work() {
    std::unique_lock lock(mutex_);
    while (true) {
        wake_.wait(lock, [this] { return waiting_ || stop_; });
        if (!waiting_) return;
        const std::string text = *std::exchange(waiting_, std::nullopt);
        lock.unlock();
        const auto result = io::write_state(path_, text);
        lock.lock();
        if (!result) error_ = result.error();
    }
}

}  // namespace jkp::app
