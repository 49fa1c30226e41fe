// SPDX-License-Identifier: MIT
#include "config/reader.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "config/curve_text.hpp"
#include "config/spelling.hpp"
#include "config/text_form.hpp"
#include "config/values.hpp"

namespace jkp::config {
namespace {

using Outcome = std::optional<std::string>;  // what is allowed, when the value is not

std::string not_a(const std::string& wanted, const Node& node) {
    return "must be " + wanted + ", not " + std::string(kind(node));
}

std::string quoted_list(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "\"" : ", \"") + std::string(word) + '"';
    return text;
}

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
        const auto* value = std::get_if<std::string>(&node.value);
        const std::string allowed = "one of " + quoted_list(field.names);
        if (value == nullptr) return not_a(allowed, node);
        const auto found = std::ranges::find(field.names, *value);
        if (found != field.names.end()) {
            field.assign(owner, static_cast<std::size_t>(found - field.names.begin()));
            return {};
        }
        const auto meant = nearest(*value, field.names);
        return "must be " + allowed + (meant ? "; did you mean \"" + std::string(*meant) + "\"?" : "");
    }

    Outcome operator()(const CurveField<Owner>& field) const {
        const auto curve = read_curve(node, {field.x, field.minimum, field.maximum, field.steps_allowed});
        if (!curve) return curve.error();
        field.assign(owner, *curve);
        return {};
    }

    Outcome operator()(const ProbesField<Owner>& field) const {
        constexpr std::array<std::string_view, 5> names{"t1", "t2", "t3", "t4", "t5"};
        std::string allowed = "must be a list of one or more different names of " + quoted_list(names);
        const auto* items = std::get_if<Array>(&node.value);
        if (items == nullptr || items->empty()) return allowed;
        ProbeList probes;
        for (const Node& item : *items) {
            const auto* word = std::get_if<std::string>(&item.value);
            const auto found = word == nullptr ? names.end() : std::ranges::find(names, *word);
            if (found == names.end()) return allowed;
            const auto probe = static_cast<Probe>(1 + (found - names.begin()));
            if (std::ranges::find(probes, probe) != probes.end()) return allowed;
            probes.push_back(probe);
        }
        field.assign(owner, probes);
        return {};
    }
};

template <class Owner>
void read(const Key<Owner>& key, const Table* table, const std::string& path, Place at, Owner& owner,
          Findings& findings) {
    const std::string full = path + '.' + std::string(key.name);
    const Node* node = table == nullptr ? nullptr : find(*table, key.name);
    if (node == nullptr) {
        if (key.mandatory) findings.error(full, at, "", "is missing and has no default");
        return;
    }
    findings.saw(full, *node);
    if (const Outcome fault = std::visit(Assign<Owner>{*node, owner}, key.field))
        findings.error(full, *fault);
}

}  // namespace

void read_key(const Key<Settings>& key, const Table* table, const std::string& path, Place at,
              Settings& owner, Findings& findings) {
    read(key, table, path, at, owner, findings);
}

void read_key(const Key<PackEntry>& key, const Table* table, const std::string& path, Place at,
              PackEntry& owner, Findings& findings) {
    read(key, table, path, at, owner, findings);
}

}  // namespace jkp::config
