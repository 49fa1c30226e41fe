// SPDX-License-Identifier: MIT
// Keys that hold several words separated by commas.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace jkp::config {

// "in, 1" -> {"in", "1"}. Blanks around a word and empty words are left out.
std::vector<std::string> words_in(std::string_view list);

// The first word that stands in both lists, in any case of letters; empty = none.
std::string common_word(std::string_view one, std::string_view other);

}  // namespace jkp::config
