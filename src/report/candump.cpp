// SPDX-License-Identifier: MIT
#include "report/candump.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "core/bytes.hpp"

namespace jkp::report {
namespace {

using Words = std::vector<std::string_view>;

constexpr std::uint32_t error_bit = 0x20000000;  // candump shows error frames with this bit set
constexpr std::uint32_t id_11_bit_maximum = 0x7FF;
constexpr std::uint32_t id_29_bit_maximum = 0x1FFFFFFF;

Words split(std::string_view line) {
    constexpr std::string_view blanks = " \t\r\n";
    Words words;
    for (std::size_t at = line.find_first_not_of(blanks); at != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(blanks, at), line.size());
        words.push_back(line.substr(at, end - at));
        at = line.find_first_not_of(blanks, end);
    }
    return words;
}

template <class Number>
std::optional<Number> number(std::string_view text, int base) {
    Number value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// The text comes from outside: cut to a readable length, and printable.
std::string quoted(std::string_view text) {
    constexpr std::size_t longest = 40;
    std::string shown(text.substr(0, longest));
    std::ranges::replace_if(shown, [](char c) { return c < 0x20 || c > 0x7E; }, '?');
    return '"' + shown + (text.size() > longest ? "...\"" : "\"");
}

auto fault(std::string_view what, std::string_view where) {
    return failure(std::string(what) + ' ' + quoted(where));
}

// Identifier only, without data.
Result<CanFrame, std::string> identified(std::string_view text) {
    const auto id = number<std::uint32_t>(text, 16);
    const bool extended = text.size() == 8;
    if (!id || (!extended && text.size() != 3))
        return fault("no identifier of 3 or 8 hexadecimal digits:", text);
    if (extended && (*id & error_bit) != 0)
        return fault("an error frame of the controller, not a data frame:", text);
    if (*id > (extended ? id_29_bit_maximum : id_11_bit_maximum)) return fault("identifier too large:", text);
    return CanFrame{.id = *id, .extended = extended};
}

Result<CanFrame, std::string> filled(CanFrame frame, std::string_view hex) {
    const bool digits_only = std::ranges::all_of(
        hex, [](char c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); });
    const auto bytes = digits_only ? bytes_from_hex(hex) : std::nullopt;
    if (!bytes) return fault("data is not pairs of hexadecimal digits:", hex);
    if (bytes->size() > frame.data.size()) return fault("more than 8 data bytes:", hex);
    frame.size = static_cast<std::uint8_t>(bytes->size());
    std::ranges::copy(*bytes, frame.data.begin());
    return frame;
}

bool direction(std::string_view word) {
    return word == "R" || word == "T";
}

// "351#1402C012", and what may stand behind it.
Result<CanFrame, std::string> short_form(const Words& words, std::size_t at) {
    const std::string_view word = words[at];
    const std::size_t mark = word.find('#');
    const std::string_view data = word.substr(mark + 1);
    if (at > 2) return fault("unexpected text before the frame:", words[0]);
    if (words.size() > at + 2 || (words.size() == at + 2 && !direction(words[at + 1]))) {
        return fault("unexpected text behind the frame:", words[at + 1]);
    }
    if (data.starts_with('#')) return fault("a CAN FD frame, not classic CAN:", word);
    if (data.starts_with('R') || data.starts_with('r')) return fault("a remote frame without data:", word);
    const auto frame = identified(word.substr(0, mark));
    if (!frame) return frame;
    std::string digits(data);
    std::erase(digits, '.');
    return filled(*frame, digits);
}

bool is_length(std::string_view word) {
    return word.size() >= 3 && word.front() == '[' && word.back() == ']';
}

// "can0  351   [8]  14 02 ..."; candump -a adds the text of the bytes in quotes.
Result<CanFrame, std::string> long_form(const Words& words, std::size_t at) {
    const std::string_view bracket = words[at].substr(1, words[at].size() - 2);
    if (at == 0) return fault("no identifier before", words[at]);
    const auto frame = identified(words[at - 1]);
    if (!frame) return frame;
    if (bracket.size() == 2) return fault("a CAN FD frame, not classic CAN:", words[at]);
    const auto length = number<unsigned>(bracket, 10);
    if (!length || *length > 8) return fault("no length from 0 to 8:", words[at]);
    if (at + 1 < words.size() && words[at + 1] == "remote")
        return fault("a remote frame without data:", words[at - 1]);
    if (words.size() - at - 1 < *length) {
        return failure("truncated: " + std::to_string(words.size() - at - 1) + " of " +
                       std::to_string(*length) + " data bytes");
    }
    std::string digits;
    for (std::size_t i = 0; i < *length; ++i) {
        if (words[at + 1 + i].size() != 2) return fault("no data byte:", words[at + 1 + i]);
        digits += words[at + 1 + i];
    }
    const std::size_t behind = at + 1 + *length;
    if (behind < words.size() && !words[behind].starts_with('\'')) {
        return fault("unexpected text behind the frame:", words[behind]);
    }
    return filled(*frame, digits);
}

}  // namespace

Result<CanFrame, std::string> parse_candump_line(std::string_view line) {
    const Words words = split(line);
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (is_length(words[i])) return long_form(words, i);
        if (words[i].find('#') != std::string_view::npos) return short_form(words, i);
    }
    return failure(std::string("not a line of candump"));
}

}  // namespace jkp::report
