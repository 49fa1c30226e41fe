// SPDX-License-Identifier: MIT
#include "config/reference.hpp"

#include "config/curve_text.hpp"
#include "config/keys.hpp"
#include "config/text_form.hpp"
#include "config/values.hpp"

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

std::string code(const std::string& text) {
    return text.empty() ? "" : '`' + text + '`';
}

template <class Owner>
struct Allowed {
    std::string operator()(const NumberField<Owner>& field) const {
        const std::string whole = field.whole ? "whole number " : "";
        const std::string_view unit = field.unit.word;
        return whole + decimal(field.minimum) + " to " + decimal(field.maximum) + (unit.empty() ? "" : " ") +
               std::string(unit);
    }
    std::string operator()(const FlagField<Owner>&) const { return "true, false"; }
    std::string operator()(const TextField<Owner>& field) const {
        return text_words(field.form, field.longest);
    }
    std::string operator()(const ChoiceField<Owner>& field) const {
        std::string text;
        for (const auto name : field.names)
            text += (text.empty() ? "" : ", ") + code('"' + std::string(name) + '"');
        return text;
    }
    std::string operator()(const CurveField<Owner>& field) const {
        return std::string(field.steps_allowed ? "curve or steps" : "curve") + ", " + decimal(field.minimum) +
               " to " + decimal(field.maximum) + ' ' + std::string(field.x.word);
    }
    std::string operator()(const ProbesField<Owner>&) const { return "some of t1 to t5"; }
};

template <class Owner>
struct Default {
    const Owner& owner;
    std::string operator()(const NumberField<Owner>& field) const {
        const auto count = field.count(owner);
        return count ? decimal(*count / field.unit.scale) : "";
    }
    std::string operator()(const FlagField<Owner>& field) const {
        return field.value(owner) ? "true" : "false";
    }
    std::string operator()(const TextField<Owner>& field) const {
        const std::string text = field.value(owner);
        return text.empty() ? "" : '"' + text + '"';
    }
    std::string operator()(const ChoiceField<Owner>& field) const {
        return '"' + std::string(field.names[field.value(owner)]) + '"';
    }
    std::string operator()(const CurveField<Owner>& field) const {
        return curve_text(field.value(owner), field.x);
    }
    std::string operator()(const ProbesField<Owner>& field) const {
        std::string text;
        for (const Probe probe : field.value(owner))
            text += (text.empty() ? "[\"" : ", \"") + std::string(name(probe)) + '"';
        return text + ']';
    }
};

template <class Owner>
std::string row(const Key<Owner>& key, const Owner& defaults) {
    const std::string standard =
        key.mandatory ? "mandatory" : code(std::visit(Default<Owner>{defaults}, key.field));
    return "| `" + std::string(key.name) + "` | " + standard + " | " +
           std::visit(Allowed<Owner>{}, key.field) + " | " + std::string(key.meaning) + " |\n";
}

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
