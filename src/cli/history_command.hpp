// SPDX-License-Identifier: MIT
// What was recorded, read from the database file; also while the daemon runs.
#pragma once

#include <string>
#include <vector>

namespace jkp::cli {

struct HistoryOptions {
    std::string config;
    std::string file;        // the database; empty = as configured
    std::string from;        // "2026-11-25", "2026-11-25T12:00:00Z", seconds since 1970, or "-24h"
    std::string to = "now";  // the same
    std::vector<std::string> series;
    std::size_t points = 48;
    bool csv = false;
    bool json = false;
    bool energy = false;  // days instead of a plot's points
    std::size_t days = 30;
};
int history(const HistoryOptions& options);

struct EventsOptions {
    std::string config;
    std::string file;
    std::size_t limit = 50;
    std::string language = "en";
    bool json = false;
};
int events(const EventsOptions& options);

}  // namespace jkp::cli
