// SPDX-License-Identifier: MIT
// What is recorded and for how long, and who is told when something happens.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/time.hpp"

namespace jkp::config {

struct HistorySettings {
    bool enabled = true;
    std::string file = "/var/lib/jk-pylon/history.db";
    Duration write_period = std::chrono::seconds(120);
    int minutes_days = 28;
    int quarter_years = 2;
    int events = 10'000;
    bool operator==(const HistorySettings&) const = default;
};

enum class NotifySeverity : std::uint8_t { info, warning, error };
enum class NotifyLanguage : std::uint8_t { english, german };

// The address is a secret: whoever knows it can post there. So it is in a file of its own, never here.
struct NotifySettings {
    bool enabled = false;
    std::string url_file;
    std::string credential = "notify";  // of LoadCredential=, without url_file
    NotifySeverity severity = NotifySeverity::warning;
    NotifyLanguage language = NotifyLanguage::english;
    int per_hour = 10;
    std::string ca_file;
    bool operator==(const NotifySettings&) const = default;
};

}  // namespace jkp::config
