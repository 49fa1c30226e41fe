// SPDX-License-Identifier: MIT
// The answer of `jk-pylon status --json`; keys are a contract, listed in docs/json.md.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "control/config.hpp"
#include "report/snapshot.hpp"

namespace jkp::report {

nlohmann::ordered_json status_object(const Snapshot& snapshot, const control::Config& config);
std::string status_json(const Snapshot& snapshot, const control::Config& config);

}  // namespace jkp::report
