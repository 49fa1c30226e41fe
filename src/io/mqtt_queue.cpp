// SPDX-License-Identifier: MIT
#include "io/mqtt_queue.hpp"

#include <algorithm>
#include <utility>

namespace jkp::io {

void MqttQueue::push(MqttMessage message) {
    if (message.keep == MqttKeep::newest) {
        if (const auto found = newest_.find(message.topic); found != newest_.end()) {
            ++superseded_;
            *found->second = std::move(message);
            return;
        }
    }
    if (waiting_.size() >= most_) drop_one();
    waiting_.push_back(std::move(message));
    if (waiting_.back().keep == MqttKeep::newest) {
        newest_.emplace(waiting_.back().topic, std::prev(waiting_.end()));
    }
}

std::vector<MqttMessage> MqttQueue::take(std::size_t most) {
    std::vector<MqttMessage> taken;
    while (!waiting_.empty() && taken.size() < most) {
        forget(waiting_.begin());
        taken.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
    }
    return taken;
}

void MqttQueue::clear() {
    dropped_ += waiting_.size();
    waiting_.clear();
    newest_.clear();
}

void MqttQueue::drop_one() {
    ++dropped_;
    auto victim = std::ranges::find(waiting_, MqttKeep::newest, &MqttMessage::keep);
    if (victim == waiting_.end()) victim = std::ranges::find(waiting_, false, &MqttMessage::retain);
    if (victim == waiting_.end()) victim = waiting_.begin();
    forget(victim);
    waiting_.erase(victim);
}

void MqttQueue::forget(Waiting::iterator message) {
    if (message->keep == MqttKeep::newest) newest_.erase(message->topic);
}

}  // namespace jkp::io
