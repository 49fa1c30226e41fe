// SPDX-License-Identifier: MIT
// One key as a line of a reference, in Markdown.
#pragma once

#include <string>

#include "config/curve_text.hpp"
#include "config/fields.hpp"
#include "config/text_form.hpp"
#include "config/values.hpp"

namespace jkp::config {
namespace detail {

inline std::string code(const std::string& text) {
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
    std::string operator()(const SetField<Owner>& field) const {
        return "list of some of " + operator()(ChoiceField<Owner>{field.names, nullptr, nullptr});
    }
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
    std::string operator()(const SetField<Owner>& field) const {
        std::string text;
        for (std::size_t i = 0; i < field.names.size(); ++i) {
            if ((field.value(owner) >> i & 1U) == 0) continue;
            text += (text.empty() ? "\"" : ", \"") + std::string(field.names[i]) + '"';
        }
        return '[' + text + ']';
    }
};

}  // namespace detail

// One line of a table with the columns key, default, allowed, meaning.
template <class Owner>
std::string row(const Key<Owner>& key, const Owner& defaults) {
    const std::string standard =
        key.mandatory ? "mandatory" : detail::code(std::visit(detail::Default<Owner>{defaults}, key.field));
    return "| `" + std::string(key.name) + "` | " + standard + " | " +
           std::visit(detail::Allowed<Owner>{}, key.field) + " | " + std::string(key.meaning) + " |\n";
}

}  // namespace jkp::config
