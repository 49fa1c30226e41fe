// SPDX-License-Identifier: MIT
#include "app/service_report.hpp"

#include "app/snapshots.hpp"
#include "io/systemd_notify.hpp"

namespace jkp::app {
namespace {

constexpr Duration status_period = control::seconds(10);

}  // namespace

void ServiceReport::begin() {
    if (const auto interval = io::systemd::watchdog_interval()) every_ = *interval / 2;
    io::systemd::ready("waiting for the BMS");
}

void ServiceReport::after_cycle(const control::Decision& decision, TimePoint now) {
    if (every_ && now - watchdog_at_ >= *every_) {
        watchdog_at_ = now;
        io::systemd::watchdog();
    }
    if (now - status_at_ < status_period) return;
    status_at_ = now;
    io::systemd::status(status_line(decision));
}

TimePoint ServiceReport::due(TimePoint now) const {
    return every_ ? now + *every_ : TimePoint::max();
}

}  // namespace jkp::app
