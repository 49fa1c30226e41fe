// SPDX-License-Identifier: MIT
#pragma once

#include <fstream>
#include <sstream>
#include <string>
#include <string_view>

#include "config/load.hpp"

namespace jkp::config::testing {

// The smallest configuration that loads; lines 1 to 4.
inline constexpr std::string_view minimal =
    "[[pack]]\n"
    "port = \"/dev/ttyUSB0\"\n"
    "max_charge_a = 60\n"
    "max_discharge_a = 60\n";

inline std::string with(std::string_view more) {
    return std::string(minimal) + std::string(more);
}

// All errors as text, or "" when the text loads.
inline std::string errors_of(std::string_view text) {
    const auto settings = load(text, "site.toml");
    return settings ? "" : format(settings.error());
}

inline std::string warnings_of(std::string_view text) {
    const auto settings = load(text, "site.toml");
    return settings ? format(settings->warnings) : "does not load: " + format(settings.error());
}

inline std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

}  // namespace jkp::config::testing
