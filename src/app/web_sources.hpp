// SPDX-License-Identifier: MIT
// Where the web server's answers come from. Each is optional: what is not there is answered with 503, or left
// out. All are called on the loop's thread; those with a callback answer later, on the same thread, and must
// not block.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/settings.hpp"
#include "core/result.hpp"
#include "report/metrics.hpp"
#include "report/snapshot.hpp"
#include "report/history.hpp"

namespace jkp::app {

struct EventsQuery {
    std::optional<std::uint64_t> before;  // only older ones than this id
    std::size_t limit = 100;
};

struct HistoryQuery {
    std::int64_t from = 0;  // seconds since 1970
    std::int64_t to = 0;
    std::size_t points = 600;
    std::vector<std::string> series;
};

// What is to be said to a command: 200, 403, 409, 422, 503, with the JSON of docs/web.md.
struct CommandReply {
    unsigned status = 200;
    std::string json;
};

// Why there is no answer, as it is told to the client: 400 the question is wrong, 503 not now.
struct WebFault {
    unsigned status = 503;
    std::string sentence;
};

template <class T>
using Later = std::function<void(Result<T, WebFault>)>;

struct WebSources {
    std::function<report::Snapshot()> snapshot;         // must be there
    std::function<const config::Settings&()> settings;  // must be there
    std::string config_file;                            // its name, for people
    std::function<std::optional<WallTime>()> time;
    std::function<std::optional<Energy>()> energy_total;
    std::function<report::MetricsExtra()> metrics_extra;  // without energy

    std::function<void(const EventsQuery&, Later<report::EventPage>)> events;
    std::function<void(const HistoryQuery&, Later<report::HistoryTable>)> history;
    std::function<void(const std::size_t& days, Later<report::EnergyReport>)> energy;
    // `body` is a JSON object as the client sent it; `who` is "http 127.0.0.1".
    std::function<CommandReply(std::string_view body, const std::string& who)> command;
};

}  // namespace jkp::app
