// SPDX-License-Identifier: MIT
// The two kinds of frames that a GoodWe answers with over UDP 8899, taken out of what arrived. Source:
// docs/protocols/goodwe.md.
//
//   AA55      AA 55 7F C0 control function|80 length data(length) sum(2, all bytes before, big-endian)
//   Modbus    AA 55 F7 function count data(count) CRC(2, from the unit byte, low byte first)
//   refusal   AA 55 F7 function|80 code CRC(2)
//
// There is no way to make a frame that writes: requests are made in request.hpp, which only reads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.hpp"
#include "core/result.hpp"

namespace jkp::goodwe {

inline constexpr std::uint8_t modbus_unit = 0xF7;
inline constexpr std::uint8_t modbus_read = 0x03;

enum class Kind : std::uint8_t { aa55, modbus, refusal };

struct Answer {
    Kind kind = Kind::aa55;
    std::uint16_t type = 0;  // aa55: control and function (0182); modbus: unit and function (F703)
    Bytes data;              // refusal: the one byte of the code
    Bytes bytes;             // the whole frame
};

enum class FrameError : std::uint8_t {
    truncated,     // fewer bytes than announced
    bad_checksum,  // sum or CRC
};
std::string_view name(FrameError error);

struct FrameFault {
    FrameError error = FrameError::truncated;
    std::size_t have = 0;       // bytes there
    std::size_t announced = 0;  // bytes of the whole frame, 0 = too few to tell
    std::uint16_t stated = 0;   // bad_checksum
    std::uint16_t computed = 0;
};
// One sentence for people, for example "checksum 1161 does not match 1162".
std::string describe(const FrameFault& fault);

// The next frame in `rest`, which is cut behind it; after a fault the search goes on behind its start marker.
// nullopt: no further start marker. What lies between frames or behind the last one is skipped. No
// allocation.
std::optional<Result<Answer, FrameFault>> next_answer(Bytes& rest);

std::uint16_t aa55_checksum(Bytes bytes);
std::uint16_t modbus_crc(Bytes bytes);  // A001 reflected, initially FFFF

}  // namespace jkp::goodwe
