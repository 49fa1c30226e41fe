// SPDX-License-Identifier: MIT
#include "sim/jk_device.hpp"

#include <algorithm>
#include <utility>

#include "jk/encode_4e57.hpp"

namespace jkp::sim {

void JkDevice::receive(Bytes bytes, TimePoint now) {
    if (misbehaviour.echo) send({bytes.begin(), bytes.end()}, now);
    while (!bytes.empty()) {
        bytes = bytes.subspan(deframer_.feed(bytes));
        while (const auto item = deframer_.next()) {
            if (item->has_value() && (*item)->transport == jk::Transport::request) answer(**item, now);
        }
    }
}

void JkDevice::answer(const jk::Frame& request, TimePoint now) {
    const TimePoint at = now + reply_delay_ + misbehaviour.delay;
    if (request.command == static_cast<std::uint8_t>(jk::Command::activate)) {
        ++activations_;
        misbehaviour.asleep = false;
        if (!misbehaviour.silent) send(jk::wrap(jk::Command::activate, jk::Transport::reply, {}), at);
        return;
    }
    ++requests_;
    if (keeps_silent()) return;
    send(reply(now), at);
    if (misbehaviour.twice) send(reply(now), at);
}

bool JkDevice::keeps_silent() {
    if (misbehaviour.silent || misbehaviour.asleep) return true;
    if (misbehaviour.silent_polls == 0) return false;
    --misbehaviour.silent_polls;
    return true;
}

PackReading JkDevice::reading(TimePoint now) {
    if (!misbehaviour.frozen || !last_) last_ = source_(now);
    PackReading r = *last_;
    if (misbehaviour.start_up) {
        r.soc = Permille(0);
        r.cycles = 0;
    }
    garble(r);
    return r;
}

void JkDevice::garble(PackReading& reading) const {
    reading.voltage += misbehaviour.voltage_error;
    if (const auto& cell = misbehaviour.misread_cell; cell && cell->index < reading.cells.size()) {
        reading.voltage += cell->told - reading.cells[cell->index];
        reading.cells[cell->index] = cell->told;
    }
    Cells told;
    for (const Millivolts cell : reading.cells) {
        if (told.size() < misbehaviour.cells.value_or(max_cells)) told.push_back(cell);
    }
    reading.cells = told;
}

std::vector<std::uint8_t> JkDevice::reply(TimePoint now) {
    jk::ReplyOptions options;
    if (misbehaviour.unknown_register) options.extra_registers = {*misbehaviour.unknown_register, 0, 0};
    std::vector<std::uint8_t> bytes = jk::encode_reply(reading(now), options);
    if (misbehaviour.length) {
        bytes[2] = static_cast<std::uint8_t>(*misbehaviour.length >> 8);
        bytes[3] = static_cast<std::uint8_t>(*misbehaviour.length & 0xFF);
    }
    if (misbehaviour.wrong_checksum) bytes.back() ^= 0x55;
    if (const auto bit = misbehaviour.flip_bit; bit && *bit / 8 < bytes.size()) {
        bytes[*bit / 8] = static_cast<std::uint8_t>(bytes[*bit / 8] ^ (1U << (*bit % 8)));
    }
    if (misbehaviour.truncate_to) bytes.resize(std::min(bytes.size(), *misbehaviour.truncate_to));
    bytes.insert(bytes.begin(), misbehaviour.prefix.begin(), misbehaviour.prefix.end());
    return bytes;
}

// One transmitter: an answer begins when the one before has ended.
void JkDevice::send(std::vector<std::uint8_t> bytes, TimePoint not_before) {
    TimePoint start = not_before;
    if (!sending_.empty()) {
        const Sending& last = sending_.back();
        start = std::max(start, last.start + line_time(last.bytes.size()));
    }
    if (!bytes.empty()) sending_.push_back({start, std::move(bytes)});
}

std::vector<std::uint8_t> JkDevice::take(TimePoint now) {
    std::vector<std::uint8_t> ready;
    while (!sending_.empty()) {
        Sending& first = sending_.front();
        const bool whole = now >= first.start + line_time(first.bytes.size());
        const std::size_t before = first.taken;
        if (whole) first.taken = first.bytes.size();
        while (!whole && now >= first.start + line_time(first.taken + 1)) ++first.taken;
        const auto begin = first.bytes.begin();
        ready.insert(ready.end(), begin + static_cast<std::ptrdiff_t>(before),
                     begin + static_cast<std::ptrdiff_t>(first.taken));
        if (first.taken < first.bytes.size()) break;
        sending_.pop_front();
    }
    return ready;
}

std::optional<TimePoint> JkDevice::idle_at() const {
    if (sending_.empty()) return std::nullopt;
    return sending_.back().start + line_time(sending_.back().bytes.size());
}

std::optional<TimePoint> JkDevice::next_byte_at() const {
    if (sending_.empty()) return std::nullopt;
    return sending_.front().start + line_time(sending_.front().taken + 1);
}

}  // namespace jkp::sim
