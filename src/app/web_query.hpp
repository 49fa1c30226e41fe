// SPDX-License-Identifier: MIT
// The parameters of an address, checked. An error is a sentence for the client. Thread: any.
#pragma once

#include <optional>
#include <string>

#include "app/web_sources.hpp"
#include "core/result.hpp"
#include "io/web_message.hpp"

namespace jkp::app {

inline constexpr std::size_t most_events = 500;
inline constexpr std::size_t most_points = 2000;
inline constexpr std::size_t most_series = 24;
inline constexpr std::size_t most_values =
    24000;  // points times series: what is made in one turn of the loop
inline constexpr std::size_t most_days = 1100;

Result<report::Language, std::string> language_of(const io::WebRequest& request);
Result<EventsQuery, std::string> events_query(const io::WebRequest& request);
// Without from and to: the last day before `now`.
Result<HistoryQuery, std::string> history_query(const io::WebRequest& request, std::optional<WallTime> now);
Result<std::size_t, std::string> days_of(const io::WebRequest& request);

}  // namespace jkp::app
