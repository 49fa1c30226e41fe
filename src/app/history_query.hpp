// SPDX-License-Identifier: MIT
// A question about what was recorded, answered from the database and from what is not written yet. Blocks;
// for a thread of its own, or for a command.
#pragma once

#include <cstdint>
#include <vector>

#include "io/store_reader.hpp"
#include "report/history.hpp"

namespace jkp::app {

// What the database does not hold yet. All of it may be empty.
struct Unwritten {
    std::vector<SeriesRow> minutes;           // oldest first; also such that are written already
    std::vector<report::EventRecord> events;  // oldest first; likewise
    std::vector<EnergyDay> days;              // whole ones: the newest
    std::optional<Energy> total;
};

// `reader` may be null: then what is unwritten is all there is. Throws io::SqliteError.
report::HistoryTable ask_history(io::StoreReader* reader, const report::HistoryRequest& request,
                                 const Unwritten& unwritten);
report::EventPage ask_events(io::StoreReader* reader, std::uint64_t before, std::size_t limit,
                             const Unwritten& unwritten);
report::EnergyReport ask_energy(io::StoreReader* reader, std::size_t days, const Unwritten& unwritten);

io::StoredEvent stored(const report::EventRecord& event);
report::EventRecord recorded(const io::StoredEvent& event);

}  // namespace jkp::app
