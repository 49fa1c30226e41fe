// SPDX-License-Identifier: MIT
// Changes keys of one table in the text of a configuration and leaves every other line as it is. It knows
// lines only, not TOML: the caller loads the result and compares.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace jkp::config {

struct KeyText {
    std::string key;
    std::optional<std::string> value;  // as TOML; absent: the key is taken out
};

// Lines of `[table]` that set one of the keys go; those with a value are written right below the header, in
// their order. Without such a table it is added at the end. `note` becomes a comment line and replaces an
// older one that begins with the same word.
std::string with_keys(std::string_view text, std::string_view table, std::string_view note,
                      std::span<const KeyText> keys);

}  // namespace jkp::config
