// SPDX-License-Identifier: MIT
// What waits to be written, bounded, and the statements that write it.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "io/sqlite.hpp"
#include "io/store.hpp"

namespace jkp::io {

// What the file holds: the total, and the last day.
struct StoredEnergy {
    Energy total;
    EnergyDay last_day;
};
// By how much `a` is above `b`, each counter for itself.
Energy above(const Energy& a, const Energy& b);

struct StoreBatch {
    std::deque<SeriesRow> minutes;
    std::deque<StoredEvent> events;
    std::map<LocalDay, Energy> days;
    std::optional<Energy> total;
    std::optional<std::string> recent;

    [[nodiscard]] bool empty() const;
    void add(std::optional<LocalDay> day, const Energy& energy);
    // Puts `older`, which could not be written, before this.
    void put_back(StoreBatch older);
    // Drops the oldest beyond the bounds; how many.
    std::size_t trim(std::size_t minutes, std::size_t events);
};

// Writes into an open database of the present version. Thread: the store's.
class StoreWriter {
  public:
    explicit StoreWriter(Sqlite& database);
    // All or nothing: what the file then holds. An event whose number is taken is left out. Throws
    // SqliteError.
    StoredEnergy write(const StoreBatch& batch);
    // Deletes a portion of what is beyond the numbers to keep. True: there may be more.
    bool prune(const StoreSettings& settings);
    // Quarters of an hour whose minutes may have changed: of the newest rows, after a start.
    void recall_quarters();

  private:
    void write_minute(const SeriesRow& row);
    void write_event(const StoredEvent& event);
    void write_quarters(std::int64_t newest);
    std::int64_t pack_id(const std::string& name);

    Sqlite& database_;
    SqliteStatement bank_minute_;
    SqliteStatement pack_minute_;
    SqliteStatement bank_quarter_;
    SqliteStatement pack_quarter_;
    SqliteStatement day_;
    SqliteStatement total_;
    SqliteStatement event_;
    std::map<std::string, std::int64_t> packs_;
    std::set<std::int64_t> quarters_;  // begun, and not yet made
};

}  // namespace jkp::io
