// SPDX-License-Identifier: MIT
// What waits to be sent to a broker. Bounded: a newer value of a topic takes the place of the older one. When
// there are too many, the oldest is dropped of those that may be replaced; only without any of them the
// oldest of those that the broker is not to keep, and only without these the oldest of all. Nothing is lost
// without being counted. Thread: one at a time.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

#include "io/mqtt_message.hpp"

namespace jkp::io {

class MqttQueue {
  public:
    explicit MqttQueue(std::size_t most) : most_(most) {}

    void push(MqttMessage message);
    // The oldest, at most `most`.
    [[nodiscard]] std::vector<MqttMessage> take(std::size_t most);
    void clear();  // counted as dropped

    [[nodiscard]] std::size_t size() const { return waiting_.size(); }
    [[nodiscard]] std::uint64_t superseded() const { return superseded_; }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

  private:
    using Waiting = std::list<MqttMessage>;
    void drop_one();
    void forget(Waiting::iterator message);

    std::size_t most_;
    Waiting waiting_;
    std::unordered_map<std::string, Waiting::iterator> newest_;  // those that may be replaced
    std::uint64_t superseded_ = 0;
    std::uint64_t dropped_ = 0;
};

}  // namespace jkp::io
