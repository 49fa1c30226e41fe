// SPDX-License-Identifier: MIT
// Which known word was probably meant.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace jkp::config {

// Insertions, deletions and replacements that turn a into b.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The nearest candidate when it is near enough to be meant: at most a third of its letters differ.
std::optional<std::string_view> nearest(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace jkp::config
