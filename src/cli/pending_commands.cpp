// SPDX-License-Identifier: MIT
#include "cli/commands.hpp"
namespace jkp::cli {
int bms(const std::string&, bool, double) { return unable; }
int can(const std::string&, bool, double, unsigned long) { return unable; }
int decode(const std::string&, const std::string&, bool) { return unable; }
}  // namespace jkp::cli
