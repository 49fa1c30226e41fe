// SPDX-License-Identifier: MIT
#include "core/candump_text.hpp"

#include <array>
#include <charconv>
#include <cstdio>

#include "core/bytes.hpp"
#include "core/ensure.hpp"

namespace jkp {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::uint32_t error_flag = 0x20000000;
constexpr std::uint32_t highest_id = 0x1FFFFFFF;

// Takes the text apart at blanks, one word after the other.
class Words {
  public:
    explicit Words(std::string_view text) : rest_(text) {}

    std::string_view peek() const {
        const auto start = std::min(rest_.find_first_not_of(blanks), rest_.size());
        const auto text = rest_.substr(start);
        return text.substr(0, text.find_first_of(blanks));
    }
    std::string_view next() {
        const auto word = peek();
        const auto start = std::min(rest_.find_first_not_of(blanks), rest_.size());
        rest_.remove_prefix(start + word.size());
        return word;
    }
    // The text up to and with `end`, which may contain blanks; empty when `end` does not follow.
    std::string_view through(char end) {
        const auto start = std::min(rest_.find_first_not_of(blanks), rest_.size());
        const auto at = rest_.find(end, start);
        if (at == std::string_view::npos) return {};
        const auto text = rest_.substr(start, at + 1 - start);
        rest_.remove_prefix(at + 1);
        return text;
    }
    bool empty() const { return peek().empty(); }

  private:
    std::string_view rest_;
};

template <class Number>
std::optional<Number> number(std::string_view digits, int base) {
    Number value{};
    const auto* end = digits.data() + digits.size();
    const auto [stop, error] = std::from_chars(digits.data(), end, value, base);
    if (error != std::errc{} || stop != end || digits.empty() || digits[0] == '-') return std::nullopt;
    return value;
}

bool looks_like_date(std::string_view text) {
    return text.find_first_not_of("0123456789-:. ") == std::string_view::npos && text.size() >= 10 &&
           text[4] == '-';
}

// "1436509052.249713"
std::optional<std::chrono::microseconds> seconds(std::string_view text) {
    const auto point = text.find('.');
    const auto whole = number<std::int64_t>(text.substr(0, point), 10);
    if (!whole || *whole > 100'000'000'000) return std::nullopt;
    std::int64_t micros = 0;
    if (point != std::string_view::npos) {
        auto digits = text.substr(point + 1);
        if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos)
            return std::nullopt;
        digits = digits.substr(0, 6);
        micros = number<std::int64_t>(digits, 10).value_or(0);
        for (auto i = digits.size(); i < 6; ++i) micros *= 10;
    }
    return std::chrono::seconds(*whole) + std::chrono::microseconds(micros);
}

Result<CanFrame, CandumpError> identified(std::string_view digits) {
    const auto id = number<std::uint32_t>(digits, 16);
    if (!id || (digits.size() != 3 && digits.size() != 8)) return failure(CandumpError::bad_identifier);
    CanFrame frame;
    frame.extended = digits.size() == 8;
    frame.id = *id;
    if (frame.extended && (*id & error_flag) != 0) return failure(CandumpError::error_frame);
    if (*id > (frame.extended ? highest_id : 0x7FFU)) return failure(CandumpError::bad_identifier);
    return frame;
}

Result<void, CandumpError> append(CanFrame& frame, std::string_view two_digits) {
    const auto value = number<std::uint8_t>(two_digits, 16);
    if (!value || two_digits.size() != 2) return failure(CandumpError::bad_data);
    if (frame.size == frame.data.size()) return failure(CandumpError::too_long);
    frame.data.at(frame.size++) = *value;
    return {};
}

// The part behind '#'; cansend allows a point between bytes.
Result<void, CandumpError> read_compact(CanFrame& frame, std::string_view data) {
    if (data.starts_with('#')) return failure(CandumpError::fd_frame);
    if (data.starts_with('R') || data.starts_with('r')) return failure(CandumpError::remote_frame);
    while (!data.empty()) {
        if (auto added = append(frame, data.substr(0, 2)); !added) return added;
        data.remove_prefix(2);
        if (data.size() > 1 && data.front() == '.') data.remove_prefix(1);
    }
    return {};
}

// "[8]" gives 8; candump writes CAN FD lengths with two digits.
Result<std::size_t, CandumpError> announced_length(std::string_view word) {
    if (word.size() < 3 || word.front() != '[' || word.back() != ']')
        return failure(CandumpError::not_a_frame);
    const auto length = number<std::size_t>(word.substr(1, word.size() - 2), 10);
    if (!length) return failure(CandumpError::not_a_frame);
    if (word.size() > 3) return failure(CandumpError::fd_frame);
    if (*length > 8) return failure(CandumpError::too_long);
    return *length;
}

// The bytes behind "[n]"; behind them candump may show the same bytes as text.
Result<void, CandumpError> read_spaced(CanFrame& frame, std::size_t length, Words words) {
    if (words.peek() == "remote") return failure(CandumpError::remote_frame);
    while (!words.empty() && words.peek().front() != '\'') {
        if (auto added = append(frame, words.next()); !added) return added;
    }
    if (frame.size != length) return failure(CandumpError::length_mismatch);
    return {};
}

CanDirection direction(std::string_view word) {
    if (word == "R" || word == "RX") return CanDirection::received;
    if (word == "T" || word == "TX") return CanDirection::sent;
    return CanDirection::unknown;
}

Result<CanLogLine, CandumpError> compact(CanLogLine line, std::string_view word, Words rest) {
    const auto hash = word.find('#');
    auto frame = identified(word.substr(0, hash));
    if (!frame) return failure(frame.error());
    if (auto read = read_compact(*frame, word.substr(hash + 1)); !read) return failure(read.error());
    line.frame = *frame;
    line.direction = direction(rest.next());
    if (!rest.empty()) return failure(CandumpError::not_a_frame);
    return line;
}

// `rest` begins at the identifier or at candump -x's direction and flags.
Result<CanLogLine, CandumpError> spaced(CanLogLine line, Words rest) {
    line.direction = direction(rest.peek());
    if (line.direction != CanDirection::unknown) {
        rest.next();
        for (int flags = 0; flags < 2; ++flags) rest.next();
    }
    const auto digits = rest.next();
    const auto length = announced_length(rest.next());
    if (!length) return failure(length.error());
    auto frame = identified(digits);
    if (!frame) return failure(frame.error());
    if (auto read = read_spaced(*frame, *length, rest); !read) return failure(read.error());
    line.frame = *frame;
    return line;
}

Result<void, CandumpError> read_time(CanLogLine& line, Words& words) {
    if (!words.peek().starts_with('(')) return {};
    auto text = words.through(')');
    if (text.size() < 3) return failure(CandumpError::bad_time);
    text = text.substr(1, text.size() - 2);
    line.at = seconds(text.substr(std::min(text.find_first_not_of(' '), text.size())));
    if (!line.at && !looks_like_date(text)) return failure(CandumpError::bad_time);
    return {};
}

}  // namespace

std::string_view words(CandumpError error) {
    switch (error) {
        case CandumpError::not_a_frame: return "not a line of candump";
        case CandumpError::bad_time: return "the time in parentheses is not a number of seconds";
        case CandumpError::bad_identifier:
            return "the identifier is neither 3 nor 8 hexadecimal digits in range";
        case CandumpError::bad_data: return "the data is not pairs of hexadecimal digits";
        case CandumpError::length_mismatch:
            return "the number of data bytes differs from the one in brackets";
        case CandumpError::too_long: return "more than 8 data bytes";
        case CandumpError::fd_frame: return "a CAN FD frame";
        case CandumpError::remote_frame: return "a remote frame, which carries no data";
        case CandumpError::error_frame: return "an error frame of the controller, no frame of the bus";
    }
    return "";
}

Result<CanLogLine, CandumpError> parse_candump_line(std::string_view text) {
    Words words(text);
    CanLogLine line;
    if (auto time = read_time(line, words); !time) return failure(time.error());
    auto word = words.next();
    if (word.empty()) return failure(CandumpError::not_a_frame);
    if (word.find('#') != std::string_view::npos) return compact(line, word, words);
    line.interface = word;
    if (words.peek().find('#') == std::string_view::npos) return spaced(line, words);
    word = words.next();
    return compact(line, word, words);
}

std::string candump_frame(const CanFrame& frame) {
    std::array<char, 12> id{};
    std::snprintf(id.data(), id.size(), frame.extended ? "%08X" : "%03X", static_cast<unsigned>(frame.id));
    return std::string(id.data()) + '#' + hex_from_bytes(frame.bytes());
}

std::string candump_line(std::chrono::microseconds at, std::string_view interface, const CanFrame& frame) {
    ensure(at.count() >= 0, "a candump time is not negative");
    std::array<char, 40> time{};
    std::snprintf(time.data(), time.size(), "(%010lld.%06lld) ",
                  static_cast<long long>(at.count() / 1'000'000),
                  static_cast<long long>(at.count() % 1'000'000));
    return std::string(time.data()) + std::string(interface) + ' ' + candump_frame(frame);
}

}  // namespace jkp
