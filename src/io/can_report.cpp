// SPDX-License-Identifier: MIT
#include "io/can_report.hpp"

namespace jkp::io {

void CanReport::begin(CanLinkHandlers handlers) {
    handlers_ = std::make_shared<const CanLinkHandlers>(std::move(handlers));
    was_up_ = false;
}

void CanReport::end() {
    handlers_.reset();
    status_.state = CanLinkState::closed;
    status_.detail.clear();
}

void CanReport::change(CanLinkState state, std::string detail) {
    if (state == status_.state && detail == status_.detail) return;
    const bool comes_up = state == CanLinkState::up && !up();
    if (comes_up && was_up_) ++status_.counters.reopened;
    was_up_ = was_up_ || comes_up;
    status_.state = state;
    status_.detail = std::move(detail);
    const auto handlers = handlers_;
    const auto sentence = status_.detail;
    if (handlers && handlers->on_state) handlers->on_state(state, sentence);
}

void CanReport::frame(const CanFrame& frame) {
    ++status_.counters.frames_received;
    const auto handlers = handlers_;
    if (handlers && handlers->on_frame) handlers->on_frame(frame);
}

void CanReport::echo() {
    ++status_.counters.echoes;
    const auto handlers = handlers_;
    if (handlers && handlers->on_echo) handlers->on_echo();
}

}  // namespace jkp::io
