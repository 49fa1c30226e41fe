// SPDX-License-Identifier: MIT
// The objects of meter_json.hpp for people. Both take an ignored or an error object too and end with a line
// end.
#pragma once

#include <string>

#include "report/decode_json.hpp"

namespace jkp::report {

// "3457.9 W import", "0.0 W"; "unknown" for null. + is export.
std::string grid_words(const Json& watts);

// Everything, as a table.
std::string meter_text(const Json& object);
// One line, for a live view.
std::string meter_line(const Json& object);

}  // namespace jkp::report
