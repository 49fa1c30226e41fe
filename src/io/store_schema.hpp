// SPDX-License-Identifier: MIT
// The tables of the history database, and how a database of an earlier version becomes one of this version.
#pragma once

#include <cstdint>
#include <string>

#include "io/sqlite.hpp"

namespace jkp::io {

inline constexpr std::int64_t store_version = 3;  // PRAGMA user_version

// A database that a later program wrote: it is left as it is.
class StoreTooNew : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

// Makes an empty or older database one of this version, in one transaction for each step. Throws SqliteError
// or StoreTooNew; the database is then as it was after the last step that succeeded.
void migrate(Sqlite& database);
// The steps one by one, for tests: from `version` to the next.
void migrate_step(Sqlite& database, std::int64_t version);

// "voltage_mv, voltage_mv_min, voltage_mv_max, current_ma, ..." of core/series.hpp.
std::string bank_columns();
std::string pack_columns();
// "?, ?, ?"
std::string places(std::size_t count);

}  // namespace jkp::io
