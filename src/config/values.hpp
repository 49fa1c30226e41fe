// SPDX-License-Identifier: MIT
// Small helpers to look into a parsed document.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/document.hpp"

namespace jkp::config {

// Nothing when the table has no such key.
const Node* find(const Table& table, std::string_view key);
// "control.cells": through nested tables. Nothing when one is missing or is no table.
const Table* find_table(const Table& root, std::string_view path);

// A finite number, whole or not.
std::optional<double> as_number(const Node& node);

// "between 1 and 500 A"
std::string between(double minimum, double maximum, std::string_view unit);

}  // namespace jkp::config
