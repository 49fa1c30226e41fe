// SPDX-License-Identifier: MIT
#include "core/json_path.hpp"

#include <algorithm>

namespace jkp {
namespace {

constexpr std::string_view whole_text = "plain";
constexpr std::size_t most_steps = 16;
constexpr std::size_t most_paths = 16;

// nullopt: a ~ that stands for nothing.
std::optional<std::string> unescaped(std::string_view step) {
    std::string plain;
    for (std::size_t i = 0; i < step.size(); ++i) {
        if (step[i] != '~') {
            plain.push_back(step[i]);
            continue;
        }
        const char next = ++i < step.size() ? step[i] : ' ';
        if (next != '0' && next != '1') return std::nullopt;
        plain.push_back(next == '0' ? '~' : '/');
    }
    return plain;
}

}  // namespace

std::optional<JsonPath> read_json_path(std::string_view text) {
    if (text == whole_text) return JsonPath{};
    if (!text.starts_with('/') || text.ends_with('/')) return std::nullopt;
    JsonPath path;
    while (!text.empty()) {
        text.remove_prefix(1);
        const std::size_t end = std::min(text.find('/'), text.size());
        auto step = unescaped(text.substr(0, end));
        if (!step || step->empty() || path.steps.size() == most_steps) return std::nullopt;
        path.steps.push_back(std::move(*step));
        text.remove_prefix(end);
    }
    return path;
}

std::optional<JsonSum> read_json_sum(std::string_view text) {
    constexpr std::string_view plus = " + ";
    JsonSum sum;
    while (true) {
        // A plus in a name is part of it, unless another path follows.
        std::size_t end = text.find(" + /");
        if (end == std::string_view::npos) end = text.size();
        auto path = read_json_path(text.substr(0, end));
        if (!path || sum.size() == most_paths) return std::nullopt;
        sum.push_back(std::move(*path));
        if (end == text.size()) return sum;
        text.remove_prefix(end + plus.size());
    }
}

std::string text(const JsonPath& path) {
    if (path.steps.empty()) return std::string(whole_text);
    std::string written;
    for (const std::string& step : path.steps) {
        written.push_back('/');
        for (const char c : step) {
            if (c == '~') {
                written += "~0";
            } else if (c == '/') {
                written += "~1";
            } else {
                written.push_back(c);
            }
        }
    }
    return written;
}

}  // namespace jkp
