// SPDX-License-Identifier: MIT
// The objects of decode_json.hpp for people: a table for a reading, one line for a CAN frame.
#pragma once

#include <string>

#include "report/decode_json.hpp"

namespace jkp::report {

// Both take an error object too. The text ends with a line end.
std::string reading_text(const Json& reading);
std::string can_frame_text(const Json& frame);

}  // namespace jkp::report
