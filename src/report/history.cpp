// SPDX-License-Identifier: MIT
#include "report/history.hpp"

#include <algorithm>
#include <utility>

namespace jkp::report {
namespace {

constexpr std::int64_t steps[] = {1,    2,    5,    10,    15,    30,    60,    120,    300,    600,    900,
                                  1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800, 2592000};
constexpr std::int64_t longest_span = 20LL * 366 * 86400;

std::int64_t floor_to(std::int64_t at, std::int64_t step) {
    const std::int64_t rest = at % step;
    return at - (rest < 0 ? rest + step : rest);
}

std::size_t points_of(WallTime from, WallTime to, std::int64_t step) {
    return static_cast<std::size_t>((floor_to(to.seconds - 1, step) - floor_to(from.seconds, step)) / step +
                                    1);
}

template <std::size_t N>
std::optional<std::size_t> find(const std::array<SeriesText, N>& list, std::string_view name) {
    const auto found = std::ranges::find(list, name, &SeriesText::name);
    if (found == list.end()) return std::nullopt;
    return static_cast<std::size_t>(found - list.begin());
}

std::int32_t pick(const Range& range, Extreme extreme) {
    switch (extreme) {
        case Extreme::mean: return range.mean;
        case Extreme::min: return range.min;
        case Extreme::max: return range.max;
    }
    broken("an Extreme of the list", std::source_location::current());
}

}  // namespace

std::optional<std::string> request_fault(const HistoryRequest& request) {
    constexpr std::int64_t latest = 100'000'000'000;
    if (request.from.seconds < 0 || request.to.seconds > latest) return "from and to are seconds since 1970";
    if (request.to <= request.from) return "from must be before to";
    if (request.to.seconds - request.from.seconds > longest_span) return "the span is longer than 20 years";
    if (request.points < 1 || request.points > max_history_points) {
        return "points must be between 1 and " + std::to_string(max_history_points);
    }
    if (request.series.empty()) return "name at least one series";
    if (request.series.size() > max_history_series) {
        return "at most " + std::to_string(max_history_series) + " series at once";
    }
    for (const std::string& name : request.series) {
        if (!parse_series(name)) return "there is no such series; docs/history.md lists them";
    }
    return std::nullopt;
}

std::optional<SeriesName> parse_series(std::string_view name) {
    SeriesName result;
    constexpr std::string_view prefix = "pack.";
    if (name.starts_with(prefix)) {
        const std::size_t dot = name.rfind('.');
        if (dot <= prefix.size()) return std::nullopt;
        result.pack = std::string(name.substr(prefix.size(), dot - prefix.size()));
        name.remove_prefix(dot + 1);
    }
    for (const auto& [ending, extreme] : {std::pair<std::string_view, Extreme>{"_min", Extreme::min},
                                          std::pair<std::string_view, Extreme>{"_max", Extreme::max}}) {
        if (!name.ends_with(ending)) continue;
        result.extreme = extreme;
        name.remove_suffix(ending.size());
        break;
    }
    const auto found = result.pack ? find(pack_series, name) : find(bank_series, name);
    if (!found) return std::nullopt;
    result.index = *found;
    return result;
}

std::int64_t step_of(WallTime from, WallTime to, std::size_t points, std::int64_t finest) {
    for (const std::int64_t step : steps) {
        if (step >= finest && points_of(from, to, step) <= points) return step;
    }
    // Few points and a long span: one step per point, with one to spare for the uneven begin.
    const std::int64_t span = to.seconds - from.seconds;
    const auto parts = static_cast<std::int64_t>(std::max<std::size_t>(points, 2) - 1);
    const std::int64_t step = std::max(floor_to(span / parts, 86400) + 86400, finest);
    return points_of(from, to, step) <= points ? step : to.seconds;
}

HistoryBuilder::HistoryBuilder(const HistoryRequest& request, std::int64_t step)
    : from_(request.from),
      to_(request.to),
      step_(step),
      begin_(floor_to(request.from.seconds, step)),
      count_(points_of(request.from, request.to, step)) {
    for (const std::string& text : request.series) {
        if (auto name = parse_series(text))
            columns_.push_back({*std::move(name), text, std::vector<Gather>(count_)});
    }
}

std::optional<std::size_t> HistoryBuilder::place(std::int64_t at) const {
    if (at < begin_) return std::nullopt;
    const auto index = static_cast<std::size_t>((at - begin_) / step_);
    if (index >= count_) return std::nullopt;
    return index;
}

void HistoryBuilder::add(const SeriesRow& row, std::int64_t weight) {
    const auto index = place(row.at);
    if (!index) return;
    for (Column& column : columns_) {
        const SeriesName& name = column.name;
        if (!name.pack) {
            if (row.bank[name.index]) column.points[*index].add(*row.bank[name.index], weight);
            continue;
        }
        const auto pack = std::ranges::find(row.packs, *name.pack, &NamedPackRanges::pack);
        if (pack != row.packs.end() && pack->ranges[name.index])
            column.points[*index].add(*pack->ranges[name.index], weight);
    }
}

void HistoryBuilder::add(std::int64_t at, const Sample& sample) {
    const auto index = place(at);
    if (!index) return;
    for (Column& column : columns_) {
        const SeriesName& name = column.name;
        std::optional<std::int32_t> value;
        if (!name.pack) {
            value = sample.bank[name.index];
        } else {
            const auto pack = std::ranges::find(sample.packs, *name.pack, &PackSample::pack);
            if (pack != sample.packs.end()) value = pack->values[name.index];
        }
        if (value) column.points[*index].add(*value);
    }
}

HistoryTable HistoryBuilder::table() const {
    HistoryTable table{from_, to_, step_, {}, {}};
    for (std::size_t i = 0; i < count_; ++i)
        table.time.push_back(begin_ + static_cast<std::int64_t>(i) * step_);
    for (const Column& column : columns_) {
        HistoryColumn values{column.text, column.name.text().decimals, {}};
        for (const Gather& point : column.points) {
            const auto range = point.range();
            values.values.push_back(range ? std::optional(pick(*range, column.name.extreme)) : std::nullopt);
        }
        table.columns.push_back(std::move(values));
    }
    return table;
}

}  // namespace jkp::report
