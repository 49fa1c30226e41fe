// SPDX-License-Identifier: MIT
#include "config/unknown.hpp"

#include <algorithm>
#include <string>

#include "config/keys.hpp"
#include "config/spelling.hpp"

namespace jkp::config {
namespace {

struct Known {
    std::string_view table;
    std::string_view name;
};

// Keys, and the last part of each table's name as a key of the table above it.
std::vector<Known> known_names() {
    std::vector<Known> known;
    for (const auto& key : pack_keys()) known.push_back({key.table, key.name});
    for (const auto* key : settings_keys()) known.push_back({key->table, key->name});
    for (const TableText& table : tables()) {
        const std::size_t dot = table.name.rfind('.');
        const bool top = dot == std::string_view::npos;
        known.push_back(
            {top ? "" : table.name.substr(0, dot), top ? table.name : table.name.substr(dot + 1)});
    }
    return known;
}

bool is_table(std::string_view name) {
    return std::ranges::find(tables(), name, &TableText::name) != tables().end();
}

class Search {
  public:
    explicit Search(Findings& findings) : findings_(findings) {}

    // `kind` is the table's name in the rows ("pack"), `path` its name in this file ("pack[0]").
    void table(const Table& members, const std::string& kind, const std::string& path) {
        for (const Member& member : members) {
            const std::string prefix = path.empty() ? "" : path + '.';
            const std::string name = printable(member.key);
            if (!is_known(kind, member.key)) {
                findings_.error(prefix + name, member.at, written(member.node), advice(kind, member.key));
                continue;
            }
            const std::string inner = kind.empty() ? member.key : kind + '.' + member.key;
            if (is_table(inner)) descend(member, inner);
        }
    }

  private:
    void descend(const Member& member, const std::string& name) {
        if (name == "pack") return packs(member);
        if (const auto* inner = std::get_if<Table>(&member.node.value)) return table(*inner, name, name);
        findings_.error(name, member.at, written(member.node), "must be a table: write [" + name + "]");
    }

    void packs(const Member& member) {
        const auto* items = std::get_if<Array>(&member.node.value);
        if (items == nullptr) return;  // reported by the reader of packs
        for (std::size_t i = 0; i < items->size(); ++i) {
            const auto* inner = std::get_if<Table>(&(*items)[i].value);
            if (inner != nullptr) table(*inner, "pack", "pack[" + std::to_string(i) + "]");
        }
    }

    [[nodiscard]] bool is_known(std::string_view table, std::string_view name) const {
        return std::ranges::any_of(known_,
                                   [&](const Known& k) { return k.table == table && k.name == name; });
    }

    [[nodiscard]] std::string advice(std::string_view table, std::string_view name) const {
        std::vector<std::string_view> here;
        for (const Known& k : known_) {
            if (k.table == table) here.push_back(k.name);
        }
        if (const auto meant = nearest(name, here)) {
            return "is not a known key; did you mean \"" + std::string(*meant) + "\"?";
        }
        const auto elsewhere = std::ranges::find(known_, name, &Known::name);
        if (elsewhere != known_.end() && !elsewhere->table.empty()) {
            return "is not a key of this table; it belongs to [" + std::string(elsewhere->table) + "]";
        }
        return "is not a known key";
    }

    Findings& findings_;
    std::vector<Known> known_ = known_names();
};

}  // namespace

void report_unknown(const Table& root, Findings& findings) {
    Search(findings).table(root, "", "");
}

}  // namespace jkp::config
