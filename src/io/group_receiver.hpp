// SPDX-License-Identifier: MIT
// Receives the UDP datagrams of a multicast group, and those sent to this machine alone, on one port. Joins
// each wanted interface; one that is not there yet, or goes and comes back, is joined when it is. Nothing is
// ever sent. Thread: the one that runs the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "core/time.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

enum class GroupReceiverState : std::uint8_t {
    closed,   // not started, or stopped
    failed,   // the port cannot be opened; tried again
    waiting,  // open, but no interface has joined: only what is sent to this machine alone arrives
    joined,
};

struct GroupReceiverSettings {
    std::string group{};
    std::uint16_t port = 0;   // 0: any free one, for tests
    std::string interface{};  // empty: every one that is up, can do multicast and is not the loopback
    Duration look_period = std::chrono::seconds(5);  // how often missing interfaces are looked for
};

struct GroupReceiverHandlers {
    // When it reached this machine, which may be long before it is read. Longer ones are cut at 2048 bytes.
    std::function<void(Bytes, TimePoint)> on_datagram;
    std::function<void()> on_drained;  // what had arrived was delivered: act on the newest
    std::function<void(GroupReceiverState, const std::string&)>
        on_state;  // each change, with cause and next step
};

class GroupReceiver {
  public:
    GroupReceiver(boost::asio::io_context& loop, GroupReceiverSettings settings,
                  GroupReceiverHandlers handlers);
    ~GroupReceiver();
    GroupReceiver(const GroupReceiver&) = delete;
    GroupReceiver& operator=(const GroupReceiver&) = delete;

    // Handlers are called from the loop, never from inside these functions.
    void start();
    void stop();
    // Leaves and joins again: a switch may have forgotten that somebody listens here.
    void rejoin();

    [[nodiscard]] GroupReceiverState state() const;
    [[nodiscard]] std::uint16_t port() const;                   // the one in use; 0 when there is none
    [[nodiscard]] std::vector<std::string> interfaces() const;  // joined ones

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
