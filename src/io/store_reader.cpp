// SPDX-License-Identifier: MIT
#include "io/store_reader.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <limits>

#include "io/store_schema.hpp"

namespace jkp::io {
namespace {

const char* word(StorePeriod period) {
    return period == StorePeriod::minute ? "minute" : "quarter";
}

template <std::size_t N>
std::string columns(const std::array<SeriesText, N>& texts, const std::vector<std::size_t>& series) {
    std::string text = "at";
    for (const std::size_t i : series) {
        const std::string name(texts.at(i).column);
        text += ", " + name + ", " + name + "_min, " + name + "_max";
    }
    return text + ", samples";
}

Energy energy_at(const SqliteStatement& row, int first) {
    return {.charged = row.integer(first),
            .discharged = row.integer(first + 1),
            .transferred = row.integer(first + 2),
            .imported = row.optional(first + 3),
            .exported = row.optional(first + 4)};
}

constexpr const char* energy_columns =
    "charged_mwh, discharged_mwh, transferred_mwh, imported_mwh, exported_mwh";

}  // namespace

StoreReader::StoreReader(const std::string& file) : database_(file, Sqlite::Mode::read) {
    database_.run("PRAGMA query_only = 1; PRAGMA mmap_size = 0; PRAGMA cache_size = -1024");
    const std::int64_t version = database_.number("PRAGMA user_version");
    if (version != store_version) {
        throw SqliteError(0, file + " has format " + std::to_string(version) + ", this program reads " +
                                 std::to_string(store_version) +
                                 "; the running program brings an older one up to date");
    }
}

void StoreReader::rows(SqliteStatement& statement, bool of_pack, const std::string& name,
                       const std::vector<std::size_t>& series, const Visit& visit) {
    // Between two statements an interrupt finds nothing to end.
    if (ended_) throw SqliteError(SQLITE_INTERRUPT, "the query was broken off");
    SeriesRow row;
    if (of_pack) row.packs.push_back({name, {}});
    while (statement.step()) {
        row.at = statement.integer(0);
        for (std::size_t i = 0; i < series.size(); ++i) {
            std::optional<Range>& range =
                of_pack ? row.packs[0].ranges.at(series[i]) : row.bank.at(series[i]);
            const int column = static_cast<int>(1 + 3 * i);
            range.reset();
            if (statement.is_null(column)) continue;
            const auto value = [&](int offset) {
                return static_cast<std::int32_t>(statement.integer(column + offset));
            };
            range = Range{value(0), value(1), value(2)};
        }
        row.samples = static_cast<std::int32_t>(statement.integer(static_cast<int>(1 + 3 * series.size())));
        visit(row);
    }
}

void StoreReader::bank(StorePeriod period, std::int64_t from, std::int64_t to,
                       const std::vector<std::size_t>& series, const Visit& visit) {
    SqliteStatement statement(database_, "SELECT " + columns(bank_series, series) + " FROM bank_" +
                                             word(period) + " WHERE at >= ? AND at < ? ORDER BY at");
    statement.bind(0, from).bind(1, to);
    rows(statement, false, {}, series, visit);
}

void StoreReader::pack(StorePeriod period, std::int64_t from, std::int64_t to, const std::string& name,
                       const std::vector<std::size_t>& series, const Visit& visit) {
    SqliteStatement statement(database_,
                              "SELECT " + columns(pack_series, series) + " FROM pack_" + word(period) +
                                  " WHERE at >= ? AND at < ? AND pack = (SELECT id FROM pack WHERE name = ?) "
                                  "ORDER BY at");
    statement.bind(0, from).bind(1, to).bind(2, std::string_view(name));
    rows(statement, true, name, series, visit);
}

std::optional<std::int64_t> StoreReader::oldest(StorePeriod period) {
    SqliteStatement statement(database_, std::string("SELECT min(at) FROM bank_") + word(period));
    return statement.step() ? statement.optional(0) : std::nullopt;
}

std::optional<std::int64_t> StoreReader::newest(StorePeriod period) {
    SqliteStatement statement(database_, std::string("SELECT max(at) FROM bank_") + word(period));
    return statement.step() ? statement.optional(0) : std::nullopt;
}

std::vector<StoredEvent> StoreReader::events(std::uint64_t before, std::size_t limit) {
    SqliteStatement statement(
        database_,
        "SELECT id, at, uptime_s, code, severity, pack, text_en, text_de FROM event WHERE "
        "id < ? ORDER BY id DESC LIMIT ?");
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    statement.bind(0, static_cast<std::int64_t>(std::min(before, most)))
        .bind(1, static_cast<std::int64_t>(limit));
    std::vector<StoredEvent> found;
    while (statement.step()) {
        StoredEvent event;
        event.id = static_cast<std::uint64_t>(statement.integer(0));
        if (const auto at = statement.optional(1)) event.at = WallTime{*at};
        event.uptime_s = statement.integer(2);
        event.code = statement.text(3);
        event.severity = static_cast<std::uint8_t>(std::clamp<std::int64_t>(statement.integer(4), 0, 2));
        event.pack = statement.text(5);
        event.text_en = statement.text(6);
        event.text_de = statement.text(7);
        found.push_back(std::move(event));
    }
    return found;
}

std::vector<EnergyDay> StoreReader::days(std::size_t limit) {
    return read_days(database_, limit);
}

Energy StoreReader::total() {
    return read_total(database_);
}

std::vector<std::string> StoreReader::packs() {
    SqliteStatement statement(database_, "SELECT name FROM pack ORDER BY id");
    std::vector<std::string> names;
    while (statement.step()) names.push_back(statement.text(0));
    return names;
}

Energy read_total(Sqlite& database) {
    SqliteStatement statement(database, std::string("SELECT ") + energy_columns + " FROM energy_total");
    return statement.step() ? energy_at(statement, 0) : Energy{};
}

std::vector<EnergyDay> read_days(Sqlite& database, std::size_t limit) {
    SqliteStatement statement(database, std::string("SELECT day, ") + energy_columns +
                                            " FROM energy_day ORDER BY day DESC LIMIT ?");
    statement.bind(0, static_cast<std::int64_t>(limit));
    std::vector<EnergyDay> found;
    while (statement.step())
        found.push_back({static_cast<LocalDay>(statement.integer(0)), energy_at(statement, 1)});
    std::ranges::reverse(found);
    return found;
}

EnergyDay read_last_day(Sqlite& database) {
    const auto days = read_days(database, 1);
    return days.empty() ? EnergyDay{} : days.front();
}

Energy read_day(Sqlite& database, LocalDay day) {
    SqliteStatement statement(database,
                              std::string("SELECT ") + energy_columns + " FROM energy_day WHERE day = ?");
    statement.bind(0, std::int64_t{day});
    return statement.step() ? energy_at(statement, 0) : Energy{};
}

std::uint64_t read_newest_event(Sqlite& database) {
    return static_cast<std::uint64_t>(database.number("SELECT coalesce(max(id), 0) FROM event"));
}

std::string read_recent(Sqlite& database) {
    return database.word("SELECT samples FROM recent");
}

std::uint64_t newest_event(const std::string& file) {
    try {
        Sqlite database(file, Sqlite::Mode::read);
        return read_newest_event(database);
    } catch (const SqliteError&) {
        return 0;  // none, or not to be used; whoever opens it for writing says so
    }
}

}  // namespace jkp::io
