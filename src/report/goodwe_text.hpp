// SPDX-License-Identifier: MIT
// An object of goodwe_json.hpp for people. Takes an error object too and ends with a line end.
#pragma once

#include <string>

#include "report/decode_json.hpp"

namespace jkp::report {

// A table of what the object holds.
std::string goodwe_text(const Json& object);

}  // namespace jkp::report
