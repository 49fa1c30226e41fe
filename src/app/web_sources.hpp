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

#include "app/recorder.hpp"
#include "config/settings.hpp"
#include "report/history.hpp"
#include "report/metrics.hpp"
#include "report/snapshot.hpp"

namespace jkp::app {

// What is to be said to a command: 200, 403, 409, 422, 503, with the JSON of docs/web.md.
struct CommandReply {
    unsigned status = 200;
    std::string json;
};

struct WebSources {
    std::function<report::Snapshot()> snapshot;         // must be there
    std::function<const config::Settings&()> settings;  // must be there
    std::string config_file;                            // its name, for people
    std::function<std::optional<WallTime>()> time;
    std::function<std::optional<Energy>()> energy_total;  // since the counters began
    std::function<report::MetricsExtra()> metrics_extra;  // without energy

    // As those of app/recorder.hpp.
    std::function<void(std::uint64_t before, std::size_t limit, Reply<report::EventPage>)> events;
    std::function<void(report::HistoryRequest, Reply<report::HistoryTable>)> history;
    std::function<void(std::size_t days, Reply<report::EnergyReport>)> energy;
    // `body` is a JSON object as the client sent it; `client` is its address.
    std::function<CommandReply(std::string_view body, const std::string& client)> command;
};

}  // namespace jkp::app
