// SPDX-License-Identifier: MIT
#include "meter/time_text.hpp"

#include <chrono>
#include <cmath>

namespace jkp::meter {
namespace {

constexpr double year_2000 = 946'684'800;
constexpr double year_2100 = 4'102'444'800;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// Takes what it reads off the front of the text.
class Reader {
  public:
    explicit Reader(std::string_view text) : text_(text) {}

    std::optional<int> number(std::size_t digits) {
        if (text_.size() < digits) return std::nullopt;
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!is_digit(text_[i])) return std::nullopt;
            value = value * 10 + (text_[i] - '0');
        }
        text_.remove_prefix(digits);
        return value;
    }
    bool take(char c) {
        if (!text_.starts_with(c)) return false;
        text_.remove_prefix(1);
        return true;
    }
    // ".25" -> 250; without a point 0.
    int milliseconds() {
        int value = 0;
        if (!take('.') && !take(',')) return value;
        int weight = 100;
        for (; !text_.empty() && is_digit(text_.front()); text_.remove_prefix(1)) {
            value += (text_.front() - '0') * weight;
            weight /= 10;
        }
        return value;
    }
    [[nodiscard]] bool at_end() const { return text_.empty(); }

  private:
    std::string_view text_;
};

// What must be subtracted, in minutes.
std::optional<int> zone_minutes(Reader& reader) {
    if (reader.take('Z') || reader.take('z')) return 0;
    const bool east = reader.take('+');
    if (!east && !reader.take('-')) return std::nullopt;
    const auto hours = reader.number(2);
    reader.take(':');
    const auto minutes = reader.at_end() ? std::optional(0) : reader.number(2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    return (east ? 1 : -1) * (*hours * 60 + *minutes);
}

std::optional<std::chrono::sys_days> date(Reader& reader) {
    const auto year = reader.number(4);
    const bool first = reader.take('-');
    const auto month = reader.number(2);
    const bool second = reader.take('-');
    const auto day = reader.number(2);
    if (!year || !first || !month || !second || !day) return std::nullopt;
    const std::chrono::year_month_day ymd{std::chrono::year(*year),
                                          std::chrono::month(static_cast<unsigned>(*month)),
                                          std::chrono::day(static_cast<unsigned>(*day))};
    if (!ymd.ok()) return std::nullopt;
    return std::chrono::sys_days(ymd);
}

std::optional<int> seconds_of_day(Reader& reader) {
    const auto hour = reader.number(2);
    const bool first = reader.take(':');
    const auto minute = reader.number(2);
    const bool second = reader.take(':');
    const auto seconds = reader.number(2);
    if (!hour || !first || !minute || !second || !seconds) return std::nullopt;
    if (*hour > 23 || *minute > 59 || *seconds > 60) return std::nullopt;
    return *hour * 3600 + *minute * 60 + *seconds;
}

}  // namespace

std::optional<std::int64_t> epoch_ms(double number) {
    if (number >= year_2000 && number <= year_2100) return std::llround(number * 1000);
    if (number >= year_2000 * 1000 && number <= year_2100 * 1000) return std::llround(number);
    return std::nullopt;
}

std::optional<std::int64_t> epoch_ms(std::string_view text) {
    Reader reader(text);
    const auto day = date(reader);
    if (!day || !(reader.take('T') || reader.take(' '))) return std::nullopt;
    const auto seconds = seconds_of_day(reader);
    if (!seconds) return std::nullopt;
    const int fraction = reader.milliseconds();
    const auto zone = zone_minutes(reader);
    if (!zone || !reader.at_end()) return std::nullopt;
    const auto instant =
        day->time_since_epoch() + std::chrono::seconds(*seconds) - std::chrono::minutes(*zone);
    return std::chrono::duration_cast<std::chrono::milliseconds>(instant).count() + fraction;
}

}  // namespace jkp::meter
