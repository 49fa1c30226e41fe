// SPDX-License-Identifier: MIT
#include "config/findings.hpp"

#include <algorithm>
#include <tuple>

namespace jkp::config {
namespace {

std::vector<ConfigError> in_file_order(std::vector<ConfigError> list) {
    std::ranges::sort(list, {},
                      [](const ConfigError& e) { return std::tie(e.line, e.column, e.key, e.message); });
    return list;
}

}  // namespace

void Findings::saw(const std::string& key, const Node& node) {
    seen_[key] = {node.at, written(node)};
}

void Findings::error(const std::string& key, Place at, std::string value, std::string message) {
    errors_.push_back({file_, at.line, at.column, key, std::move(value), std::move(message)});
}

void Findings::error(const std::string& key, std::string message) {
    errors_.push_back(at_key(key, std::move(message)));
}

void Findings::warning(const std::string& key, std::string message) {
    warnings_.push_back(at_key(key, std::move(message)));
}

void Findings::contradiction(std::initializer_list<std::string> keys, const std::string& message) {
    if (std::ranges::any_of(keys, [this](const std::string& key) { return is_wrong(key); })) return;
    error(last_of(keys), message);
}

void Findings::warning(std::initializer_list<std::string> keys, std::string message) {
    warning(last_of(keys), std::move(message));
}

const std::string& Findings::last_of(std::initializer_list<std::string> keys) const {
    const auto line_of = [this](const std::string& key) {
        const auto found = seen_.find(key);
        return found == seen_.end() ? 0 : found->second.at.line;
    };
    return *std::ranges::max_element(keys, {}, line_of);
}

std::vector<ConfigError> Findings::errors() const {
    return in_file_order(errors_);
}
std::vector<ConfigError> Findings::warnings() const {
    return in_file_order(warnings_);
}

ConfigError Findings::at_key(const std::string& key, std::string message) const {
    const auto found = seen_.find(key);
    if (found == seen_.end()) return {file_, 0, 0, key, "", std::move(message)};
    const auto& [at, value] = found->second;
    return {file_, at.line, at.column, key, value, std::move(message)};
}

bool Findings::is_wrong(const std::string& key) const {
    return std::ranges::any_of(errors_, [&](const ConfigError& e) { return e.key == key; });
}

}  // namespace jkp::config
