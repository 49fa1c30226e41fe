// SPDX-License-Identifier: MIT
// What was recorded, as JSON and CSV.
#include <array>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "report/history.hpp"

namespace jkp::report {
namespace {

constexpr std::array<int, 4> powers{1, 10, 100, 1000};

Json number(std::int32_t count, int decimals) {
    if (decimals == 0) return count;
    return static_cast<double>(count) / powers[static_cast<std::size_t>(decimals)];
}

// By hand: a large table has ten thousands of these, and it is written in the loop that control runs in.
std::string decimal(std::int32_t count, int decimals) {
    std::array<char, 16> text{};
    char* at = text.end();
    std::int64_t rest = count < 0 ? -std::int64_t{count} : count;
    for (int i = 0; i < decimals; ++i, rest /= 10) *--at = static_cast<char>('0' + rest % 10);
    if (decimals > 0) *--at = '.';
    do {
        *--at = static_cast<char>('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (count < 0) *--at = '-';
    return {at, text.end()};
}

double kwh(std::int64_t mwh) {
    // Whole watt-hours: what is less is noise of the measurement.
    return static_cast<double>((mwh + 500) / 1000) / 1000.0;
}

Json kwh(const std::optional<std::int64_t>& mwh) {
    return mwh ? Json(kwh(*mwh)) : Json(nullptr);
}

}  // namespace

Json history_json(const HistoryTable& table) {
    Json series = Json::object();
    for (const HistoryColumn& column : table.columns) {
        Json values = Json::array();
        for (const auto& value : column.values)
            values.push_back(value ? number(*value, column.decimals) : Json(nullptr));
        series[column.name] = std::move(values);
    }
    return {{"from", table.from.seconds},
            {"to", table.to.seconds},
            {"step_s", table.step_s},
            {"time", table.time},
            {"series", std::move(series)}};
}

Json event_json(const EventRecord& event, Language language) {
    return {{"id", event.id},
            {"time", event.at ? Json(event.at->seconds) : Json(nullptr)},
            {"uptime_s", std::chrono::duration_cast<std::chrono::seconds>(event.uptime).count()},
            {"code", event.code},
            {"severity", name(event.severity)},
            {"pack", event.pack},
            {"text", text(event, language)}};
}

Json events_json(const EventPage& page, Language language) {
    Json events = Json::array();
    for (const EventRecord& event : page.events) events.push_back(event_json(event, language));
    return {{"events", std::move(events)}, {"more", page.more}};
}

Json energy_json(const Energy& energy) {
    return {{"charged_kwh", kwh(energy.charged)},
            {"discharged_kwh", kwh(energy.discharged)},
            {"imported_kwh", kwh(energy.imported)},
            {"exported_kwh", kwh(energy.exported)},
            {"transferred_kwh", kwh(energy.transferred)}};
}

Json energy_json(const EnergyReport& report) {
    Json days = Json::array();
    for (const EnergyDay& day : report.days) {
        Json entry{{"day", day_text(day.day)}};
        entry.update(energy_json(day.energy));
        days.push_back(std::move(entry));
    }
    return {{"days", std::move(days)}, {"total", energy_json(report.total)}};
}

std::string history_csv(const HistoryTable& table) {
    std::string text = "time";
    for (const HistoryColumn& column : table.columns) text += ',' + column.name;
    text += '\n';
    for (std::size_t i = 0; i < table.time.size(); ++i) {
        text += utc_text(table.time[i]);
        for (const HistoryColumn& column : table.columns) {
            text += ',';
            if (column.values[i]) text += decimal(*column.values[i], column.decimals);
        }
        text += '\n';
    }
    return text;
}

std::string day_text(LocalDay day) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", day / 10000, day / 100 % 100, day % 100);
    return text.data();
}

std::string utc_text(std::int64_t seconds) {
    using namespace std::chrono;
    const sys_seconds at{std::chrono::seconds(seconds)};
    const auto day = floor<days>(at);
    const year_month_day date{day};
    const hh_mm_ss time{at - day};
    std::array<char, 64> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02ld:%02ld:%02ldZ",
                  static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                  static_cast<unsigned>(date.day()), static_cast<long>(time.hours().count()),
                  static_cast<long>(time.minutes().count()), static_cast<long>(time.seconds().count()));
    return text.data();
}

}  // namespace jkp::report
