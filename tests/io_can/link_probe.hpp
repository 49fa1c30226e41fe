// SPDX-License-Identifier: MIT
// A CAN link with its own loop, and a record of all it told its handlers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "io/can_links.hpp"

namespace jkp::io {

class LinkProbe {
  public:
    explicit LinkProbe(const CanLinkSettings& settings) : link_(make_can_link(loop_, settings)) { open(); }

    void open() {
        link_->open({.on_frame = [this](const CanFrame& frame) { frames.push_back(frame); },
                     .on_echo = [this] { ++echoes; },
                     .on_state = [this](CanLinkState state,
                                        const std::string& detail) { states.emplace_back(state, detail); }});
    }

    // Runs the loop until it is so; false when that takes longer. The loop wakes up now and then because
    // what is waited for may be a file of another process.
    template <class Predicate>
    bool until(Predicate so, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
        const auto deadline = std::chrono::steady_clock::now() + limit;
        while (!so()) {
            if (std::chrono::steady_clock::now() > deadline) return false;
            turns += loop_.run_one_for(std::chrono::milliseconds(5));
            if (loop_.stopped()) loop_.restart();
        }
        return true;
    }
    bool until_state(CanLinkState state, std::chrono::milliseconds limit = std::chrono::seconds(10)) {
        return until([&] { return link_->status().state == state; }, limit);
    }

    CanLink& link() { return *link_; }
    boost::asio::io_context& loop() { return loop_; }
    void destroy() { link_.reset(); }
    [[nodiscard]] CanCounters counters() const { return link_->status().counters; }
    [[nodiscard]] std::string detail() const { return link_->status().detail; }

    std::vector<CanFrame> frames;
    std::vector<std::pair<CanLinkState, std::string>> states;
    int echoes = 0;
    std::size_t turns = 0;  // handlers the loop has run

  private:
    boost::asio::io_context loop_;
    std::unique_ptr<CanLink> link_;
};

}  // namespace jkp::io
