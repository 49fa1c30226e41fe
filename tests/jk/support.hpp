// SPDX-License-Identifier: MIT
// A plausible pack, and a stream taken apart into what was accepted and what was refused.
#pragma once

#include <vector>

#include "core/pack.hpp"
#include "jk/decode_4e57.hpp"
#include "jk/encode_4e57.hpp"
#include "jk/frame_4e57.hpp"

namespace jkp::jk {

using Buffer = std::vector<std::uint8_t>;

inline PackReading sample(std::size_t cell_count = 16) {
    PackReading r;
    for (std::size_t i = 0; i < cell_count; ++i) {
        r.cells.push_back(Millivolts(static_cast<std::int32_t>(3300 + i)));
    }
    r.voltage = Millivolts(static_cast<std::int32_t>(cell_count) * 3300);
    r.current = Milliamps(-12200);
    r.soc = Permille(550);
    r.temperatures[Probe::mosfet] = Decicelsius(310);
    r.temperatures[Probe::t1] = Decicelsius(220);
    r.temperatures[Probe::t2] = Decicelsius(-30);
    r.alarms = {PackAlarm::cell_imbalance};
    r.charge_mos = true;
    r.discharge_mos = true;
    r.cycles = 42;
    r.capacity = MilliampHours(280000);
    r.settings = {.cell_over_voltage = Millivolts(3600),
                  .cell_under_voltage = Millivolts(2600),
                  .charge_over_current = Milliamps(100000),
                  .discharge_over_current = Milliamps(150000),
                  .capacity = MilliampHours(300000)};
    r.firmware = "11.XW_S11.26";
    return r;
}

struct Seen {
    std::vector<Buffer> frames;
    std::vector<Rejection> rejections;
};

inline void drain(Deframer& deframer, Seen& seen) {
    while (const auto item = deframer.next()) {
        if (item->has_value()) {
            seen.frames.emplace_back((*item)->bytes.begin(), (*item)->bytes.end());
        } else {
            seen.rejections.push_back(item->error());
        }
    }
}

// Feeds in pieces of `step` bytes; ends with a gap.
inline Seen take_apart(Deframer& deframer, Bytes stream, std::size_t step = 4096) {
    Seen seen;
    for (std::size_t at = 0; at < stream.size();) {
        at += deframer.feed(stream.subspan(at, std::min(step, stream.size() - at)));
        drain(deframer, seen);
    }
    deframer.gap();
    drain(deframer, seen);
    return seen;
}

inline Seen take_apart(Bytes stream, std::size_t step = 4096) {
    Deframer deframer;
    return take_apart(deframer, stream, step);
}

// The bytes must be one good frame.
inline Result<Decoded, DecodeFailure> decode_bytes(Bytes bytes, LinkMemory& memory) {
    Deframer deframer;
    deframer.feed(bytes);
    const auto item = deframer.next();
    ensure(item && item->has_value(), "a good frame");
    return decode(**item, memory);
}

inline Result<Decoded, DecodeFailure> decode_bytes(Bytes bytes) {
    LinkMemory memory;
    return decode_bytes(bytes, memory);
}

inline Buffer joined(std::initializer_list<Buffer> parts) {
    Buffer all;
    for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace jkp::jk
