// SPDX-License-Identifier: MIT
#include "config/reader.hpp"

#include <array>

#include "config/spelling.hpp"

namespace jkp::config::detail {
namespace {

std::string quoted_list(std::span<const std::string_view> words) {
    std::string text;
    for (const std::string_view word : words)
        text += (text.empty() ? "\"" : ", \"") + std::string(word) + '"';
    return text;
}

}  // namespace

std::string not_a(const std::string& wanted, const Node& node) {
    return "must be " + wanted + ", not " + std::string(kind(node));
}

Result<std::size_t, std::string> read_choice(const Node& node, std::span<const std::string_view> names) {
    const auto* value = std::get_if<std::string>(&node.value);
    const std::string allowed = "one of " + quoted_list(names);
    if (value == nullptr) return failure(not_a(allowed, node));
    const auto found = std::ranges::find(names, *value);
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    const auto meant = nearest(*value, names);
    return failure("must be " + allowed + (meant ? "; did you mean \"" + std::string(*meant) + "\"?" : ""));
}

Result<ProbeList, std::string> read_probes(const Node& node) {
    constexpr std::array<std::string_view, 5> names{"t1", "t2", "t3", "t4", "t5"};
    const std::string allowed = "must be a list of one or more different names of " + quoted_list(names);
    const auto* items = std::get_if<Array>(&node.value);
    if (items == nullptr || items->empty()) return failure(allowed);
    ProbeList probes;
    for (const Node& item : *items) {
        const auto* word = std::get_if<std::string>(&item.value);
        const auto found = word == nullptr ? names.end() : std::ranges::find(names, *word);
        if (found == names.end()) return failure(allowed);
        const auto probe = static_cast<Probe>(1 + (found - names.begin()));
        if (std::ranges::find(probes, probe) != probes.end()) return failure(allowed);
        probes.push_back(probe);
    }
    return probes;
}

Result<std::uint32_t, std::string> read_set(const Node& node, std::span<const std::string_view> names) {
    const std::string allowed = "must be a list of some of " + quoted_list(names) + ", each once";
    const auto* items = std::get_if<Array>(&node.value);
    if (items == nullptr) return failure(allowed);
    std::uint32_t bits = 0;
    for (const Node& item : *items) {
        const auto* word = std::get_if<std::string>(&item.value);
        const auto found = word == nullptr ? names.end() : std::ranges::find(names, *word);
        if (found == names.end()) {
            const auto meant = word == nullptr ? std::nullopt : nearest(*word, names);
            return failure(allowed + (meant ? "; did you mean \"" + std::string(*meant) + "\"?" : ""));
        }
        const std::uint32_t bit = std::uint32_t{1} << (found - names.begin());
        if ((bits & bit) != 0) return failure(allowed);
        bits |= bit;
    }
    return bits;
}

}  // namespace jkp::config::detail
