// SPDX-License-Identifier: MIT
// Lines of candump, in the three forms that are met in logs and forums:
//   (1700000000.000000) can0 351#1402C012C012C201 R      candump -L, the direction may be missing
//   can0  351   [8]  14 02 C0 12 C0 12 C2 01             candump, time and direction may precede
//   351#1402C012C012C201                                 cansend
// Identifiers with 8 digits have 29 bits.
#pragma once

#include <string>
#include <string_view>

#include "core/can_frame.hpp"
#include "core/result.hpp"

namespace jkp::report {

// The error is a sentence for people: no data frame of classic CAN, or not understood.
Result<CanFrame, std::string> parse_candump_line(std::string_view line);

}  // namespace jkp::report
