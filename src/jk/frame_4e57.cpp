// SPDX-License-Identifier: MIT
#include "jk/frame_4e57.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "core/ensure.hpp"

namespace jkp::jk {
namespace {

constexpr std::uint8_t start_1 = 0x4E;
constexpr std::uint8_t start_2 = 0x57;
constexpr std::uint8_t end_marker = 0x68;
constexpr std::size_t at_length = 2;
constexpr std::size_t at_command = 8;
constexpr std::size_t at_source = 9;
constexpr std::size_t at_transport = 10;
constexpr std::size_t at_info = 11;
constexpr std::size_t checksum_bytes = 4;
constexpr std::size_t after_info = frame_overhead - at_info;

std::string hex(std::uint32_t value) {
    const std::array<std::uint8_t, 4> bytes{
        static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
        static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
    const std::size_t skipped = value > 0xFFFF ? 0 : value > 0xFF ? 2 : 3;
    return hex_from_bytes(Bytes(bytes).subspan(skipped));
}

std::string hex16(std::uint32_t value) {
    const std::string text = hex(value);
    return text.size() < 4 ? "00" + text : text;
}

// The complete candidate -> why it is no frame, or nullopt.
std::optional<Rejection> fault(Bytes candidate) {
    const std::size_t end = candidate.size() - checksum_bytes - 1;
    Rejection why{.have = candidate.size(), .announced = candidate.size()};
    if (candidate[end] != end_marker) {
        why.error = FrameError::bad_end;
        why.stated = candidate[end];
        return why;
    }
    const Bytes summed = candidate.first(end + 1);
    why.stated = be32(candidate, end + 1);
    why.computed = std::accumulate(summed.begin(), summed.end(), std::uint32_t{0}) & 0xFFFFU;
    if (why.stated != why.computed) {
        why.error = FrameError::bad_checksum;
        return why;
    }
    if (candidate[at_transport] > static_cast<std::uint8_t>(Transport::upload)) {
        why.error = FrameError::bad_transport;
        why.stated = candidate[at_transport];
        return why;
    }
    return std::nullopt;
}

Frame view(Bytes candidate) {
    return {.command = candidate[at_command],
            .source = candidate[at_source],
            .transport = static_cast<Transport>(candidate[at_transport]),
            .info = candidate.subspan(at_info, candidate.size() - at_info - after_info),
            .bytes = candidate};
}

}  // namespace

std::string_view name(FrameError error) {
    switch (error) {
        case FrameError::bad_length: return "bad_length";
        case FrameError::truncated: return "truncated";
        case FrameError::bad_end: return "bad_end";
        case FrameError::bad_checksum: return "bad_checksum";
        case FrameError::bad_transport: return "bad_transport";
    }
    broken("a FrameError of the list", std::source_location::current());
}

std::string describe(const Rejection& r) {
    switch (r.error) {
        case FrameError::bad_length:
            return "length " + std::to_string(r.announced - at_length) + " is not within " +
                   std::to_string(length_minimum) + ".." + std::to_string(length_maximum);
        case FrameError::truncated:
            if (r.announced == 0) return "truncated: " + std::to_string(r.have) + " bytes, no length yet";
            return "truncated: " + std::to_string(r.have) + " of " + std::to_string(r.announced) + " bytes";
        case FrameError::bad_end:
            return hex(r.stated) + " where the end marker 68 of a frame of " + std::to_string(r.announced) +
                   " bytes should be";
        case FrameError::bad_checksum:
            return "checksum " + hex16(r.stated) + " does not match " + hex16(r.computed);
        case FrameError::bad_transport:
            return "transport byte " + hex(r.stated) + " is neither request, reply nor upload";
    }
    broken("a FrameError of the list", std::source_location::current());
}

std::size_t Deframer::feed(Bytes bytes) {
    silent_ = false;
    if (buffer_.size() - end_ < bytes.size() && begin_ > 0) {
        std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
                  buffer_.begin() + static_cast<std::ptrdiff_t>(end_), buffer_.begin());
        end_ -= begin_;
        begin_ = 0;
    }
    const std::size_t taken = std::min(bytes.size(), buffer_.size() - end_);
    std::copy_n(bytes.begin(), taken, buffer_.begin() + static_cast<std::ptrdiff_t>(end_));
    end_ += taken;
    return taken;
}

void Deframer::gap() {
    silent_ = true;
}

void Deframer::reset() {
    begin_ = end_ = 0;
    silent_ = false;
}

// A first half at the very end is kept: the other half may be the next byte, unless the line is silent.
void Deframer::skip_to_start_marker() {
    const Bytes bytes = pending();
    std::size_t at = 0;
    while (at < bytes.size()) {
        const bool first = bytes[at] == start_1;
        if (first && at + 1 < bytes.size() && bytes[at + 1] == start_2) break;
        if (first && at + 1 == bytes.size() && !silent_) break;
        ++at;
    }
    begin_ += at;
    counters_.skipped_bytes += at;
}

Rejection Deframer::reject(Rejection why) {
    switch (why.error) {
        case FrameError::bad_length: ++counters_.bad_length; break;
        case FrameError::truncated: ++counters_.truncated; break;
        case FrameError::bad_end: ++counters_.bad_end; break;
        case FrameError::bad_checksum: ++counters_.bad_checksum; break;
        case FrameError::bad_transport: ++counters_.bad_transport; break;
    }
    ++begin_;
    ++counters_.skipped_bytes;
    return why;
}

std::optional<Result<Frame, Rejection>> Deframer::next() {
    skip_to_start_marker();
    const Bytes bytes = pending();
    const auto unfinished = [&](std::size_t announced) -> std::optional<Result<Frame, Rejection>> {
        if (!silent_ || bytes.empty()) return std::nullopt;
        return failure(
            reject({.error = FrameError::truncated, .have = bytes.size(), .announced = announced}));
    };
    if (bytes.size() < at_length + 2) return unfinished(0);
    const std::size_t length = be16(bytes, at_length);
    const std::size_t total = length + at_length;
    if (length < length_minimum || length > length_maximum) {
        return failure(reject({.error = FrameError::bad_length, .have = bytes.size(), .announced = total}));
    }
    if (bytes.size() < total) return unfinished(total);
    const Bytes candidate = bytes.first(total);
    if (const auto why = fault(candidate)) return failure(reject(*why));
    begin_ += total;
    ++counters_.frames;
    return view(candidate);
}

}  // namespace jkp::jk
