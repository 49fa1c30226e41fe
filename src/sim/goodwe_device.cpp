// SPDX-License-Identifier: MIT
#include "sim/goodwe_device.hpp"

#include <algorithm>
#include <utility>

#include "goodwe/encode_answer.hpp"
#include "sim/noise.hpp"

namespace jkp::sim {
namespace {

constexpr Duration remembered = std::chrono::minutes(10);

}  // namespace

void GoodweDevice::observe(const PeerReading& battery, TimePoint now) {
    if (fault.old == Duration{}) seen_.clear();
    seen_.push_back({now, battery});
    while (seen_.size() > 1 && now - seen_[1].at >= std::min(fault.old, remembered)) seen_.pop_front();
}

PeerReading GoodweDevice::told(TimePoint now) const {
    for (auto seen = seen_.rbegin(); seen != seen_.rend(); ++seen) {
        if (now - seen->at >= fault.old) return seen->battery;
    }
    return seen_.empty() ? PeerReading{} : seen_.front().battery;
}

bool GoodweDevice::lost() const {
    return (noise(spec_.seed, requests_, 0) + 1.0) * 500.0 < spec_.loses.count();
}

void GoodweDevice::receive(Bytes datagram, TimePoint now) {
    ++requests_;
    if (fault.silent || lost()) return;
    if (!fault.frozen) telling_ = told(now);
    goodwe::Readings readings;
    readings.battery_voltage = telling_.voltage;
    readings.battery_current = telling_.current;
    readings.soc = telling_.soc;
    auto answer = goodwe::answer_to(datagram, goodwe::Family::es, readings);
    if (!answer) return;
    garble(*answer);
    sent_.push_back({now + spec_.answers_after, std::move(*answer)});
}

void GoodweDevice::garble(std::vector<std::uint8_t>& bytes) const {
    if (fault.flip_bit) {
        const std::size_t bit = *fault.flip_bit % (bytes.size() * 8);
        bytes[bit / 8] = static_cast<std::uint8_t>(bytes[bit / 8] ^ (1U << (bit % 8)));
    }
    if (fault.truncate_to) bytes.resize(std::min(*fault.truncate_to, bytes.size()));
}

std::optional<TimePoint> GoodweDevice::next_datagram() const {
    if (sent_.empty()) return std::nullopt;
    return sent_.front().arrives;
}

std::optional<std::vector<std::uint8_t>> GoodweDevice::take(TimePoint now) {
    if (sent_.empty() || sent_.front().arrives > now) return std::nullopt;
    std::vector<std::uint8_t> bytes = std::move(sent_.front().bytes);
    sent_.pop_front();
    return bytes;
}

}  // namespace jkp::sim
