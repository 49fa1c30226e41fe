// SPDX-License-Identifier: MIT
// A name server that can be dead: this program looks names up through it (name_server.cpp).
#pragma once

#include <condition_variable>
#include <mutex>

namespace jkp::test {

inline constexpr const char* hanging_name = "name.server.is.dead";

// Holds whoever asks for the hanging name until the test lets go.
struct NameServer {
    std::mutex mutex;
    std::condition_variable changed;
    bool dead = false;
    int waiting = 0;

    void hold() {
        std::unique_lock lock(mutex);
        ++waiting;
        changed.wait(lock, [this] { return !dead; });
        --waiting;
        changed.notify_all();
    }
    void die() {
        const std::lock_guard lock(mutex);
        dead = true;
    }
    // Returns when nobody is held any more.
    void revive() {
        std::unique_lock lock(mutex);
        dead = false;
        changed.notify_all();
        changed.wait(lock, [this] { return waiting == 0; });
    }
    bool holds_somebody() {
        const std::lock_guard lock(mutex);
        return waiting > 0;
    }
};
NameServer& name_server();

}  // namespace jkp::test
