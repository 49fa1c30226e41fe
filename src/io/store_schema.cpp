// SPDX-License-Identifier: MIT
#include "io/store_schema.hpp"

#include "core/series.hpp"

namespace jkp::io {
namespace {

template <std::size_t N>
std::string columns_of(const std::array<SeriesText, N>& series, const std::string& type) {
    std::string text;
    for (const SeriesText& one : series) {
        for (const char* ending : {"", "_min", "_max"}) {
            text += (text.empty() ? "" : ", ") + std::string(one.column) + ending + type;
        }
    }
    return text;
}

// A new series is a step of its own (ALTER TABLE ... ADD COLUMN), and first_tables keeps those of its time.
static_assert(bank_series_count == 11 && pack_series_count == 6);

// Version 1. `at`: the begin, seconds since 1970 UTC. Packs are named once, so that a row stays small.
std::string first_tables() {
    std::string sql = "CREATE TABLE pack (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);";
    for (const char* period : {"minute", "quarter"}) {
        sql += "CREATE TABLE bank_" + std::string(period) + " (at INTEGER PRIMARY KEY, " +
               columns_of(bank_series, " INTEGER") + ");";
        sql += "CREATE TABLE pack_" + std::string(period) + " (at INTEGER NOT NULL, pack INTEGER NOT NULL, " +
               columns_of(pack_series, " INTEGER") + ", PRIMARY KEY (at, pack)) WITHOUT ROWID;";
    }
    const std::string energy =
        "charged_mwh INTEGER NOT NULL, discharged_mwh INTEGER NOT NULL, imported_mwh INTEGER, exported_mwh "
        "INTEGER";
    sql += "CREATE TABLE energy_day (day INTEGER PRIMARY KEY, " + energy + ");";
    sql += "CREATE TABLE energy_total (day INTEGER PRIMARY KEY CHECK (day = 0), " + energy + ");";
    sql +=
        "CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER, code TEXT NOT NULL, severity INTEGER NOT "
        "NULL, pack TEXT NOT NULL, text_en TEXT NOT NULL, text_de TEXT NOT NULL);";
    return sql;
}

// Version 2: energy moved between the batteries, the uptime of an event, and the last hour in seconds.
constexpr const char* second_tables =
    "ALTER TABLE energy_day ADD COLUMN transferred_mwh INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE energy_total ADD COLUMN transferred_mwh INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE event ADD COLUMN uptime_s INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE recent (id INTEGER PRIMARY KEY CHECK (id = 1), samples BLOB NOT NULL);";

// Version 3: of how many samples the means are, for those that come to the same minute later. What is there
// counts as whole.
std::string third_tables() {
    std::string sql;
    for (const char* subject : {"bank", "pack"}) {
        for (const char* period : {"minute", "quarter"}) {
            sql += "ALTER TABLE " + std::string(subject) + '_' + period +
                   " ADD COLUMN samples INTEGER NOT NULL DEFAULT " +
                   (std::string_view(period) == "minute" ? "60;" : "900;");
        }
    }
    return sql;
}

}  // namespace

void migrate_step(Sqlite& database, std::int64_t version) {
    SqliteTransaction transaction(database);
    database.run(version == 0 ? first_tables() : version == 1 ? std::string(second_tables) : third_tables());
    database.run("PRAGMA user_version = " + std::to_string(version + 1));
    transaction.commit();
}

void migrate(Sqlite& database) {
    std::int64_t version = database.number("PRAGMA user_version");
    if (version > store_version) {
        throw StoreTooNew("it was written by a later version of this program (format " +
                          std::to_string(version) + ", this one knows " + std::to_string(store_version) +
                          "); it is left as it is. Update the program, or give history.file another name");
    }
    for (; version < store_version; ++version) migrate_step(database, version);
}

std::string bank_columns() {
    return columns_of(bank_series, "");
}
std::string pack_columns() {
    return columns_of(pack_series, "");
}
std::string places(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += i == 0 ? "?" : ", ?";
    return text;
}

}  // namespace jkp::io
