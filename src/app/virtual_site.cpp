// SPDX-License-Identifier: MIT
#include "app/virtual_site.hpp"

#include <algorithm>
#include <cmath>

#include "meter/speedwire.hpp"
#include "sim/first_power.hpp"

namespace jkp::app {
namespace {

constexpr double step_s = std::chrono::duration<double>(sim::Site::step_time).count();

}  // namespace

VirtualSite::VirtualSite(const VirtualSiteSettings& settings, TimePoint start)
    : serial_(settings.meter.serial),
      site_(settings.site, settings.supply, start),
      meter_(settings.meter, start),
      device_(settings.peer),
      line_(settings.peer_period, start) {}

void VirtualSite::advance(TimePoint now, sim::Inverter& inverter, const Battery& battery) {
    const double volts = battery.voltage.count() / 1000.0;
    while (site_.next() <= now) {
        const TimePoint at = site_.next();
        const double amps = inverter.step(at, battery.voltage).count() / 1000.0;
        const bool flows = amps > 0.0 ? battery.charges : battery.discharges;
        charge_as_ += amps * step_s;
        passed_s_ += step_s;
        site_.step({flows ? amps * volts : 0.0, sim::power_range(inverter, at, volts)});
        if (meter_.next_sample() <= at) meter_.observe(site_.exported_ws());
        if (on_step_) on_step_(site_);
    }
}

std::optional<Milliamps> VirtualSite::take_mean_current() {
    if (passed_s_ <= 0.0) return std::nullopt;
    const double mean_a = charge_as_ / passed_s_;
    charge_as_ = passed_s_ = 0.0;
    return Milliamps(static_cast<std::int32_t>(std::lround(mean_a * 1000.0)));
}

Milliamps VirtualSite::wish(Millivolts voltage) const {
    const double amps = site_.wish_w() / std::max(1.0, voltage.count() / 1000.0);
    return Milliamps(static_cast<std::int32_t>(std::lround(amps * 1000.0)));
}

TimePoint VirtualSite::next_event() const {
    const TimePoint sample = std::max(meter_.next_sample(), site_.next());
    return std::min({meter_.next_datagram().value_or(sample), sample, line_.next(device_)});
}

std::optional<Stamped<GridReading>> VirtualSite::next_grid(TimePoint now) {
    while (const auto datagram = meter_.take(now)) {
        const auto reading = meter::decode_speedwire(*datagram);
        if (!reading || reading->serial != serial_) {
            ++counters_.ignored;
        } else if (last_ticker_ == reading->ticker_ms) {
            ++counters_.duplicates;
        } else {
            last_ticker_ = reading->ticker_ms;
            ++counters_.readings;
            return Stamped<GridReading>{meter::grid_reading(*reading), now};
        }
    }
    return std::nullopt;
}

std::optional<Stamped<PeerReading>> VirtualSite::next_peer(TimePoint now) {
    return line_.turn(device_, site_.second().reading(), now);
}

void VirtualSite::drop(TimePoint now) {
    while (meter_.take(now)) {
    }
    line_.drop(device_, now);
}

}  // namespace jkp::app
