// SPDX-License-Identifier: MIT
// The parameters of an address, checked. An error is a sentence for the client. Thread: any.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "core/result.hpp"
#include "io/web_message.hpp"
#include "report/history.hpp"

namespace jkp::app {

inline constexpr std::size_t most_series = 24;
inline constexpr std::size_t most_values =
    24000;  // points times series: what is made in one turn of the loop
inline constexpr std::size_t most_days = 1100;

Result<report::Language, std::string> language_of(const io::WebRequest& request);
struct EventsQuery {
    std::uint64_t before = newest;  // only older ones than this id
    std::size_t limit = 100;
    static constexpr std::uint64_t newest = std::numeric_limits<std::int64_t>::max();
};
Result<EventsQuery, std::string> events_query(const io::WebRequest& request);
// Without from and to: the last day before `now`.
Result<report::HistoryRequest, std::string> history_query(const io::WebRequest& request,
                                                          std::optional<WallTime> now);
Result<std::size_t, std::string> days_of(const io::WebRequest& request);

}  // namespace jkp::app
