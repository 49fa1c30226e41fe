// SPDX-License-Identifier: MIT
#include "config/shown.hpp"

#include <algorithm>
#include <array>

#include "config/keys.hpp"
#include "config/reference_row.hpp"

namespace jkp::config {
namespace {

template <class Owner>
struct Shown {
    const Owner& owner;

    ShownValue operator()(const NumberField<Owner>& field) const {
        const auto count = field.count(owner);
        if (!count) return {};
        return *count / field.unit.scale;
    }
    ShownValue operator()(const FlagField<Owner>& field) const { return field.value(owner); }
    ShownValue operator()(const TextField<Owner>& field) const {
        std::string text = field.value(owner);
        if (text.empty()) return {};
        // What stands behind the ? of an address may be a key to somebody's meter.
        if (field.form == TextForm::url) text = text.substr(0, text.find('?'));
        return text;
    }
    ShownValue operator()(const ChoiceField<Owner>& field) const {
        return std::string(field.names[field.value(owner)]);
    }
    ShownValue operator()(const auto& field) const { return detail::Default<Owner>{owner}(field); }
};

template <class Owner>
std::string_view unit_of(const Key<Owner>& key) {
    if (const auto* number = std::get_if<NumberField<Owner>>(&key.field)) return number->unit.word;
    if (const auto* curve = std::get_if<CurveField<Owner>>(&key.field)) return curve->x.word;
    return {};
}

ShownValue hidden(const ShownValue& value, const ShownValue& standard) {
    return value == standard ? ShownValue{} : ShownValue{std::string("(set)")};
}

template <class Owner>
ShownKey shown(const Key<Owner>& key, const std::string& table, const Owner& owner, const Owner& defaults) {
    ShownValue value = std::visit(Shown<Owner>{owner}, key.field);
    ShownValue standard = std::visit(Shown<Owner>{defaults}, key.field);
    if (is_secret_key(key.name)) {
        value = hidden(value, standard);
        standard = {};
    }
    if (key.mandatory) standard = {};
    return {table + '.' + std::string(key.name), std::move(value), std::move(standard), unit_of(key),
            key.meaning};
}

}  // namespace

bool is_secret_key(std::string_view name) {
    constexpr std::array<std::string_view, 8> words{"token",    "credential", "password", "secret",
                                                    "key_file", "url_file",   "user",     "station"};
    return std::ranges::any_of(
        words, [&](std::string_view word) { return name.find(word) != std::string_view::npos; });
}

std::vector<ShownKey> shown_keys(const Settings& settings) {
    const Settings defaults;
    const PackEntry pack_defaults;
    std::vector<ShownKey> list;
    for (std::size_t i = 0; i < settings.control.packs.size() && i < settings.links.size(); ++i) {
        const PackEntry pack{settings.control.packs[i], settings.links[i]};
        const std::string table = "pack[" + std::to_string(i) + "]";
        for (const auto& key : pack_keys()) list.push_back(shown(key, table, pack, pack_defaults));
    }
    for (const TableText& table : tables()) {
        for (const auto* key : settings_keys()) {
            if (key->table == table.name)
                list.push_back(shown(*key, std::string(key->table), settings, defaults));
        }
    }
    return list;
}

}  // namespace jkp::config
