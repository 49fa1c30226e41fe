// SPDX-License-Identifier: MIT
// The history and the notifications.
#include <algorithm>

#include "config/check.hpp"

namespace jkp::config {
namespace {

void unused(std::initializer_list<const char*> keys, const std::string& why, Findings& findings) {
    for (const char* key : keys) {
        if (findings.has_seen(key)) findings.warning(key, "is not used: " + why);
    }
}

}  // namespace

void check_history(const Settings& settings, Findings& findings) {
    if (!settings.history.enabled) {
        unused({"history.file", "history.write_s", "history.minutes_days", "history.quarter_years",
                "history.events"},
               "history.enabled is false", findings);
    }
    const NotifySettings& notify = settings.notify;
    if (!notify.enabled) {
        unused({"notify.url_file", "notify.credential", "notify.severity", "notify.language",
                "notify.per_hour", "notify.ca_file"},
               "notify.enabled is not true", findings);
    } else if (!notify.url_file.empty()) {
        unused({"notify.credential"}, "notify.url_file is set", findings);
    }
}

}  // namespace jkp::config
