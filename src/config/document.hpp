// SPDX-License-Identifier: MIT
// A parsed TOML text as plain values with the places where they stand. The TOML library is seen by
// document.cpp only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/error.hpp"
#include "core/result.hpp"

namespace jkp::config {

struct Place {
    int line = 0;  // 1-based; 0: nowhere
    int column = 0;
};

struct Node;
struct Member;
using Array = std::vector<Node>;
using Table = std::vector<Member>;  // keys are unique; in alphabetical order
struct Moment {};                   // a date or time: no setting is one

struct Node {
    std::variant<bool, std::int64_t, double, std::string, Array, Table, Moment> value;
    Place at;
};

struct Member {
    std::string key;
    Place at;
    Node node;
};

inline constexpr std::size_t max_text_bytes = 65536;

// Any bytes give a table or one error with its line. Refused besides syntax errors: more than
// max_text_bytes, and nesting so deep that it cannot be a configuration.
Result<Table, ConfigError> parse(std::string_view text, std::string_view file_name);

// The value as a person wrote it, shortened to one line: `900`, `"abc"`, `an array`.
std::string written(const Node& node);

// Control characters escaped and long text shortened, so that a message stays one line.
std::string printable(std::string_view text);

// "a number", "a text", ...
std::string_view kind(const Node& node);

// The shortest decimal text that reads back as the same number.
std::string decimal(double number);

}  // namespace jkp::config
