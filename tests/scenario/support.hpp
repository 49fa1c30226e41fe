// SPDX-License-Identifier: MIT
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "scenario/load.hpp"

namespace jkp::scenario::test {

// The smallest scenario there is; lines 1 to 10.
inline constexpr std::string_view smallest =
    "[scenario]\n"
    "title = \"A test\"\n"
    "duration = \"5min\"\n"
    "[[pack]]\n"
    "name = \"A\"\n"
    "max_charge_a = 60\n"
    "max_discharge_a = 60\n"
    "[[wish]]\n"
    "at = \"0s\"\n"
    "amps = 10\n";

inline std::string with(std::string_view more) {
    return std::string(smallest) + std::string(more);
}

inline Result<std::string, std::string> no_file(const std::string& name) {
    return failure("cannot read " + name);
}

// All errors as text, or "" when the text loads.
inline std::string errors_of(std::string_view text, const Fetch& fetch = no_file) {
    const auto scenario = load(text, "s.toml", fetch);
    return scenario ? "" : config::format(scenario.error());
}

// Throws when it does not load.
inline Scenario loaded(std::string_view text, const Fetch& fetch = no_file) {
    auto scenario = load(text, "s.toml", fetch);
    if (!scenario) throw std::runtime_error(config::format(scenario.error()));
    return *scenario;
}

inline std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline std::filesystem::path library() {
    return std::filesystem::path(JKP_SOURCE_DIR) / "tests/scenario";
}

}  // namespace jkp::scenario::test
