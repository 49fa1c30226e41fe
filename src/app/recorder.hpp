// SPDX-License-Identifier: MIT
// Records what the snapshot shows: seconds for an hour in memory, minutes, quarters of an hour, energy and
// events in the database. Answers questions about it without ever making the loop wait. A card that is slow,
// full or broken changes nothing for control. Thread: that of the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "core/series.hpp"
#include "io/store.hpp"
#include "report/event_record.hpp"
#include "report/history.hpp"
#include "report/snapshot.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct RecorderSettings {
    bool enabled = true;  // false: no database; the last hour and the last events are still there
    io::StoreSettings store;
    std::size_t ring = 3600;  // seconds in memory
    std::size_t waiting_queries = 8;
};

struct RecorderHandlers {
    std::function<report::Snapshot()> snapshot;
    std::function<std::optional<WallTime>()> wall;  // absent: the clock is not set
    // Recording stops, goes on, or has lost a damaged file: each change once.
    std::function<void(bool good, const std::string& sentence)> on_state;
    std::function<LocalDay(WallTime)> local_day = {};  // empty: in the time zone of this machine
    // The file holds events with higher numbers: those of all later events are to be higher by this.
    std::function<void(std::uint64_t by)> on_raised = {};
};

// Why a question got no answer.
struct RecorderFault {
    bool busy = false;  // ask again later; otherwise the question is wrong
    std::string sentence;
};
template <class Answer>
using Reply = std::function<void(Result<Answer, RecorderFault>)>;

// Now, with what is not written yet. Absent until the database was opened.
struct EnergyNow {
    Energy total;
    EnergyDay today;  // day 0: the clock is not set
};

class Recorder {
  public:
    Recorder(boost::asio::io_context& loop, RecorderSettings settings, RecorderHandlers handlers);
    ~Recorder();  // as stop(), and waits for the last batch, 3 s at most
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    // The number that the next event has.
    [[nodiscard]] std::uint64_t next_event_id() const;

    // Opens the file; what came before that waits in memory.
    void start();
    // Writes what waits, without waiting for it. No question is answered any more. `ended` comes over the
    // loop when the file is closed, and is called at the first stop() only.
    void stop(std::function<void()> ended = {});
    // After each control cycle; takes at most one sample a second.
    void on_cycle(TimePoint now);
    void on_event(const report::EventRecord& event);
    [[nodiscard]] report::LinkView view() const;
    [[nodiscard]] std::optional<EnergyNow> energy() const;

    // The reply comes over the loop, never from inside these.
    void history(report::HistoryRequest request, Reply<report::HistoryTable> reply);
    // Those with a smaller number, newest first; at most report::max_history_events.
    void events(std::uint64_t before, std::size_t limit, Reply<report::EventPage> reply);
    void energy_days(std::size_t days, Reply<report::EnergyReport> reply);
    // Writes now; for tests and for the end of a demo.
    void flush(std::function<void(bool)> done);

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
