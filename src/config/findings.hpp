// SPDX-License-Identifier: MIT
// Collects everything wrong with one file, and remembers where each key stands so that contradictions
// found later still name a line.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/document.hpp"
#include "config/error.hpp"

namespace jkp::config {

class Findings {
  public:
    explicit Findings(std::string_view file) : file_(file) {}

    // The key stands in the file, with this value.
    void saw(const std::string& key, const Node& node);
    [[nodiscard]] bool has_seen(const std::string& key) const { return seen_.contains(key); }
    // It stands in the file, and no error was found at it.
    [[nodiscard]] bool is_good(const std::string& key) const { return has_seen(key) && !is_wrong(key); }

    void error(const std::string& key, Place at, std::string value, std::string message);
    // The place and value are those of saw(key).
    void error(const std::string& key, std::string message);
    void warning(const std::string& key, std::string message);
    // At the key that stands last in the file.
    void warning(std::initializer_list<std::string> keys, std::string message);

    // Reports at the key that stands last in the file, unless one of the keys is wrong by itself.
    void contradiction(std::initializer_list<std::string> keys, const std::string& message);

    // Both in the order of the file.
    [[nodiscard]] std::vector<ConfigError> errors() const;
    [[nodiscard]] std::vector<ConfigError> warnings() const;

  private:
    struct Seen {
        Place at;
        std::string value;
    };
    [[nodiscard]] ConfigError at_key(const std::string& key, std::string message) const;
    [[nodiscard]] bool is_wrong(const std::string& key) const;
    [[nodiscard]] const std::string& last_of(std::initializer_list<std::string> keys) const;

    std::string file_;
    std::map<std::string, Seen, std::less<>> seen_;
    std::vector<ConfigError> errors_;
    std::vector<ConfigError> warnings_;
};

}  // namespace jkp::config
