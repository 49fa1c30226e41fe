// SPDX-License-Identifier: MIT
#include "app/history_query.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace jkp::app {
namespace {

using io::StorePeriod;
using report::HistoryBuilder;
using report::HistoryRequest;

constexpr std::int64_t minute = 60;
constexpr std::int64_t quarter = 900;

// The series of a request, each subject once.
struct Wanted {
    std::vector<std::size_t> bank;
    std::map<std::string, std::vector<std::size_t>> packs;
};

void add_once(std::vector<std::size_t>& list, std::size_t value) {
    if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

Wanted wanted(const HistoryRequest& request) {
    Wanted result;
    for (const std::string& text : request.series) {
        const auto name = report::parse_series(text);
        if (name) add_once(name->pack ? result.packs[*name->pack] : result.bank, name->index);
    }
    return result;
}

void read(io::StoreReader& reader, StorePeriod period, std::int64_t from, std::int64_t to,
          const Wanted& series, const std::function<void(const SeriesRow&)>& visit) {
    if (from >= to) return;
    if (!series.bank.empty()) reader.bank(period, from, to, series.bank, visit);
    for (const auto& [pack, list] : series.packs) reader.pack(period, from, to, pack, list, visit);
}

std::int64_t sum(const Energy& e) {
    return e.charged + e.discharged + e.transferred + e.imported.value_or(0) + e.exported.value_or(0);
}

// Quarters of an hour where minutes would be more than is asked for, or are no longer kept.
bool quarters_answer(io::StoreReader& reader, const HistoryRequest& request, std::int64_t step) {
    if (step >= quarter) return true;
    const auto minutes = reader.oldest(StorePeriod::minute);
    const auto quarters = reader.oldest(StorePeriod::quarter);
    if (!quarters) return false;
    return !minutes || (request.from.seconds < *minutes && *quarters < *minutes - quarter);
}

}  // namespace

report::HistoryTable ask_history(io::StoreReader* reader, const HistoryRequest& request,
                                 const Unwritten& unwritten) {
    std::int64_t step = report::step_of(request.from, request.to, request.points, minute);
    const bool coarse = reader != nullptr && quarters_answer(*reader, request, step);
    if (coarse) step = report::step_of(request.from, request.to, request.points, quarter);
    HistoryBuilder builder(request, step);

    // Of a minute that is in both the one with more samples is shown: as soon as it is written, the file's.
    std::map<std::int64_t, std::int32_t> in_memory;
    for (const SeriesRow& row : unwritten.minutes) in_memory[row.at] += row.samples;
    std::set<std::pair<std::int64_t, std::string>> answered;  // "": the bank
    std::int64_t begin = request.from.seconds - request.from.seconds % step;
    if (reader != nullptr) {
        const Wanted series = wanted(request);
        if (coarse) {
            const auto newest = reader->newest(StorePeriod::quarter);
            const std::int64_t end = newest ? std::min(*newest + quarter, request.to.seconds) : begin;
            read(*reader, StorePeriod::quarter, begin, end, series,
                 [&](const SeriesRow& row) { builder.add(row, quarter); });
            begin = std::max(begin, end);
        }
        read(*reader, StorePeriod::minute, begin, request.to.seconds, series, [&](const SeriesRow& row) {
            const auto twin = in_memory.find(row.at);
            if (twin != in_memory.end() && row.samples < twin->second) return;
            if (twin != in_memory.end())
                answered.emplace(row.at, row.packs.empty() ? std::string() : row.packs[0].pack);
            builder.add(row, minute);
        });
    }
    for (SeriesRow row : unwritten.minutes) {
        if (row.at < begin || row.at >= request.to.seconds) continue;
        if (answered.contains({row.at, ""})) row.bank = {};
        std::erase_if(row.packs, [&](const auto& pack) { return answered.contains({row.at, pack.pack}); });
        builder.add(row, minute);
    }
    return builder.table();
}

report::EventPage ask_events(io::StoreReader* reader, std::uint64_t before, std::size_t limit,
                             const Unwritten& unwritten) {
    std::map<std::uint64_t, report::EventRecord, std::greater<>> found;
    for (const report::EventRecord& event : unwritten.events) {
        if (event.id < before) found.emplace(event.id, event);
    }
    if (reader != nullptr) {
        for (const io::StoredEvent& event : reader->events(before, limit + 1))
            found.emplace(event.id, recorded(event));
    }
    report::EventPage page;
    page.more = found.size() > limit;
    for (auto& [id, event] : found) {
        if (page.events.size() == limit) break;
        page.events.push_back(std::move(event));
    }
    return page;
}

report::EnergyReport ask_energy(io::StoreReader* reader, std::size_t days, const Unwritten& unwritten) {
    report::EnergyReport result;
    if (reader != nullptr) {
        result.days = reader->days(days);
        result.total = reader->total();
    }
    if (unwritten.total) result.total = *unwritten.total;
    for (const EnergyDay& day : unwritten.days) {
        const auto place = std::ranges::find(result.days, day.day, &EnergyDay::day);
        if (place == result.days.end()) {
            result.days.push_back(day);
        } else if (sum(day.energy) > sum(place->energy)) {
            // Less is known here only after a clock that was wrong for days.
            *place = day;
        }
    }
    std::ranges::sort(result.days, {}, &EnergyDay::day);
    if (result.days.size() > days)
        result.days.erase(result.days.begin(), result.days.end() - static_cast<std::ptrdiff_t>(days));
    return result;
}

io::StoredEvent stored(const report::EventRecord& event) {
    return {.id = event.id,
            .at = event.at,
            .uptime_s = std::chrono::duration_cast<std::chrono::seconds>(event.uptime).count(),
            .code = event.code,
            .severity = static_cast<std::uint8_t>(event.severity),
            .pack = event.pack,
            .text_en = event.text_en,
            .text_de = event.text_de};
}

report::EventRecord recorded(const io::StoredEvent& event) {
    return {.id = event.id,
            .at = event.at,
            .uptime = std::chrono::seconds(event.uptime_s),
            .code = event.code,
            .severity = static_cast<report::Severity>(event.severity),
            .pack = event.pack,
            .text_en = event.text_en,
            .text_de = event.text_de};
}

}  // namespace jkp::app
