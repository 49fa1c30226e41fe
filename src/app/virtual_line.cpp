// SPDX-License-Identifier: MIT
#include "app/virtual_line.hpp"

#include <algorithm>

#include "jk/encode_4e57.hpp"

namespace jkp::app {
namespace {

constexpr unsigned activate_after = 3;  // polls without an answer, then the BMS may be asleep

}  // namespace

void VirtualLine::open(TimePoint now) {
    poll_at_ = now;
    waiting_ = false;
    silent_in_a_row_ = 0;
    deframer_.reset();
    memory_ = {};
}

TimePoint VirtualLine::next(const sim::JkDevice& device) const {
    return std::min(poll_at_, device.idle_at().value_or(poll_at_));
}

std::optional<Stamped<PackReading>> VirtualLine::turn(sim::JkDevice& device, TimePoint now) {
    std::optional<Stamped<PackReading>> reading;
    if (const auto complete = device.idle_at(); complete && now >= *complete) reading = listen(device, now);
    if (due(now)) ask(device, now);
    return reading;
}

void VirtualLine::ask(sim::JkDevice& device, TimePoint now) {
    if (waiting_) {
        ++counters_.unanswered;
        ++silent_in_a_row_;
    }
    deframer_.reset();
    if (silent_in_a_row_ >= activate_after) {
        device.receive(jk::activate_request(), now);
        silent_in_a_row_ = 0;
    }
    device.receive(jk::read_all_request(), now);
    ++counters_.polls;
    waiting_ = true;
    while (poll_at_ <= now) poll_at_ += period_;
}

std::optional<Stamped<PackReading>> VirtualLine::listen(sim::JkDevice& device, TimePoint now) {
    const std::vector<std::uint8_t> received = device.take(now);
    std::optional<Stamped<PackReading>> reading;
    Bytes bytes = received;
    while (!bytes.empty()) {
        bytes = bytes.subspan(deframer_.feed(bytes));
        take_frames(now, reading);
    }
    // The whole answer was handed over at once, so the line is silent now.
    deframer_.gap();
    take_frames(now, reading);
    return reading;
}

void VirtualLine::take_frames(TimePoint now, std::optional<Stamped<PackReading>>& reading) {
    while (const auto item = deframer_.next()) {
        if (!item->has_value()) {
            ++counters_.refused;
        } else if (const auto decoded = jk::decode(**item, memory_); !decoded) {
            if (decoded.error().error != jk::DecodeError::not_a_reply) ++counters_.refused;
        } else if (waiting_) {
            reading = Stamped<PackReading>{decoded->reading, now};
            waiting_ = false;
            silent_in_a_row_ = 0;
            ++counters_.answers;
        }
    }
}

}  // namespace jkp::app
