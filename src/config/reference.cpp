// SPDX-License-Identifier: MIT
#include "config/reference.hpp"

#include "config/keys.hpp"
#include "config/reference_row.hpp"

namespace jkp::config {
namespace {

constexpr std::string_view introduction = R"(# Configuration reference

One TOML file, usually `/etc/jk-pylon/jk-pylon.toml`. Every key has the default shown here except the three marked
mandatory, so a working file is short; `packaging/jk-pylon.example.toml` is one. The unit is part of each key's name.
`jk-pylon check-config FILE` reports everything that is wrong at once: line, key, value and what is allowed. Unknown
keys are errors, and so are values that contradict one another: both keys are named. A value that is allowed but unwise
or without an effect gives a warning.

This file is generated from the program's own tables; a test fails when it is out of date.
)";

std::string heading(const TableText& table) {
    const std::string name(table.name);
    const std::string bracketed = name == "pack" ? "[[pack]]" : '[' + name + ']';
    return "\n## `" + bracketed + "`\n\n" + std::string(table.meaning) +
           "\n\n| key | default | allowed | meaning |\n|---|---|---|---|\n";
}

}  // namespace

std::string reference_markdown() {
    const Settings settings;
    const PackEntry pack;
    std::string text(introduction);
    for (const TableText& table : tables()) {
        text += heading(table);
        for (const auto& key : pack_keys()) {
            if (key.table == table.name) text += row(key, pack);
        }
        for (const auto* key : settings_keys()) {
            if (key->table == table.name) text += row(*key, settings);
        }
    }
    return text;
}

}  // namespace jkp::config
