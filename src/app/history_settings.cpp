// SPDX-License-Identifier: MIT
#include "app/history_settings.hpp"

namespace jkp::app {

RecorderSettings recorder_settings(const config::HistorySettings& s) {
    RecorderSettings result;
    result.enabled = s.enabled;
    result.store.file = s.file;
    result.store.write_period = std::chrono::duration_cast<std::chrono::milliseconds>(s.write_period);
    result.store.minutes = std::int64_t{s.minutes_days} * 1440;
    result.store.quarters = std::int64_t{s.quarter_years} * 366 * 96;
    result.store.events = s.events;
    return result;
}

// The enumerators of both stand in the same order.
NotifierSettings notifier_settings(const config::NotifySettings& s) {
    NotifierSettings result;
    result.url_file = s.url_file;
    result.credential = s.credential;
    result.severity = static_cast<report::Severity>(s.severity);
    result.language = static_cast<report::Language>(s.language);
    result.per_hour = static_cast<std::size_t>(s.per_hour);
    result.ca_file = s.ca_file;
    return result;
}

}  // namespace jkp::app
