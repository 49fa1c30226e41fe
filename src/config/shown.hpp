// SPDX-License-Identifier: MIT
// The settings in force as a list for people, from the same rows that read the file: what each is, what it
// would be without a word, and what it does. Never a secret, nor where one is kept.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace jkp::config {

// Absent: not set and without a default. Curves and lists are text as it would stand in the file.
using ShownValue = std::variant<std::monostate, bool, double, std::string>;

struct ShownKey {
    std::string key;  // "control.preset", "pack[0].port"
    ShownValue value;
    ShownValue standard;
    std::string_view unit;
    std::string_view meaning;
    bool operator==(const ShownKey&) const = default;
};

// In the order of the reference. A key that speaks of a secret has "(set)" or nothing as its value; an
// address ends before its query.
std::vector<ShownKey> shown_keys(const Settings& settings);

// Whether the value of a key of this name is never shown.
bool is_secret_key(std::string_view name);

}  // namespace jkp::config
