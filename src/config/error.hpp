// SPDX-License-Identifier: MIT
// One thing wrong with a configuration, precise enough to be put right without reading the manual.
#pragma once

#include <string>
#include <vector>

namespace jkp::config {

struct ConfigError {
    std::string file;
    int line = 0;  // 1-based; 0: nothing in the file to point at
    int column = 0;
    std::string key;      // full path, for example "pack[0].max_charge_a"; empty for the file as a whole
    std::string value;    // as written, shortened; empty when the key is missing
    std::string message;  // what is wrong and what is allowed

    bool operator==(const ConfigError&) const = default;
};

// "site.toml:12: pack[0].max_charge_a = 900: must be between 1 and 500 A"
std::string format(const ConfigError& error);

// One line each, in the order of the file.
std::string format(const std::vector<ConfigError>& errors);

}  // namespace jkp::config
