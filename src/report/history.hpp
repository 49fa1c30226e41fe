// SPDX-License-Identifier: MIT
// What was recorded, as a person or a page asks for it: any span in a bounded number of points. Columns of
// one length, ready for a plot; CSV and JSON of the same.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "core/series.hpp"
#include "core/time.hpp"
#include "report/event_record.hpp"
#include "report/samples.hpp"

namespace jkp::report {

inline constexpr std::size_t max_history_points = 2000;
inline constexpr std::size_t max_history_series = 64;
inline constexpr std::size_t max_history_events = 500;

// The last moment is not part of it.
struct HistoryRequest {
    WallTime from;
    WallTime to;
    std::size_t points = 500;         // at most; 1 to max_history_points
    std::vector<std::string> series;  // "soc_pct", "pack.garage.soc_pct"; with "_min" or "_max" the extreme
};

// Nothing, or a sentence why nobody can answer it.
std::optional<std::string> request_fault(const HistoryRequest& request);

enum class Extreme : std::uint8_t { mean, min, max };
struct SeriesName {
    std::optional<std::string> pack;  // absent: of the bank
    std::size_t index = 0;            // of BankSeries or PackSeries
    Extreme extreme = Extreme::mean;
    [[nodiscard]] const SeriesText& text() const { return pack ? pack_series[index] : bank_series[index]; }
};
std::optional<SeriesName> parse_series(std::string_view name);

// Seconds of a point: the least usual step, not below `finest`, with which the span has no more than
// `points`.
std::int64_t step_of(WallTime from, WallTime to, std::size_t points, std::int64_t finest);

struct HistoryColumn {
    std::string name;
    int decimals = 0;
    std::vector<std::optional<std::int32_t>> values;  // counts, as in core/series.hpp
};
struct HistoryTable {
    WallTime from;
    WallTime to;
    std::int64_t step_s = 1;
    std::vector<std::int64_t> time;  // the begin of each point, even steps, in order
    std::vector<HistoryColumn> columns;
};

// Sorts rows and samples into the points of a request.
class HistoryBuilder {
  public:
    HistoryBuilder(const HistoryRequest& request, std::int64_t step);
    // `weight`: how long the row lasts, so that minutes and quarters of an hour mix.
    void add(const SeriesRow& row, std::int64_t weight);
    void add(std::int64_t at, const Sample& sample);
    [[nodiscard]] HistoryTable table() const;

  private:
    struct Column {
        SeriesName name;
        std::string text;
        std::vector<Gather> points;
    };
    [[nodiscard]] std::optional<std::size_t> place(std::int64_t at) const;

    WallTime from_;
    WallTime to_;
    std::int64_t step_;
    std::int64_t begin_;  // of the first point
    std::vector<Column> columns_;
    std::size_t count_;
};

struct EventPage {
    std::vector<EventRecord> events;  // newest first
    bool more = false;                // older ones exist
};

struct EnergyReport {
    std::vector<EnergyDay> days;  // oldest first
    Energy total;
};

using Json = nlohmann::ordered_json;
Json history_json(const HistoryTable& table);
Json event_json(const EventRecord& event, Language language);
Json events_json(const EventPage& page, Language language);
Json energy_json(const Energy& energy);  // kWh
Json energy_json(const EnergyReport& report);

// A header line with the names, then a line per point: time in UTC (ISO 8601), empty = not known.
std::string history_csv(const HistoryTable& table);

// "2026-11-25", "2026-11-25T12:34:56Z"
std::string day_text(LocalDay day);
std::string utc_text(std::int64_t seconds);

}  // namespace jkp::report
