// SPDX-License-Identifier: MIT
#include "report/web_data.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>

namespace jkp::report {
namespace {

using nlohmann::ordered_json;

std::string text_of(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

ordered_json object_of(const EventRecord& event, Language language) {
    return {{"id", event.id},
            {"time", event.at ? ordered_json(event.at->seconds) : ordered_json(nullptr)},
            {"uptime_s", static_cast<double>(milliseconds(event.uptime)) / 1000.0},
            {"code", event.code},
            {"severity", name(event.severity)},
            {"pack", event.pack.empty() ? ordered_json(nullptr) : ordered_json(event.pack)},
            {"text", text(event, language)}};
}

// Tables have ten thousands of numbers: written by hand, because building a tree of them first would cost
// control several milliseconds.
void add(std::string& to, double value) {
    std::array<char, 40> digits{};
    const double rounded = std::round(value * 1e4) / 1e4;
    const auto end = std::to_chars(digits.begin(), digits.end(), rounded).ptr;
    to.append(digits.begin(), end);
}
void add(std::string& to, std::int64_t value) {
    std::array<char, 24> digits{};
    to.append(digits.begin(), std::to_chars(digits.begin(), digits.end(), value).ptr);
}
void add(std::string& to, const std::optional<double>& value, std::string_view absent) {
    if (value && std::isfinite(*value)) return add(to, *value);
    to += absent;
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

ordered_json number(const std::optional<double>& value) {
    return value && std::isfinite(*value) ? ordered_json(std::round(*value * 1e4) / 1e4)
                                          : ordered_json(nullptr);
}

ordered_json object_of(const EnergyRow& row) {
    return {{"charged_kwh", number(row.charged)},
            {"discharged_kwh", number(row.discharged)},
            {"imported_kwh", number(row.imported)},
            {"exported_kwh", number(row.exported)},
            {"transferred_kwh", number(row.transferred)}};
}

}  // namespace

std::string event_json(const EventRecord& event, Language language) {
    return text_of(object_of(event, language));
}

std::string events_json(const EventsPage& page, Language language) {
    ordered_json events = ordered_json::array();
    for (const EventRecord& event : page.events) events.push_back(object_of(event, language));
    return text_of({{"events", std::move(events)}, {"more", page.more}});
}

std::string history_json(const HistoryTable& table) {
    std::string text;
    text.reserve(64 + table.time.size() * (12 + 8 * table.series.size()));
    text += "{\"from\":";
    add(text, table.from);
    text += ",\"to\":";
    add(text, table.to);
    text += ",\"step_s\":";
    add(text, table.step_s);
    text += ",\"time\":";
    add_list(text, table.time, [&](std::int64_t time) { add(text, time); });
    text += ",\"series\":{";
    bool first = true;
    for (const HistorySeries& series : table.series) {
        if (!first) text += ',';
        first = false;
        text += text_of(series.name) + ':';
        add_list(text, series.values, [&](const std::optional<double>& value) { add(text, value, "null"); });
    }
    return text + "}}";
}

std::string history_csv(const HistoryTable& table) {
    std::string text = "time";
    for (const HistorySeries& series : table.series) text += ',' + series.name;
    text += "\r\n";
    for (std::size_t i = 0; i < table.time.size(); ++i) {
        add(text, table.time[i]);
        for (const HistorySeries& series : table.series) {
            text += ',';
            if (i < series.values.size()) add(text, series.values[i], "");
        }
        text += "\r\n";
    }
    return text;
}

std::string energy_json(const EnergyTable& table) {
    ordered_json days = ordered_json::array();
    for (const EnergyRow& row : table.days) {
        ordered_json day = {{"day", row.day}};
        day.update(object_of(row));
        days.push_back(std::move(day));
    }
    return text_of({{"days", std::move(days)}, {"total", object_of(table.total)}});
}

std::string energy_total_json(const EnergyRow& row) {
    return text_of(object_of(row));
}

}  // namespace jkp::report
