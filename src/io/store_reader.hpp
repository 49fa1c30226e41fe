// SPDX-License-Identifier: MIT
// Reads the history database on a connection of its own, also while the daemon writes into it. StoreQueries
// does so on a thread of its own, because a query over years takes its time.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/series.hpp"
#include "io/sqlite.hpp"
#include "io/store.hpp"

namespace jkp::io {

enum class StorePeriod : std::uint8_t { minute, quarter };
constexpr std::int64_t seconds_of(StorePeriod period) {
    return period == StorePeriod::minute ? 60 : 900;
}

// Throws SqliteError. Thread: one at a time, but for interrupt().
class StoreReader {
  public:
    explicit StoreReader(const std::string& file);

    // The rows from `from` to before `to`, oldest first; only the named series are filled. Those of a pack
    // come with this pack alone; one that is not known has none.
    using Visit = std::function<void(const SeriesRow&)>;
    void bank(StorePeriod period, std::int64_t from, std::int64_t to, const std::vector<std::size_t>& series,
              const Visit& visit);
    void pack(StorePeriod period, std::int64_t from, std::int64_t to, const std::string& name,
              const std::vector<std::size_t>& series, const Visit& visit);
    std::optional<std::int64_t> oldest(StorePeriod period);
    std::optional<std::int64_t> newest(StorePeriod period);

    // Those with a smaller number, newest first.
    std::vector<StoredEvent> events(std::uint64_t before, std::size_t limit);
    // The newest, oldest first.
    std::vector<EnergyDay> days(std::size_t limit);
    Energy total();
    std::vector<std::string> packs();

    // From any thread: what is running ends with an error.
    void interrupt() {
        ended_ = true;
        database_.interrupt();
    }

  private:
    void rows(SqliteStatement& statement, bool of_pack, const std::string& name,
              const std::vector<std::size_t>& series, const Visit& visit);
    Sqlite database_;
    std::atomic<bool> ended_ = false;
};

Energy read_total(Sqlite& database);
std::vector<EnergyDay> read_days(Sqlite& database, std::size_t limit);  // the newest, oldest first
EnergyDay read_last_day(Sqlite& database);
Energy read_day(Sqlite& database, LocalDay day);    // nothing: all 0
std::uint64_t read_newest_event(Sqlite& database);  // 0: none
std::string read_recent(Sqlite& database);

// Jobs one after the other on a thread of its own; only a few may wait.
class StoreQueries {
  public:
    static constexpr std::size_t max_waiting = 8;

    explicit StoreQueries(std::string file) : StoreQueries(std::move(file), max_waiting) {}
    StoreQueries(std::string file, std::size_t waiting);
    ~StoreQueries();  // as stop(), and waits 3 s at most
    StoreQueries(const StoreQueries&) = delete;
    StoreQueries& operator=(const StoreQueries&) = delete;

    // Called on the other thread. Null: the database cannot be opened, `fault` says why. What a job
    // throws is dropped: it catches what it wants to tell.
    using Job = std::function<void(StoreReader* reader, const std::string& fault)>;
    // False: too many wait already.
    bool ask(Job job);
    // Breaks off the one that runs; those that wait are not run. Does not wait: `ended` is called on the
    // other thread. A job may outlive this when the card hangs, so it owns what it uses.
    void stop(std::function<void()> ended);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
