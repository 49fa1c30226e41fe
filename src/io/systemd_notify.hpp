// SPDX-License-Identifier: MIT
// What the program tells systemd. Every call does nothing when the program was not started by systemd
// (NOTIFY_SOCKET unset) and never blocks. Thread: the one that runs the loop.
#pragma once

#include <optional>
#include <string>

#include "core/time.hpp"

namespace jkp::io::systemd {

void ready(const std::string& status);      // start is complete
void status(const std::string& status);     // one line, shown by systemctl status
void watchdog();                            // still alive; only from a completed control cycle
void reloading(const std::string& status);  // followed by ready()
void stopping(const std::string& status);

// How often watchdog() must be called at the latest; absent when systemd does not watch this process.
// A call every half of it is customary.
std::optional<Duration> watchdog_interval();

}  // namespace jkp::io::systemd
