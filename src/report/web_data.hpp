// SPDX-License-Identifier: MIT
// What the HTTP API hands out besides the snapshot, as tables and as text. Keys and names are a contract:
// docs/web.md and the OpenAPI document.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/event_record.hpp"

namespace jkp::report {

struct EventsPage {
    std::vector<EventRecord> events;  // newest first
    bool more = false;                // there are older ones
};

struct HistorySeries {
    std::string name;                           // "soc_pct", "pack.a.voltage_v"
    std::vector<std::optional<double>> values;  // as many as there are times; absent: not recorded
};

struct HistoryTable {
    std::int64_t from = 0;  // seconds since 1970, as `time`
    std::int64_t to = 0;
    std::int64_t step_s = 0;
    std::vector<std::int64_t> time;
    std::vector<HistorySeries> series;
};

// kWh; those of the grid and of the transfer are absent without a meter, or a second inverter.
struct EnergyRow {
    std::string day = {};  // "2026-11-25"
    std::optional<double> charged = {};
    std::optional<double> discharged = {};
    std::optional<double> imported = {};
    std::optional<double> exported = {};
    std::optional<double> transferred = {};
};

struct EnergyTable {
    std::vector<EnergyRow> days;  // oldest first
    EnergyRow total;              // since the counters began
};

// {"id","time","uptime_s","code","severity","pack","text"}; time is null when the clock was not set, pack
// when it is about none.
std::string event_json(const EventRecord& event, Language language);
std::string events_json(const EventsPage& page, Language language);
std::string history_json(const HistoryTable& table);
std::string history_csv(const HistoryTable& table);
std::string energy_json(const EnergyTable& table);
// The five keys of a row, without its day, as in `total`.
std::string energy_total_json(const EnergyRow& row);

}  // namespace jkp::report
