// SPDX-License-Identifier: MIT
#include "config/document.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace jkp::config {
namespace {

// The library recurses once per dotted key and frees recursively: the bounds keep that within a few
// hundred levels. The longest sensible line is a curve of 12 points: 24 dots.
constexpr std::ptrdiff_t max_dots_per_line = 32;
constexpr std::ptrdiff_t max_inline_tables = 16;

bool is_comment(std::string_view line) {
    const std::size_t first = line.find_first_not_of(" \t");
    return first != std::string_view::npos && line[first] == '#';
}

// The line (1-based) at which the text gets too deep, or 0.
int too_deep_at(std::string_view text) {
    std::ptrdiff_t inline_tables = 0;
    for (int number = 1; !text.empty(); ++number) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (is_comment(line)) continue;
        inline_tables += std::ranges::count(line, '{');
        if (inline_tables > max_inline_tables || std::ranges::count(line, '.') > max_dots_per_line)
            return number;
    }
    return 0;
}

Place place(const toml::source_position& position) {
    return {static_cast<int>(position.line), static_cast<int>(position.column)};
}

Node converted(const toml::node& node);

Table converted_table(const toml::table& table) {
    Table result;
    for (const auto& [key, value] : table) {
        result.push_back({std::string(key.str()), place(key.source().begin), converted(value)});
    }
    return result;
}

Node converted(const toml::node& node) {
    const Place at = place(node.source().begin);
    if (const auto* value = node.as_boolean()) return {value->get(), at};
    if (const auto* value = node.as_integer()) return {value->get(), at};
    if (const auto* value = node.as_floating_point()) return {value->get(), at};
    if (const auto* value = node.as_string()) return {value->get(), at};
    if (const auto* table = node.as_table()) return {converted_table(*table), at};
    if (const auto* array = node.as_array()) {
        Array items;
        for (const toml::node& item : *array) items.push_back(converted(item));
        return {std::move(items), at};
    }
    return {Moment{}, at};
}

struct Words {
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return decimal(value); }
    std::string operator()(const std::string& value) const { return '"' + printable(value) + '"'; }
    std::string operator()(const Array& value) const { return value.empty() ? "[]" : "[...]"; }
    std::string operator()(const Table& value) const { return value.empty() ? "{}" : "{...}"; }
    std::string operator()(Moment) const { return "a date or time"; }
};

}  // namespace

Result<Table, ConfigError> parse(std::string_view text, std::string_view file_name) {
    const std::string file(file_name);
    if (text.size() > max_text_bytes) {
        return failure(
            ConfigError{file, 0, 0, "", "", "is larger than 64 KiB and cannot be a configuration"});
    }
    if (const int line = too_deep_at(text); line != 0) {
        return failure(ConfigError{file, line, 1, "", "", "is nested too deeply to be a configuration"});
    }
    try {
        return converted_table(toml::parse(text, file_name));
    } catch (const toml::parse_error& fault) {
        const Place at = place(fault.source().begin);
        const std::string message = "syntax error: " + printable(fault.description());
        return failure(ConfigError{file, at.line, at.column, "", "", message});
    }
}

std::string written(const Node& node) {
    return std::visit(Words{}, node.value);
}

std::string printable(std::string_view text) {
    constexpr std::size_t longest = 200;
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7F) {
            result += c;
        } else {
            result += {'\\', 'x', digits[byte >> 4U], digits[byte & 15U]};
        }
    }
    return text.size() > longest ? result + "..." : result;
}

std::string_view kind(const Node& node) {
    constexpr std::array<std::string_view, 7> kinds{
        "true or false", "a whole number", "a number", "a text", "a list", "a table", "a date or time"};
    return kinds[node.value.index()];
}

std::string decimal(double number) {
    std::array<char, 32> buffer{};
    const bool ordinary = std::abs(number) >= 1e-4 && std::abs(number) < 1e10;
    const auto format = ordinary ? std::chars_format::fixed : std::chars_format::general;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number, format);
    return error == std::errc{} ? std::string(buffer.data(), end) : "a number";
}

}  // namespace jkp::config
