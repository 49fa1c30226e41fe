// SPDX-License-Identifier: MIT
#include "goodwe/answer.hpp"

#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <numeric>

namespace jkp::goodwe {
namespace {

constexpr std::array<std::uint8_t, 2> start{0xAA, 0x55};
constexpr std::uint8_t refused = 0x80;
constexpr std::size_t checksum_bytes = 2;
constexpr std::size_t at_unit = 2;
constexpr std::size_t at_function = 3;
constexpr std::size_t aa55_at_type = 4;
constexpr std::size_t aa55_at_length = 6;
constexpr std::size_t aa55_at_data = 7;
constexpr std::size_t modbus_at_count = 4;
constexpr std::size_t modbus_at_data = 5;

std::string hex16(std::uint16_t value) {
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(value >> 8),
                                            static_cast<std::uint8_t>(value)};
    return hex_from_bytes(bytes);
}

// Which kind the frame that begins here is, once enough of it is there.
std::optional<Kind> kind_of(Bytes b) {
    if (b.size() <= at_function) return std::nullopt;
    if (b[at_unit] != modbus_unit) return Kind::aa55;
    return (b[at_function] & refused) != 0 ? Kind::refusal : Kind::modbus;
}

std::size_t at_data(Kind kind) {
    switch (kind) {
        case Kind::aa55: return aa55_at_data;
        case Kind::modbus: return modbus_at_data;
        case Kind::refusal: return modbus_at_count;  // the code takes the place of the count
    }
    broken("a Kind of the list", std::source_location::current());
}

std::size_t data_length(Kind kind, Bytes b) {
    switch (kind) {
        case Kind::aa55: return b[aa55_at_length];
        case Kind::modbus: return b[modbus_at_count];
        case Kind::refusal: return 1;
    }
    broken("a Kind of the list", std::source_location::current());
}

// Bytes of the frame that begins here; 0 = its length is not there yet.
std::size_t frame_length(Bytes b) {
    const auto kind = kind_of(b);
    if (!kind || b.size() < at_data(*kind)) return 0;
    return at_data(*kind) + data_length(*kind, b) + checksum_bytes;
}

std::optional<FrameFault> fault(Kind kind, Bytes frame) {
    const std::size_t end = frame.size() - checksum_bytes;
    FrameFault why{.error = FrameError::bad_checksum, .have = frame.size(), .announced = frame.size()};
    if (kind == Kind::aa55) {
        why.stated = be16(frame, end);
        why.computed = aa55_checksum(frame.first(end));
    } else {
        why.stated = le16(frame, end);
        why.computed = modbus_crc(frame.first(end).subspan(at_unit));
    }
    if (why.stated == why.computed) return std::nullopt;
    return why;
}

Answer view(Kind kind, Bytes frame) {
    return {.kind = kind,
            .type = be16(frame, kind == Kind::aa55 ? aa55_at_type : at_unit),
            .data = frame.subspan(at_data(kind), data_length(kind, frame)),
            .bytes = frame};
}

}  // namespace

std::string_view name(FrameError error) {
    switch (error) {
        case FrameError::truncated: return "truncated";
        case FrameError::bad_checksum: return "bad_checksum";
    }
    broken("a FrameError of the list", std::source_location::current());
}

std::string describe(const FrameFault& f) {
    if (f.error == FrameError::bad_checksum) {
        return "checksum " + hex16(f.stated) + " does not match " + hex16(f.computed);
    }
    if (f.announced == 0) return "truncated: " + std::to_string(f.have) + " bytes, no length yet";
    return "truncated: " + std::to_string(f.have) + " of " + std::to_string(f.announced) + " bytes";
}

std::optional<Result<Answer, FrameFault>> next_answer(Bytes& rest) {
    const auto found = std::search(rest.begin(), rest.end(), start.begin(), start.end());
    const Bytes b = rest.subspan(static_cast<std::size_t>(found - rest.begin()));
    rest = {};
    if (b.empty()) return std::nullopt;
    const std::size_t length = frame_length(b);
    if (length == 0 || b.size() < length) {
        rest = b.subspan(start.size());
        return failure(FrameFault{.error = FrameError::truncated, .have = b.size(), .announced = length});
    }
    const Kind kind = *kind_of(b);
    if (const auto why = fault(kind, b.first(length))) {
        rest = b.subspan(start.size());
        return failure(*why);
    }
    rest = b.subspan(length);
    return view(kind, b.first(length));
}

std::uint16_t aa55_checksum(Bytes bytes) {
    return static_cast<std::uint16_t>(std::accumulate(bytes.begin(), bytes.end(), 0U));
}

std::uint16_t modbus_crc(Bytes bytes) {
    boost::crc_optimal<16, 0x8005, 0xFFFF, 0, true, true> crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return static_cast<std::uint16_t>(crc.checksum());
}

}  // namespace jkp::goodwe
