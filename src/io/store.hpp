// SPDX-License-Identifier: MIT
// The history database (SQLite in WAL), written on a thread of its own in batches, so that a slow, full or
// broken card never delays the caller. What cannot be written waits, up to a bound, and is tried again. Only
// one program at a time writes into a file (store_lock.hpp).
// Thread: one that calls; handlers come over the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/series.hpp"
#include "core/time.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

struct StoredEvent {
    std::uint64_t id = 0;
    std::optional<WallTime> at;
    std::int64_t uptime_s = 0;
    std::string code;
    std::uint8_t severity = 0;
    std::string pack;
    std::string text_en;
    std::string text_de;
    bool operator==(const StoredEvent&) const = default;
};

struct StoreSettings {
    std::string file;
    std::chrono::milliseconds write_period{120'000};
    std::chrono::milliseconds event_delay{3'000};  // an event is written sooner, with all that waits
    // How many are kept; by number and not by age, so that a clock that is wrong erases nothing.
    std::int64_t minutes = 28 * 1440;
    std::int64_t quarters = 2 * 366 * 96;
    std::int64_t days = 10 * 366;
    std::int64_t events = 10'000;
    std::size_t waiting_minutes = 1440;  // while nothing can be written
    std::size_t waiting_events = 1000;
    std::uint64_t next_event = 1;               // no event that comes has a smaller number
    std::chrono::milliseconds patience{3'000};  // for the last batch; systemd allows 5 s for all
};

enum class StoreState : std::uint8_t {
    opening,    // the first check is under way
    recording,  // the last batch was written
    stalled,    // it was not; tried again
    refused,    // a database of a later program; only another file or program changes that
};
std::string_view name(StoreState state);

struct StoreStatus {
    StoreState state = StoreState::opening;
    std::string sentence;  // what is wrong, and the next step; empty = nothing
    std::uint64_t batches = 0;
    std::uint64_t failures = 0;
    std::uint64_t minutes = 0;  // written
    std::uint64_t events = 0;
    std::uint64_t dropped = 0;  // minutes and events that waited too long
    std::uint64_t moved_aside = 0;
    std::uint64_t bytes = 0;  // of the database and its log, after the last batch
};

// What a file that was opened adds to what was known: at first all that it holds. One that takes the place of
// another gets what only the other one held.
struct StoreBegin {
    Energy total;
    EnergyDay last_day;                 // day 0: none
    std::string recent;                 // of save_recent(), at first only
    std::uint64_t newest_event = 0;     // in the file; 0: none
    std::uint64_t first_unwritten = 0;  // the events from this number on are not in it
    std::uint64_t raised = 0;  // by so much their numbers and those of all later events are now higher,
                               // so that they follow those in the file
};

struct StoreHandlers {
    // Each time a file is opened that can be written: first, and when it was replaced or removed. Events that
    // are added after this call have the higher numbers already.
    std::function<void(const StoreBegin&)> on_opened;
    // Recording stops or goes on, or a damaged file was moved aside: each change once.
    std::function<void(bool good, const std::string& sentence)> on_state;
};

class Store {
  public:
    Store(boost::asio::io_context& loop, StoreSettings settings, StoreHandlers handlers);
    ~Store();  // as stop(), and waits for the last batch, as long as patience says
    Store(const Store&) = delete;
    Store& operator=(const Store&) = delete;

    void start();
    // Writes what waits and ends; does not wait. No handler is called any more but `ended`, when the file is
    // closed.
    void stop(std::function<void()> ended = {});

    void add(SeriesRow minute);
    void add(StoredEvent event);
    // Added to the total, and to the day when it is known.
    void add(std::optional<LocalDay> day, const Energy& energy);
    // The last samples, opaque here; written at the end of the program.
    void save_recent(std::string samples);
    // Writes now; `done` comes over the loop with whether it was written.
    void flush(std::function<void(bool)> done = {});

    [[nodiscard]] StoreStatus status() const;

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

// The number of the newest event in the file, quickly and without any check; 0 when there is none.
std::uint64_t newest_event(const std::string& file);

}  // namespace jkp::io
