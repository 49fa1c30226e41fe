// SPDX-License-Identifier: MIT
// What every command does when it fails.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "core/result.hpp"

namespace jkp::cli {

// The sentence on standard error, for a person; with `json` also {"ok":false,"error":...} on standard output,
// so that a program finds one object whatever happens. Gives back the exit code.
int fail(const std::string& sentence, bool json, int code);
// The same for lines that each name their file already; they end with a line feed.
int fail_with_lines(const std::string& lines, bool json, int code);

// The daemon's answer, or the exit code after the cause was told.
Result<nlohmann::ordered_json, int> ask_daemon(const std::string& socket,
                                               const nlohmann::ordered_json& question, bool json);

}  // namespace jkp::cli
