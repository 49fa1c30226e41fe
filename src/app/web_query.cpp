// SPDX-License-Identifier: MIT
#include "app/web_query.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace jkp::app {
namespace {

using io::WebRequest;

// Absent: no such parameter.
Result<std::optional<std::int64_t>, std::string> whole_number(const WebRequest& request,
                                                              std::string_view name, std::int64_t minimum,
                                                              std::int64_t maximum) {
    const auto text = request.parameter(name);
    if (!text) return std::optional<std::int64_t>{};
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < minimum || value > maximum) {
        return failure(std::string(name) + " must be a whole number between " + std::to_string(minimum) +
                       " and " + std::to_string(maximum));
    }
    return std::optional(value);
}

bool is_series_name(std::string_view name) {
    return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
               c == '-' || c == '.';
    });
}

Result<std::vector<std::string>, std::string> series_of(const WebRequest& request) {
    std::string_view text = request.parameter("series").value_or("");
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t comma = std::min(text.find(','), text.size());
        const std::string_view name = text.substr(0, comma);
        text.remove_prefix(std::min(comma + 1, text.size()));
        if (!is_series_name(name)) return failure(std::string("series must be names separated by commas"));
        if (names.size() == most_series)
            return failure("at most " + std::to_string(most_series) + " series can be asked for at once");
        names.emplace_back(name);
    }
    if (names.empty()) return failure(std::string("series is missing, for example series=soc_pct,power_w"));
    return names;
}

constexpr std::int64_t latest = 253'402'300'799;  // the end of the year 9999
constexpr std::int64_t day = 86400;
constexpr std::int64_t standard_points = 600;

}  // namespace

Result<report::Language, std::string> language_of(const WebRequest& request) {
    const std::string_view text = request.parameter("lang").value_or("en");
    if (text == "en") return report::Language::english;
    if (text == "de") return report::Language::german;
    return failure(std::string("lang must be en or de"));
}

Result<EventsQuery, std::string> events_query(const WebRequest& request) {
    EventsQuery query;
    const auto before = whole_number(request, "before", 0, EventsQuery::newest);
    if (!before) return failure(before.error());
    const auto limit = whole_number(request, "limit", 1, report::max_history_events);
    if (!limit) return failure(limit.error());
    if (*before) query.before = static_cast<std::uint64_t>(**before);
    if (*limit) query.limit = static_cast<std::size_t>(**limit);
    return query;
}

Result<report::HistoryRequest, std::string> history_query(const WebRequest& request,
                                                          std::optional<WallTime> now) {
    const auto from = whole_number(request, "from", 0, latest);
    if (!from) return failure(from.error());
    const auto to = whole_number(request, "to", 0, latest);
    if (!to) return failure(to.error());
    const auto points = whole_number(request, "points", 2, report::max_history_points);
    if (!points) return failure(points.error());
    auto series = series_of(request);
    if (!series) return failure(series.error());
    if (!*to && !now)
        return failure(
            std::string("the clock of this machine is not set; say from and to, seconds since 1970"));
    report::HistoryRequest query;
    query.to = *to ? WallTime{**to} : *now;
    query.from = *from ? WallTime{**from} : WallTime{std::max<std::int64_t>(0, query.to.seconds - day)};
    query.points = static_cast<std::size_t>(points->value_or(standard_points));
    query.series = std::move(*series);
    if (query.from >= query.to) return failure(std::string("from must be before to"));
    if (query.points * query.series.size() > most_values) {
        return failure("points times series is more than " + std::to_string(most_values) +
                       "; ask for fewer at once");
    }
    if (auto fault = report::request_fault(query)) return failure(std::move(*fault));
    return query;
}

Result<std::size_t, std::string> days_of(const WebRequest& request) {
    const auto days = whole_number(request, "days", 1, most_days);
    if (!days) return failure(days.error());
    return static_cast<std::size_t>(days->value_or(30));
}

}  // namespace jkp::app
