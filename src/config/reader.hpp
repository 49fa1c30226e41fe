// SPDX-License-Identifier: MIT
// Puts the value of one key where its field says, or reports what is allowed instead.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "config/curve_text.hpp"
#include "config/document.hpp"
#include "config/fields.hpp"
#include "config/findings.hpp"
#include "config/text_form.hpp"
#include "config/values.hpp"

namespace jkp::config {
namespace detail {

using Outcome = std::optional<std::string>;  // what is allowed, when the value is not

std::string not_a(const std::string& wanted, const Node& node);
// The place of the word in `names`, or what is allowed.
Result<std::size_t, std::string> read_choice(const Node& node, std::span<const std::string_view> names);
Result<ProbeList, std::string> read_probes(const Node& node);
Result<std::uint32_t, std::string> read_set(const Node& node, std::span<const std::string_view> names);

template <class Owner>
struct Assign {
    const Node& node;
    Owner& owner;

    Outcome operator()(const NumberField<Owner>& field) const {
        const std::string range = between(field.minimum, field.maximum, field.unit.word);
        const auto value = as_number(node);
        if (!value) return not_a("a number " + range, node);
        if (field.whole && *value != std::floor(*value)) return "must be a whole number " + range;
        if (!(*value >= field.minimum && *value <= field.maximum)) return "must be " + range;
        field.assign(owner, std::round(*value * field.unit.scale));
        return {};
    }

    Outcome operator()(const FlagField<Owner>& field) const {
        const auto* value = std::get_if<bool>(&node.value);
        if (value == nullptr) return not_a("true or false", node);
        field.assign(owner, *value);
        return {};
    }

    Outcome operator()(const TextField<Owner>& field) const {
        const auto* value = std::get_if<std::string>(&node.value);
        if (value == nullptr) return not_a("a text", node);
        if (auto fault = text_fault(*value, field.form, field.longest)) return fault;
        field.assign(owner, *value);
        return {};
    }

    Outcome operator()(const ChoiceField<Owner>& field) const {
        return assign(field, read_choice(node, field.names));
    }

    Outcome operator()(const CurveField<Owner>& field) const {
        return assign(field, read_curve(node, {field.x, field.minimum, field.maximum, field.steps_allowed}));
    }

    Outcome operator()(const ProbesField<Owner>& field) const { return assign(field, read_probes(node)); }

    Outcome operator()(const SetField<Owner>& field) const {
        return assign(field, read_set(node, field.names));
    }

  private:
    template <class Field, class Value>
    Outcome assign(const Field& field, const Result<Value, std::string>& value) const {
        if (!value) return value.error();
        field.assign(owner, *value);
        return {};
    }
};

}  // namespace detail

// `table` may be missing. `path` is the table's full name, for example "pack[0]"; `at` its place.
template <class Owner>
void read_key(const Key<Owner>& key, const Table* table, const std::string& path, Place at, Owner& owner,
              Findings& findings) {
    const std::string full = path + '.' + std::string(key.name);
    const Node* node = table == nullptr ? nullptr : find(*table, key.name);
    if (node == nullptr) {
        if (key.mandatory) findings.error(full, at, "", "is missing and has no default");
        return;
    }
    findings.saw(full, *node);
    if (const auto fault = std::visit(detail::Assign<Owner>{*node, owner}, key.field))
        findings.error(full, *fault);
}

}  // namespace jkp::config
