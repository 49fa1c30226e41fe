// SPDX-License-Identifier: MIT
// The tables of docs/simulate.md, made from the rows that read scenario files.
#pragma once

#include <string>

namespace jkp::scenario {

std::string reference_markdown();

}  // namespace jkp::scenario
