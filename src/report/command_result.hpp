// SPDX-License-Identifier: MIT
// The answer to a command that was not looked at.
#pragma once

#include <string>

namespace jkp::report {

// {"ok":false,"command":NAME,"error":WHY}
std::string refused_command(const std::string& name, const std::string& why);

}  // namespace jkp::report
