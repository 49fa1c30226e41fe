// SPDX-License-Identifier: MIT
#include "config/duration_text.hpp"

#include <array>
#include <charconv>

namespace jkp::config {
namespace {

struct Part {
    std::string_view word;
    std::chrono::seconds length;
};
constexpr std::array<Part, 4> parts{{{"d", std::chrono::hours(24)},
                                     {"h", std::chrono::hours(1)},
                                     {"min", std::chrono::minutes(1)},
                                     {"s", std::chrono::seconds(1)}}};
constexpr std::int64_t largest_number = 100'000;
constexpr std::chrono::hours longest{24 * 3653};

// Takes a whole number from the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || number < 0 || number > largest_number || text.front() == '-') return {};
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return number;
}

}  // namespace

std::optional<Duration> read_duration(std::string_view text) {
    if (text.empty()) return std::nullopt;
    std::chrono::seconds sum{};
    for (const Part& part : parts) {
        std::string_view rest = text;
        if (text.empty()) break;
        const auto number = take_number(rest);
        if (!number) return std::nullopt;
        const std::string_view word = rest.substr(0, rest.find_first_of("0123456789"));
        if (word != part.word) continue;
        sum += *number * part.length;
        text = rest.substr(word.size());
    }
    if (!text.empty() || sum > longest) return std::nullopt;
    return sum;
}

std::string duration_text(Duration value) {
    auto left = std::chrono::duration_cast<std::chrono::seconds>(value);
    std::string text;
    for (const Part& part : parts) {
        const auto number = left / part.length;
        left -= number * part.length;
        if (number != 0) text += std::to_string(number) + std::string(part.word);
    }
    return text.empty() ? "0s" : text;
}

}  // namespace jkp::config
