// SPDX-License-Identifier: MIT
// One line of candump text (can-utils), read and written. Forms read:
//   (1436509052.249713) can0 305#0000000000000000 R     candump -L, direction optional
//   (1436509052.249713)  can0  305   [8]  00 00 00 00 00 00 00 00  '........'
//   can0  RX - -  305   [8]  00 00 00 00 00 00 00 00    candump -x
//   305#0000000000000000                                cansend
// An identifier of eight digits is a 29-bit one. A date instead of seconds (candump -tA) is passed over.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/can_frame.hpp"
#include "core/fixed_text.hpp"
#include "core/result.hpp"

namespace jkp {

enum class CandumpError : std::uint8_t {
    not_a_frame,      // none of the forms above
    bad_time,         // the text in parentheses is no time
    bad_identifier,   // neither three nor eight hexadecimal digits, or above 1FFFFFFF
    bad_data,         // no hexadecimal bytes
    length_mismatch,  // bracket form: another number of bytes than announced
    too_long,         // more than eight data bytes
    fd_frame,         // CAN FD, '##'
    remote_frame,     // a request without data
    error_frame,      // a report of the controller, no frame of the bus
};
// For people: "more than 8 data bytes".
std::string_view words(CandumpError error);

enum class CanDirection : std::uint8_t { unknown, received, sent };

struct CanLogLine {
    std::optional<std::chrono::microseconds> at;  // as written: since 1970 or since the first line
    FixedText<16> interface;                      // empty when the line names none
    CanFrame frame;
    CanDirection direction = CanDirection::unknown;
};

// One line without or with its line end; blanks around it do not matter.
Result<CanLogLine, CandumpError> parse_candump_line(std::string_view line);

// "(1436509052.249713) can0 305#0000000000000000", as candump -L writes it, without line end.
// Precondition: at >= 0.
std::string candump_line(std::chrono::microseconds at, std::string_view interface, const CanFrame& frame);
// "305#0000000000000000"
std::string candump_frame(const CanFrame& frame);

}  // namespace jkp
