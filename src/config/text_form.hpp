// SPDX-License-Identifier: MIT
// Which texts a key accepts.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/fields.hpp"

namespace jkp::config {

// What is allowed, when the text is not.
std::optional<std::string> text_fault(std::string_view text, TextForm form, std::size_t longest);

// For the reference: "an absolute path of at most 255 characters".
std::string text_words(TextForm form, std::size_t longest);

}  // namespace jkp::config
