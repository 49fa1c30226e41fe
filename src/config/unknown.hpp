// SPDX-License-Identifier: MIT
// Keys and tables the program does not know: reported with the name that was probably meant.
#pragma once

#include "config/document.hpp"
#include "config/findings.hpp"

namespace jkp::config {

void report_unknown(const Table& root, Findings& findings);

}  // namespace jkp::config
