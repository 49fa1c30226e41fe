// SPDX-License-Identifier: MIT
#include "app/virtual_peer.hpp"

#include <algorithm>

#include "goodwe/decode.hpp"

namespace jkp::app {

TimePoint VirtualPeer::next(const sim::GoodweDevice& device) const {
    return std::min(poll_at_, device.next_datagram().value_or(poll_at_));
}

std::optional<Stamped<PeerReading>> VirtualPeer::turn(sim::GoodweDevice& device, const PeerReading& battery,
                                                      TimePoint now) {
    std::optional<Stamped<PeerReading>> reading;
    if (const auto heard = listen(device, now)) reading = Stamped<PeerReading>{*heard, now};
    if (now >= poll_at_) {
        device.observe(battery, now);
        ask(device, now);
    }
    return reading;
}

void VirtualPeer::ask(sim::GoodweDevice& device, TimePoint now) {
    if (waiting_) ++counters_.unanswered;
    device.receive(goodwe::request(goodwe::Question::es_running), now);
    ++counters_.polls;
    waiting_ = true;
    while (poll_at_ <= now) poll_at_ += period_;
}

std::optional<PeerReading> VirtualPeer::listen(sim::GoodweDevice& device, TimePoint now) {
    std::optional<PeerReading> reading;
    while (const auto datagram = device.take(now)) {
        Bytes rest = *datagram;
        while (const auto answer = goodwe::next_answer(rest)) {
            const auto decoded = *answer ? goodwe::decode(**answer) : failure(goodwe::DecodeFailure{});
            if (!decoded || decoded->question != goodwe::Question::es_running || !waiting_) {
                ++counters_.refused;
                continue;
            }
            reading = goodwe::peer_reading(decoded->readings);
            waiting_ = false;
            ++counters_.answers;
        }
    }
    return reading;
}

void VirtualPeer::drop(sim::GoodweDevice& device, TimePoint now) {
    while (device.take(now)) {
    }
    while (poll_at_ <= now) poll_at_ += period_;
    waiting_ = false;
}

}  // namespace jkp::app
