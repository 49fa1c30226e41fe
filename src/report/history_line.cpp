// SPDX-License-Identifier: MIT
#include "report/history_line.hpp"

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace jkp::report {
namespace {

void add(std::string& to, std::int64_t value) {
    std::array<char, 24> digits{};
    to.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), value).ptr);
}

// 53123 with 3 decimals: 53.123. Exact, and without zeros at the end.
void add(std::string& to, std::int32_t count, int decimals) {
    std::int64_t rest = count;
    if (rest < 0) {
        to += '-';
        rest = -rest;
    }
    while (decimals > 0 && rest % 10 == 0) {
        rest /= 10;
        --decimals;
    }
    std::int64_t power = 1;
    for (int i = 0; i < decimals; ++i) power *= 10;
    add(to, rest / power);
    if (decimals == 0) return;
    to += '.';
    for (std::int64_t digit = power / 10; digit > 0; digit /= 10)
        to += static_cast<char>('0' + rest / digit % 10);
}

template <class Values, class Add>
void add_list(std::string& to, const Values& values, Add add_one) {
    to += '[';
    bool first = true;
    for (const auto& value : values) {
        if (!first) to += ',';
        first = false;
        add_one(value);
    }
    to += ']';
}

}  // namespace

std::string history_line(const HistoryTable& table) {
    std::string text;
    text.reserve(64 + table.time.size() * (12 + 8 * table.columns.size()));
    text += "{\"from\":";
    add(text, table.from.seconds);
    text += ",\"to\":";
    add(text, table.to.seconds);
    text += ",\"step_s\":";
    add(text, table.step_s);
    text += ",\"time\":";
    add_list(text, table.time, [&](std::int64_t time) { add(text, time); });
    text += ",\"series\":{";
    bool first = true;
    for (const HistoryColumn& column : table.columns) {
        if (!first) text += ',';
        first = false;
        text += Json(column.name).dump() + ':';
        add_list(text, column.values, [&](const std::optional<std::int32_t>& value) {
            if (!value) {
                text += "null";
            } else {
                add(text, *value, column.decimals);
            }
        });
    }
    return text + "}}";
}

}  // namespace jkp::report
