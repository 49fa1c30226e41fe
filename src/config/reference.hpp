// SPDX-License-Identifier: MIT
// The text of docs/configuration.md, made from the rows that read the configuration.
#pragma once

#include <string>

namespace jkp::config {

std::string reference_markdown();

}  // namespace jkp::config
