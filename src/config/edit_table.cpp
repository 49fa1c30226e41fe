// SPDX-License-Identifier: MIT
#include "config/edit_table.hpp"

#include <algorithm>
#include <vector>

namespace jkp::config {
namespace {

constexpr std::string_view blanks = " \t\r";

std::string_view trimmed(std::string_view text) {
    const std::size_t from = text.find_first_not_of(blanks);
    if (from == std::string_view::npos) return {};
    return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        text.remove_prefix(std::min(text.size(), end + 1));
    }
    return lines;
}

bool is_header(std::string_view line) {
    return trimmed(line).starts_with('[');
}

bool is_header_of(std::string_view line, std::string_view table) {
    std::string_view rest = trimmed(line);
    if (!rest.starts_with('[')) return false;
    rest = trimmed(rest.substr(1));
    if (!rest.starts_with(table)) return false;
    return trimmed(rest.substr(table.size())).starts_with(']');
}

std::string_view key_of(std::string_view line) {
    return trimmed(line.substr(0, line.find('=')));
}

bool is_replaced(std::string_view line, std::string_view note, std::span<const KeyText> keys) {
    const std::string_view word = note.substr(0, note.find(' '));
    if (!note.empty() && trimmed(line).starts_with("# " + std::string(word))) return true;
    if (line.find('=') == std::string_view::npos) return false;
    return std::ranges::find(keys, key_of(line), &KeyText::key) != keys.end();
}

std::string fresh_lines(std::string_view note, std::span<const KeyText> keys) {
    std::string text;
    if (!note.empty()) text += "# " + std::string(note) + '\n';
    for (const KeyText& key : keys) {
        if (key.value) text += key.key + " = " + *key.value + '\n';
    }
    return text;
}

}  // namespace

std::string with_keys(std::string_view text, std::string_view table, std::string_view note,
                      std::span<const KeyText> keys) {
    std::string result;
    bool inside = false;
    bool found = false;
    for (const std::string_view line : lines_of(text)) {
        if (is_header(line)) inside = is_header_of(line, table);
        if (inside && is_replaced(line, note, keys)) continue;
        result += std::string(line) + '\n';
        if (!inside || !is_header(line)) continue;
        result += fresh_lines(note, keys);
        found = true;
    }
    if (found) return result;
    return result + (result.empty() ? "" : "\n") + '[' + std::string(table) + "]\n" + fresh_lines(note, keys);
}

}  // namespace jkp::config
