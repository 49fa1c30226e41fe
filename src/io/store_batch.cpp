// SPDX-License-Identifier: MIT
#include "io/store_batch.hpp"

#include <algorithm>
#include <utility>

#include "io/store_reader.hpp"
#include "io/store_schema.hpp"

namespace jkp::io {
namespace {

constexpr std::int64_t quarter = 900;
// Of the parameters of a minute, the last one.
constexpr int bank_samples = 1 + 3 * bank_series_count;
constexpr int pack_samples = 2 + 3 * pack_series_count;
constexpr std::int64_t prune_portion = 1440;  // rows: little room is needed for it, and little time

std::int64_t quarter_of(std::int64_t at) {
    const std::int64_t rest = at % quarter;
    return at - (rest < 0 ? rest + quarter : rest);
}

// What comes to a row that is there already: the extremes of both, and the mean of both by their samples, so
// that neither a restart within a minute nor a clock that went back erases anything. `anew`: when the new
// mean holds the old one.
template <std::size_t N>
std::string merged(const std::array<SeriesText, N>& series, const std::string& anew,
                   const std::string& samples) {
    std::string text;
    for (const SeriesText& one : series) {
        const std::string name(one.column);
        const std::string added = "excluded." + name;
        const auto extreme = [&](const std::string& which) {
            const std::string mine = name + '_' + which;
            const std::string other = added + '_' + which;
            return mine + " = " + which + "(coalesce(" + mine + ", " + other + "), coalesce(" + other + ", " +
                   mine + "))";
        };
        text += name + " = CASE WHEN " + added + " IS NULL THEN " + name + " WHEN " + name + " IS NULL OR " +
                anew + " THEN " + added + " ELSE CAST(round((1.0 * " + name + " * samples + 1.0 * " + added +
                " * excluded.samples) / (samples + excluded.samples)) AS INTEGER) END, " + extreme("min") +
                ", " + extreme("max") + ", ";
    }
    return text + "samples = " + samples;
}

template <std::size_t N>
std::string insert_minutes(const std::string& table, const std::string& key,
                           const std::array<SeriesText, N>& series, const std::string& columns,
                           std::size_t values) {
    return "INSERT INTO " + table + " (" + key + ", " + columns + ", samples) VALUES (" + places(values) +
           ") ON CONFLICT (" + key + ") DO UPDATE SET " + merged(series, "0", "samples + excluded.samples");
}

// "CAST(round(avg(x)) AS INTEGER), min(x_min), max(x_max), ..., sum(samples)"
template <std::size_t N>
std::string means_of(const std::array<SeriesText, N>& series) {
    std::string text;
    for (const SeriesText& one : series) {
        const std::string name(one.column);
        text += "CAST(round(avg(" + name + ")) AS INTEGER), min(" + name + "_min), max(" + name + "_max), ";
    }
    return text + "sum(samples)";
}

// A quarter that is there already may be of minutes that are no longer kept: it is made anew only of more.
template <std::size_t N>
std::string merged_quarter(const std::array<SeriesText, N>& series) {
    return merged(series, "excluded.samples > samples", "max(samples, excluded.samples)");
}

std::string bank_quarters() {
    return "INSERT INTO bank_quarter (at, " + bank_columns() + ", samples) SELECT ?1, " +
           means_of(bank_series) +
           " FROM bank_minute WHERE at >= ?1 AND at < ?1 + 900 GROUP BY at / 900 ON CONFLICT (at) DO UPDATE "
           "SET " +
           merged_quarter(bank_series);
}

std::string pack_quarters() {
    return "INSERT INTO pack_quarter (at, pack, " + pack_columns() + ", samples) SELECT ?1, pack, " +
           means_of(pack_series) +
           " FROM pack_minute WHERE at >= ?1 AND at < ?1 + 900 GROUP BY pack ON CONFLICT (at, pack) DO "
           "UPDATE SET " +
           merged_quarter(pack_series);
}

std::string add_energy(const std::string& table) {
    const auto meter = [](const std::string& name) {
        return name + " = CASE WHEN excluded." + name + " IS NULL THEN " + name + " ELSE coalesce(" + name +
               ", 0) + excluded." + name + " END";
    };
    return "INSERT INTO " + table +
           " (day, charged_mwh, discharged_mwh, transferred_mwh, imported_mwh, exported_mwh) VALUES (" +
           places(6) +
           ") ON CONFLICT (day) DO UPDATE SET charged_mwh = charged_mwh + excluded.charged_mwh, "
           "discharged_mwh = discharged_mwh + excluded.discharged_mwh, transferred_mwh = transferred_mwh + "
           "excluded.transferred_mwh, " +
           meter("imported_mwh") + ", " + meter("exported_mwh");
}

template <std::size_t N>
void bind(SqliteStatement& statement, int first, const SeriesRanges<N>& ranges) {
    for (const auto& range : ranges) {
        const auto bind_one = [&](std::int32_t Range::* member) {
            statement.bind(first++, range ? std::optional<std::int64_t>((*range).*member) : std::nullopt);
        };
        bind_one(&Range::mean);
        bind_one(&Range::min);
        bind_one(&Range::max);
    }
}

void write_energy(SqliteStatement& statement, LocalDay day, const Energy& energy) {
    statement.bind(0, std::int64_t{day})
        .bind(1, energy.charged)
        .bind(2, energy.discharged)
        .bind(3, energy.transferred)
        .bind(4, energy.imported)
        .bind(5, energy.exported)
        .run();
}

}  // namespace

Energy above(const Energy& a, const Energy& b) {
    const auto rest = [](std::int64_t x, std::int64_t y) { return std::max<std::int64_t>(x - y, 0); };
    const auto metered = [&](std::optional<std::int64_t> x, std::optional<std::int64_t> y) {
        return x ? std::optional(rest(*x, y.value_or(0))) : std::nullopt;
    };
    return {.charged = rest(a.charged, b.charged),
            .discharged = rest(a.discharged, b.discharged),
            .transferred = rest(a.transferred, b.transferred),
            .imported = metered(a.imported, b.imported),
            .exported = metered(a.exported, b.exported)};
}

bool StoreBatch::empty() const {
    return minutes.empty() && events.empty() && days.empty() && !total && !recent;
}

void StoreBatch::add(std::optional<LocalDay> day, const Energy& energy) {
    if (day) days[*day] += energy;
    if (!total) total.emplace();
    *total += energy;
}

void StoreBatch::put_back(StoreBatch older) {
    minutes.insert(minutes.begin(), older.minutes.begin(), older.minutes.end());
    events.insert(events.begin(), older.events.begin(), older.events.end());
    for (const auto& [day, energy] : older.days) days[day] += energy;
    if (older.total) {
        if (!total) total.emplace();
        *total += *older.total;
    }
    if (!recent) recent = std::move(older.recent);
}

std::size_t StoreBatch::trim(std::size_t most_minutes, std::size_t most_events) {
    std::size_t dropped = 0;
    for (; minutes.size() > most_minutes; ++dropped) minutes.pop_front();
    for (; events.size() > most_events; ++dropped) events.pop_front();
    return dropped;
}

StoreWriter::StoreWriter(Sqlite& database)
    : database_(database),
      bank_minute_(database, insert_minutes("bank_minute", "at", bank_series, bank_columns(),
                                            2 + 3 * bank_series_count)),
      pack_minute_(database, insert_minutes("pack_minute", "at, pack", pack_series, pack_columns(),
                                            3 + 3 * pack_series_count)),
      bank_quarter_(database, bank_quarters()),
      pack_quarter_(database, pack_quarters()),
      day_(database, add_energy("energy_day")),
      total_(database, add_energy("energy_total")),
      event_(
          database,
          "INSERT OR IGNORE INTO event (id, at, uptime_s, code, severity, pack, text_en, text_de) VALUES (" +
              places(8) + ')') {}

StoredEnergy StoreWriter::write(const StoreBatch& batch) {
    SqliteTransaction transaction(database_);
    std::int64_t newest = 0;
    for (const SeriesRow& row : batch.minutes) {
        write_minute(row);
        newest = row.at;
    }
    if (!batch.minutes.empty()) write_quarters(newest);
    for (const StoredEvent& event : batch.events) write_event(event);
    for (const auto& [day, energy] : batch.days) write_energy(day_, day, energy);
    if (batch.total) write_energy(total_, 0, *batch.total);
    if (batch.recent) {
        SqliteStatement(database_, "INSERT OR REPLACE INTO recent (id, samples) VALUES (1, ?)")
            .bind_blob(0, *batch.recent)
            .run();
    }
    const StoredEnergy stored{read_total(database_), read_last_day(database_)};
    transaction.commit();
    return stored;
}

void StoreWriter::write_minute(const SeriesRow& row) {
    const std::int64_t samples = std::max(row.samples, 1);
    bank_minute_.bind(0, row.at).bind(bank_samples, samples);
    bind(bank_minute_, 1, row.bank);
    bank_minute_.run();
    for (const NamedPackRanges& pack : row.packs) {
        pack_minute_.bind(0, row.at).bind(1, pack_id(pack.pack)).bind(pack_samples, samples);
        bind(pack_minute_, 2, pack.ranges);
        pack_minute_.run();
    }
    quarters_.insert(quarter_of(row.at));
}

// Only those that are over; the present one would be written again with each batch.
void StoreWriter::write_quarters(std::int64_t newest) {
    const std::int64_t present = quarter_of(newest);
    for (const std::int64_t begin : quarters_) {
        if (begin == present) continue;
        bank_quarter_.bind(0, begin).run();
        pack_quarter_.bind(0, begin).run();
    }
    quarters_ = {present};
}

void StoreWriter::recall_quarters() {
    SqliteStatement newest(database_,
                           "SELECT DISTINCT at / 900 * 900 FROM (SELECT at FROM bank_minute ORDER BY "
                           "at DESC LIMIT 120)");
    while (newest.step()) quarters_.insert(newest.integer(0));
}

void StoreWriter::write_event(const StoredEvent& event) {
    event_.bind(0, static_cast<std::int64_t>(event.id))
        .bind(1, event.at ? std::optional(event.at->seconds) : std::nullopt)
        .bind(2, event.uptime_s)
        .bind(3, std::string_view(event.code))
        .bind(4, std::int64_t{event.severity})
        .bind(5, std::string_view(event.pack))
        .bind(6, std::string_view(event.text_en))
        .bind(7, std::string_view(event.text_de))
        .run();
}

std::int64_t StoreWriter::pack_id(const std::string& name) {
    if (const auto known = packs_.find(name); known != packs_.end()) return known->second;
    SqliteStatement(database_, "INSERT OR IGNORE INTO pack (name) VALUES (?)")
        .bind(0, std::string_view(name))
        .run();
    SqliteStatement select(database_, "SELECT id FROM pack WHERE name = ?");
    select.bind(0, std::string_view(name)).step();
    return packs_[name] = select.integer(0);
}

bool StoreWriter::prune(const StoreSettings& settings) {
    SqliteTransaction transaction(database_);
    bool more = false;
    const auto keep = [&](const std::string& bank, const std::string& pack, std::int64_t count) {
        const auto row = [&](const char* order, std::int64_t offset) {
            return database_.number("SELECT at FROM " + bank + " ORDER BY at " + order + " LIMIT 1 OFFSET " +
                                    std::to_string(offset));
        };
        std::int64_t at = row("DESC", std::max<std::int64_t>(count, 1) - 1);
        if (at == 0) return;
        if (const std::int64_t portion = row("ASC", prune_portion); portion != 0 && portion < at) {
            at = portion;
            more = true;
        }
        for (const std::string& table : {bank, pack})
            database_.run("DELETE FROM " + table + " WHERE at < " + std::to_string(at));
    };
    keep("bank_minute", "pack_minute", settings.minutes);
    keep("bank_quarter", "pack_quarter", settings.quarters);
    database_.run(
        "DELETE FROM energy_day WHERE day NOT IN (SELECT day FROM energy_day ORDER BY day DESC LIMIT " +
        std::to_string(settings.days) + ")");
    // By number and not by distance: numbers may have gaps.
    database_.run(
        "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE id <= (SELECT id FROM event ORDER BY "
        "id DESC LIMIT 1 OFFSET " +
        std::to_string(std::max<std::int64_t>(settings.events, 0)) + ") ORDER BY id LIMIT " +
        std::to_string(prune_portion) + ')');
    more = more || database_.number("SELECT changes()") == prune_portion;
    transaction.commit();
    return more;
}

}  // namespace jkp::io
