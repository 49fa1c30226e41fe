// SPDX-License-Identifier: MIT
#include "io/systemd_notify.hpp"

#include <systemd/sd-daemon.h>
#include <time.h>

#include <algorithm>

namespace jkp::io::systemd {
namespace {

constexpr int keep_environment = 0;

// A line break would begin another assignment.
std::string status_line(std::string text) {
    std::ranges::replace(text, '\n', ' ');
    return "STATUS=" + text;
}

void notify(const std::string& assignments) {
    sd_notify(keep_environment, assignments.c_str());
}

// systemd compares it with its own CLOCK_MONOTONIC.
std::string monotonic_microseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return std::to_string(std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000);
}

}  // namespace

void ready(const std::string& status) {
    notify("READY=1\n" + status_line(status));
}
void status(const std::string& status) {
    notify(status_line(status));
}
void watchdog() {
    notify("WATCHDOG=1");
}
void reloading(const std::string& status) {
    notify("RELOADING=1\nMONOTONIC_USEC=" + monotonic_microseconds() + '\n' + status_line(status));
}
void stopping(const std::string& status) {
    notify("STOPPING=1\n" + status_line(status));
}

std::optional<Duration> watchdog_interval() {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(keep_environment, &microseconds) <= 0) return std::nullopt;
    return Duration(static_cast<Duration::rep>(microseconds));
}

}  // namespace jkp::io::systemd
