// SPDX-License-Identifier: MIT
#include "io/cannelloni_codec.hpp"

#include <algorithm>

#include "core/ensure.hpp"

namespace jkp::io {
namespace {

constexpr std::uint8_t version = 2;
constexpr std::uint8_t op_data = 0;
constexpr std::size_t header_size = 5;
constexpr std::size_t frame_header_size = 5;
constexpr std::uint32_t extended_flag = 0x80000000;
constexpr std::uint32_t remote_flag = 0x40000000;
constexpr std::uint32_t error_flag = 0x20000000;
constexpr std::uint32_t id_mask = 0x1FFFFFFF;
constexpr std::uint8_t fd_bit = 0x80;

// Takes one frame off the front of `rest`; data frames are appended to `frames`.
Result<void, CannelloniError> take_frame(Bytes& rest, std::vector<CanFrame>& frames) {
    if (rest.size() < frame_header_size) return failure(CannelloniError::truncated);
    const auto id = be32(rest, 0);
    const auto length = rest[4];
    if ((length & fd_bit) != 0) return failure(CannelloniError::fd_frame);
    if (length > 8) return failure(CannelloniError::bad_length);
    const bool remote = (id & remote_flag) != 0;
    const std::size_t size = remote ? 0 : length;
    if (rest.size() < frame_header_size + size) return failure(CannelloniError::truncated);
    CanFrame frame;
    frame.extended = (id & extended_flag) != 0;
    frame.id = id & id_mask;
    frame.size = length;
    const bool of_the_bus = !remote && (id & error_flag) == 0;
    if (of_the_bus && !frame.extended && frame.id > 0x7FF) return failure(CannelloniError::bad_identifier);
    std::copy_n(rest.begin() + frame_header_size, size, frame.data.begin());
    if (of_the_bus) frames.push_back(frame);
    rest = rest.subspan(frame_header_size + size);
    return {};
}

void append_be32(std::vector<std::uint8_t>& packet, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) packet.push_back(static_cast<std::uint8_t>(value >> shift));
}

}  // namespace

std::string_view words(CannelloniError error) {
    switch (error) {
        case CannelloniError::too_short: return "shorter than its header";
        case CannelloniError::wrong_version: return "not version 2";
        case CannelloniError::no_data: return "not a data packet";
        case CannelloniError::truncated: return "fewer bytes than announced";
        case CannelloniError::left_over: return "more bytes than announced";
        case CannelloniError::fd_frame: return "a CAN FD frame";
        case CannelloniError::bad_length: return "more than 8 data bytes";
        case CannelloniError::bad_identifier: return "an identifier above 7FF without the 29-bit flag";
    }
    return "";
}

Result<CannelloniPacket, CannelloniError> decode_cannelloni(Bytes packet) {
    if (packet.size() < header_size) return failure(CannelloniError::too_short);
    if (packet[0] != version) return failure(CannelloniError::wrong_version);
    if (packet[1] != op_data) return failure(CannelloniError::no_data);
    CannelloniPacket decoded;
    decoded.sequence = packet[2];
    auto rest = packet.subspan(header_size);
    for (int count = be16(packet, 3); count > 0; --count) {
        if (const auto taken = take_frame(rest, decoded.frames); !taken) return failure(taken.error());
    }
    if (!rest.empty()) return failure(CannelloniError::left_over);
    return decoded;
}

std::vector<std::uint8_t> encode_cannelloni(std::uint8_t sequence, std::span<const CanFrame> frames) {
    ensure(frames.size() <= 0xFFFF, "a cannelloni packet counts its frames in 16 bits");
    std::vector<std::uint8_t> packet{version, op_data, sequence,
                                     static_cast<std::uint8_t>(frames.size() >> 8),
                                     static_cast<std::uint8_t>(frames.size())};
    for (const auto& frame : frames) {
        append_be32(packet, frame.id | (frame.extended ? extended_flag : 0));
        packet.push_back(frame.size);
        packet.insert(packet.end(), frame.bytes().begin(), frame.bytes().end());
    }
    return packet;
}

}  // namespace jkp::io
