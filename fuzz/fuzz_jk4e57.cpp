// SPDX-License-Identifier: MIT
// The first byte chooses how the rest is cut into reads. Whatever arrives: every byte is either in a frame
// or counted as skipped, and a reading keeps what decode promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/ensure.hpp"
#include "jk/decode_4e57.hpp"
#include "jk/frame_4e57.hpp"

namespace {

using namespace jkp;
using namespace jkp::jk;

void check(const Frame& frame, LinkMemory& memory) {
    const auto decoded = decode(frame, memory);
    if (!decoded) {
        ensure(!describe(decoded.error()).empty(), "a refusal has words");
        return;
    }
    const PackReading& r = decoded->reading;
    ensure(!r.cells.empty(), "a reading has cells");
    ensure(magnitude(r.current) <= Milliamps(655350), "a current within the wire");
    for (const char c : r.firmware.view()) ensure(c >= 0x20 && c < 0x7F, "printable firmware");
}

std::size_t drain(Deframer& deframer, LinkMemory& memory) {
    std::size_t in_frames = 0;
    while (const auto item = deframer.next()) {
        if (!item->has_value()) {
            ensure(!describe(item->error()).empty(), "a rejection has words");
            continue;
        }
        in_frames += (*item)->bytes.size();
        check(**item, memory);
    }
    return in_frames;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = data[0] == 0 ? 4096 : data[0];
    const Bytes stream = Bytes(data, size).subspan(1);
    Deframer deframer;
    LinkMemory memory;
    std::size_t in_frames = 0;
    for (std::size_t at = 0; at < stream.size();) {
        at += deframer.feed(stream.subspan(at, std::min(step, stream.size() - at)));
        in_frames += drain(deframer, memory);
    }
    deframer.gap();
    in_frames += drain(deframer, memory);
    ensure(!deframer.mid_frame(), "nothing waits after a gap");
    ensure(in_frames + deframer.counters().skipped_bytes == stream.size(), "every byte is accounted for");
    return 0;
}
