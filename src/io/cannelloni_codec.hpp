// SPDX-License-Identifier: MIT
// The UDP packets of cannelloni, version 2, which carry CAN frames over a network, without any I/O.
//   packet = version:u8(2) op_code:u8(0 = data) sequence:u8 count:u16be frame{count}
//   frame  = id:u32be(Linux flags: 31 = 29-bit, 30 = remote, 29 = error) length:u8(bit 7 = CAN FD) data
// A remote frame carries a length and no data. Source: cannelloni, doc/udp_format.md.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/bytes.hpp"
#include "core/can_frame.hpp"
#include "core/result.hpp"

namespace jkp::io {

enum class CannelloniError : std::uint8_t {
    too_short,      // no complete header
    wrong_version,  // not 2
    no_data,        // another op code
    truncated,      // fewer frames or bytes than announced
    left_over,      // bytes behind the last frame
    fd_frame,
    bad_length,      // more than 8 data bytes
    bad_identifier,  // above 7FF without the 29-bit flag
};
std::string_view words(CannelloniError error);

struct CannelloniPacket {
    std::uint8_t sequence = 0;
    std::vector<CanFrame> frames;  // data frames; remote and error frames are passed over
};

// A packet is taken whole or not at all.
Result<CannelloniPacket, CannelloniError> decode_cannelloni(Bytes packet);

// Precondition: at most 65535 frames.
std::vector<std::uint8_t> encode_cannelloni(std::uint8_t sequence, std::span<const CanFrame> frames);

}  // namespace jkp::io
