// SPDX-License-Identifier: MIT
#include "cli/history_command.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "app/history_query.hpp"
#include "app/run.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "config/duration_text.hpp"

namespace jkp::cli {
namespace {

using report::Json;

std::int64_t now() {
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::seconds>(since).count();
}

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// "2026-11-25" or "2026-11-25T12:34:56Z", in UTC.
std::optional<std::int64_t> utc(const std::string& text) {
    int year = 0;
    unsigned month = 0;
    unsigned day = 0;
    int hour = 0;
    int minute = 0;
    int second = 0;
    int used = 0;
    if (std::sscanf(text.c_str(), "%4d-%2u-%2u%n", &year, &month, &day, &used) != 3) return std::nullopt;
    const std::string rest = text.substr(static_cast<std::size_t>(used));
    int end = 0;
    if (!rest.empty() && (std::sscanf(rest.c_str(), "T%2d:%2d:%2dZ%n", &hour, &minute, &second, &end) != 3 ||
                          static_cast<std::size_t>(end) != rest.size()))
        return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                           std::chrono::day(day)};
    if (!date.ok() || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
        return std::nullopt;
    const auto days = std::chrono::sys_days(date).time_since_epoch().count();
    return std::int64_t{days} * 86400 + hour * 3600 + minute * 60 + second;
}

std::optional<std::int64_t> moment(const std::string& text) {
    if (text == "now") return now();
    if (text.starts_with('-')) {
        const auto before = config::read_duration(text.substr(1));
        if (!before) return std::nullopt;
        return now() - std::chrono::duration_cast<std::chrono::seconds>(*before).count();
    }
    if (const auto seconds = whole(text)) return seconds;
    return utc(text);
}

// The file that is named, or the one of the configuration.
Result<std::string, std::string> file_of(const std::string& file, const std::string& path) {
    if (!file.empty()) return file;
    const auto settings = app::load_settings(path);
    if (settings) return settings->history.file;
    std::string lines;
    for (const std::string& line : settings.error().lines) lines += (lines.empty() ? "" : "\n") + line;
    return failure(lines);
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.insert(0, width - text.size(), ' ');
    return text;
}

std::vector<std::string> cells_of(const std::string& line) {
    std::vector<std::string> cells(1);
    for (const char c : line) {
        if (c == ',') {
            cells.emplace_back();
        } else {
            cells.back() += c;
        }
    }
    return cells;
}

// The columns of the CSV, as wide as their names.
void print_table(const std::string& csv) {
    constexpr std::size_t narrowest = 10;
    std::istringstream lines(csv);
    std::vector<std::size_t> widths;
    for (std::string line; std::getline(lines, line);) {
        const std::vector<std::string> cells = cells_of(line);
        if (widths.empty()) {
            for (const std::string& cell : cells) widths.push_back(std::max(cell.size(), narrowest));
            widths[0] = 20;
        }
        std::cout << cells[0] << std::string(widths[0] - std::min(widths[0], cells[0].size()), ' ');
        for (std::size_t i = 1; i < cells.size(); ++i)
            std::cout << "  " << padded(cells[i].empty() ? "-" : cells[i], widths[i]);
        std::cout << '\n';
    }
}

std::string kwh(const Json& value) {
    if (value.is_null()) return "-";
    char text[32];
    std::snprintf(text, sizeof text, "%.2f", value.get<double>());
    return text;
}

void print_energy(const Json& json) {
    constexpr const char* keys[] = {"charged_kwh", "discharged_kwh", "imported_kwh", "exported_kwh",
                                    "transferred_kwh"};
    std::cout << "kWh             charged  discharged    imported    exported  transferred\n";
    const auto line = [&](const std::string& name, const Json& row) {
        std::cout << name << std::string(name.size() < 12 ? 12 - name.size() : 0, ' ');
        for (const char* key : keys) std::cout << padded(kwh(row.at(key)), 12);
        std::cout << '\n';
    };
    for (const Json& day : json.at("days")) line(day.at("day").get<std::string>(), day);
    line("total", json.at("total"));
}

int show_energy(io::StoreReader& reader, const HistoryOptions& options) {
    const report::EnergyReport energy = app::ask_energy(&reader, options.days, {});
    const Json json = report::energy_json(energy);
    if (options.json) {
        std::cout << json.dump() << '\n';
    } else {
        print_energy(json);
    }
    return energy.days.empty() && energy.total == Energy{} ? bad : good;
}

int show_points(io::StoreReader& reader, const HistoryOptions& options,
                const report::HistoryRequest& request) {
    const report::HistoryTable table = app::ask_history(&reader, request, {});
    if (options.json) {
        std::cout << report::history_json(table).dump() << '\n';
    } else if (options.csv) {
        std::cout << report::history_csv(table);
    } else {
        print_table(report::history_csv(table));
    }
    const bool found = std::ranges::any_of(table.columns, [](const report::HistoryColumn& column) {
        return std::ranges::any_of(column.values, [](const auto& value) { return value.has_value(); });
    });
    return found ? good : bad;
}

// A pack that was never recorded is a slip of the pen, not a gap.
std::optional<std::string> unknown_pack(const report::HistoryRequest& request,
                                        const std::vector<std::string>& known) {
    for (const std::string& text : request.series) {
        const auto name = report::parse_series(text);
        if (!name || !name->pack || std::ranges::find(known, *name->pack) != known.end()) continue;
        std::string list;
        for (const std::string& pack : known) list += (list.empty() ? "" : ", ") + pack;
        return "no pack \"" + *name->pack + "\" was ever recorded; recorded " +
               (known.empty() ? "was none" : "were: " + list);
    }
    return std::nullopt;
}

report::HistoryRequest request_of(const HistoryOptions& options, std::int64_t from, std::int64_t to) {
    report::HistoryRequest request{WallTime{from}, WallTime{to}, options.points, options.series};
    if (request.series.empty())
        request.series = {"voltage_v", "current_a", "soc_pct", "charge_limit_a", "discharge_limit_a"};
    return request;
}

}  // namespace

int history(const HistoryOptions& options) {
    const auto file = file_of(options.file, options.config);
    if (!file) return fail(file.error(), options.json, unable);
    const auto to = moment(options.to);
    const auto from = options.from.empty() ? std::optional(to.value_or(0) - 86400) : moment(options.from);
    if (!from || !to) {
        return fail("a time is now, -24h, 2026-11-25, 2026-11-25T12:00:00Z or seconds since 1970; not \"" +
                        (to ? options.from : options.to) + '"',
                    options.json, unable);
    }
    const report::HistoryRequest request = request_of(options, *from, *to);
    if (const auto fault = report::request_fault(request)) return fail(*fault, options.json, unable);
    try {
        io::StoreReader reader(*file);
        if (options.energy) return show_energy(reader, options);
        if (const auto fault = unknown_pack(request, reader.packs()))
            return fail(*fault, options.json, unable);
        return show_points(reader, options, request);
    } catch (const io::SqliteError& error) {
        return fail(error.what(), options.json, unable);
    }
}

int events(const EventsOptions& options) {
    const auto file = file_of(options.file, options.config);
    if (!file) return fail(file.error(), options.json, unable);
    const auto language = options.language == "de" ? report::Language::german : report::Language::english;
    try {
        io::StoreReader reader(*file);
        const report::EventPage page = app::ask_events(&reader, UINT64_MAX, options.limit, {});
        // Oldest first, as in a log.
        for (auto event = page.events.rbegin(); event != page.events.rend(); ++event) {
            if (options.json) {
                std::cout << report::event_json(*event, language).dump() << '\n';
                continue;
            }
            const std::string time =
                event->at ? report::utc_text(event->at->seconds) : "(clock not set)     ";
            std::cout << time << "  " << padded(std::string(name(event->severity)), 7) << "  "
                      << text(*event, language) << '\n';
        }
        return page.events.empty() ? bad : good;
    } catch (const io::SqliteError& error) {
        return fail(error.what(), options.json, unable);
    }
}

}  // namespace jkp::cli
