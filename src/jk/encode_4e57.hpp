// SPDX-License-Identifier: MIT
// Requests a gateway sends, and the reply a BMS gives (for the simulator and for fixtures).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/pack.hpp"
#include "jk/decode_4e57.hpp"
#include "jk/frame_4e57.hpp"

namespace jkp::jk {

using Request = std::array<std::uint8_t, 21>;

// 4E 57 00 13 00 00 00 00 06 03 00 00 00 00 00 00 68 00 00 01 29
Request read_all_request();
// Command 01: wakes a sleeping BMS.
Request activate_request();

struct ReplyOptions {
    bool with_tail = true;  // registers B8..C0; the oldest firmware ends at B7
    CurrentRule current_rule = CurrentRule::sign_magnitude;
    std::vector<std::uint8_t> extra_registers = {};  // raw bytes appended to the information unit
};

// A full read-all reply: every register of the table in ascending order, 243 + 3n bytes for n cells (209 + 3n
// without the tail). Values are rounded to the resolution of the wire (10 mV, 10 mA, 1 %, 1 C) and saturate;
// an absent temperature is written as FFFF, any other absent value leaves its register out.
std::vector<std::uint8_t> encode_reply(const PackReading& reading, const ReplyOptions& options = {});

// Wraps an information unit of any content into a frame with a right length and checksum.
std::vector<std::uint8_t> wrap(Command command, Transport transport, Bytes info);

}  // namespace jkp::jk
