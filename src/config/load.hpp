// SPDX-License-Identifier: MIT
// From the text of a configuration file to checked settings, or to everything that is wrong with it.
#pragma once

#include <string_view>
#include <vector>

#include "config/error.hpp"
#include "config/findings.hpp"
#include "config/settings.hpp"
#include "core/result.hpp"

namespace jkp::config {

// Pure: reads no file. Any bytes give settings or at least one error; all errors come at once, in the
// order of the file. What is allowed but unwise is in Settings::warnings. `file_name` is for messages only.
Result<Settings, std::vector<ConfigError>> load(std::string_view text, std::string_view file_name);

// The same from a text that is parsed already. Usable only when `findings` has got no error.
Settings read_settings(const Table& root, Findings& findings);

}  // namespace jkp::config
