// SPDX-License-Identifier: MIT
// Where numbers stand in a JSON text, as a person writes it: "/emeters/0/power", "/a/power + /b/power",
// "/emeters/*/power" (each member of a list or object), or "plain" when the whole text is the number.
// A path is a JSON pointer (RFC 6901: ~0 is ~, ~1 is /); the star is ours.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace jkp {

struct JsonPath {
    std::vector<std::string> steps;  // "*" = each member; none = the whole text
    bool operator==(const JsonPath&) const = default;
};

// What is added up. Empty = not used.
using JsonSum = std::vector<JsonPath>;

// nullopt: not of that form.
std::optional<JsonPath> read_json_path(std::string_view text);
std::optional<JsonSum> read_json_sum(std::string_view text);

// As it was written; "plain" for no steps.
std::string text(const JsonPath& path);

}  // namespace jkp
