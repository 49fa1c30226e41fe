// SPDX-License-Identifier: MIT
#include "config/word_list.hpp"

#include <algorithm>

namespace jkp::config {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_word(std::string_view one, std::string_view other) {
    return std::ranges::equal(one, other, {}, &lower, &lower);
}

}  // namespace

std::vector<std::string> words_in(std::string_view list) {
    std::vector<std::string> words;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(','), list.size());
        std::string_view word = list.substr(0, end);
        list.remove_prefix(std::min(end + 1, list.size()));
        while (word.starts_with(' ')) word.remove_prefix(1);
        while (word.ends_with(' ')) word.remove_suffix(1);
        if (!word.empty()) words.emplace_back(word);
    }
    return words;
}

std::string common_word(std::string_view one, std::string_view other) {
    const auto others = words_in(other);
    for (const std::string& word : words_in(one)) {
        const auto same = [&](const std::string& candidate) { return same_word(word, candidate); };
        if (std::ranges::any_of(others, same)) return word;
    }
    return {};
}

}  // namespace jkp::config
