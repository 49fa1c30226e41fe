// SPDX-License-Identifier: MIT
#include "config/error.hpp"

namespace jkp::config {

std::string format(const ConfigError& error) {
    std::string text = error.file;
    if (error.line > 0) text += ':' + std::to_string(error.line);
    text += ": ";
    if (!error.key.empty()) {
        text += error.key;
        if (!error.value.empty()) text += " = " + error.value;
        text += ": ";
    }
    return text + error.message;
}

std::string format(const std::vector<ConfigError>& errors) {
    std::string text;
    for (const ConfigError& error : errors) text += format(error) + '\n';
    return text;
}

}  // namespace jkp::config
