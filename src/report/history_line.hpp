// SPDX-License-Identifier: MIT
// The text of history_json() in one line, without building its tree: a large answer has ten thousands of
// numbers, and it is made in the loop that control runs in.
#pragma once

#include <string>

#include "report/history.hpp"

namespace jkp::report {

std::string history_line(const HistoryTable& table);

}  // namespace jkp::report
