// SPDX-License-Identifier: MIT
// `jk-pylon run`: configuration, log, loop and signals around the gateway.
#pragma once

#include <string>
#include <vector>

#include "config/settings.hpp"
#include "core/result.hpp"

namespace jkp::app {

struct LoadFailure {
    bool unreadable = false;         // the file itself could not be read
    std::vector<std::string> lines;  // complete sentences
};

// Reads and checks a configuration file.
Result<config::Settings, LoadFailure> load_settings(const std::string& path);

// Runs until SIGTERM or SIGINT. SIGHUP reads the file again; a bad one is told and the old stays.
// Returns the exit code: 0 after an orderly stop, 2 when it could not start.
int run(const std::string& config_path);

}  // namespace jkp::app
