// SPDX-License-Identifier: MIT
// The settings in force for GET api/v1/settings (docs/web.md). Thread: any.
#pragma once

#include <string>

#include "config/settings.hpp"

namespace jkp::app {

std::string settings_json(const config::Settings& settings, const std::string& file);

}  // namespace jkp::app
