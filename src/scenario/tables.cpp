// SPDX-License-Identifier: MIT
#include "scenario/tables.hpp"

#include "config/spelling.hpp"

namespace jkp::scenario {

using namespace config;  // NOLINT(google-build-using-namespace): what a document is made of

void report_unknown(const Table& table, const std::string& path, const std::vector<std::string_view>& known,
                    Findings& findings) {
    for (const Member& member : table) {
        if (std::ranges::find(known, member.key) != known.end()) continue;
        const auto meant = nearest(member.key, known);
        findings.error(path + '.' + printable(member.key), member.at, written(member.node),
                       meant ? "is not a known key; did you mean \"" + std::string(*meant) + "\"?"
                             : "is not a known key");
    }
}

const Table* only_table(const Table& parent, const std::string& name, const std::string& path,
                        Findings& findings) {
    const Node* node = find(parent, name);
    if (node == nullptr) return nullptr;
    const auto* table = std::get_if<Table>(&node->value);
    if (table == nullptr) {
        findings.error(path, node->at, written(*node), "must be a table: write [" + path + "]");
    }
    return table;
}

std::vector<Listed> listed_tables(const Table& parent, const std::string& name, const std::string& path,
                                  Findings& findings) {
    const Node* node = find(parent, name);
    if (node == nullptr) return {};
    const std::string wanted = "is a list of tables: write [[" + path + "]] in double brackets";
    const auto* items = std::get_if<Array>(&node->value);
    if (items == nullptr) {
        findings.error(path, node->at, "", wanted);
        return {};
    }
    std::vector<Listed> result;
    for (std::size_t i = 0; i < items->size(); ++i) {
        const Node& item = (*items)[i];
        const std::string full = path + '[' + std::to_string(i) + ']';
        const auto* table = std::get_if<Table>(&item.value);
        if (table == nullptr) {
            findings.error(full, item.at, written(item), wanted);
        } else {
            result.push_back({table, full, item.at});
        }
    }
    return result;
}

}  // namespace jkp::scenario
