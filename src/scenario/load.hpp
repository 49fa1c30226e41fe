// SPDX-License-Identifier: MIT
// From the text of a scenario file to a checked scenario, or to everything that is wrong with it.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/error.hpp"
#include "core/result.hpp"
#include "scenario/scenario.hpp"

namespace jkp::scenario {

// The text of a file that the scenario names, or why there is none.
using Fetch = std::function<Result<std::string, std::string>(const std::string& name)>;

// All errors come at once, in the order of the file. `file_name` is for messages only.
Result<Scenario, std::vector<config::ConfigError>> load(std::string_view text, std::string_view file_name,
                                                        const Fetch& fetch);

}  // namespace jkp::scenario
