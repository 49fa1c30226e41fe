// SPDX-License-Identifier: MIT
#include "config/values.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::config {

const Node* find(const Table& table, std::string_view key) {
    const auto found = std::ranges::find(table, key, &Member::key);
    return found == table.end() ? nullptr : &found->node;
}

const Table* find_table(const Table& root, std::string_view path) {
    const Table* table = &root;
    while (!path.empty() && table != nullptr) {
        const std::string_view name = path.substr(0, path.find('.'));
        path.remove_prefix(std::min(path.size(), name.size() + 1));
        const Node* node = find(*table, name);
        table = node == nullptr ? nullptr : std::get_if<Table>(&node->value);
    }
    return table;
}

std::optional<double> as_number(const Node& node) {
    if (const auto* whole = std::get_if<std::int64_t>(&node.value)) return static_cast<double>(*whole);
    const auto* number = std::get_if<double>(&node.value);
    return number != nullptr && std::isfinite(*number) ? std::optional(*number) : std::nullopt;
}

std::string between(double minimum, double maximum, std::string_view unit) {
    const std::string text = "between " + decimal(minimum) + " and " + decimal(maximum);
    return unit.empty() ? text : text + ' ' + std::string(unit);
}

}  // namespace jkp::config
