// SPDX-License-Identifier: MIT
#include "closed_loop/loop/original_gateway.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "pylontech/codec.hpp"

namespace jkp::closed_loop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double original_maximum_a = 60.0;
constexpr Duration turn_time = milliseconds(1100);
constexpr Duration battery_period = seconds(6);  // each sixth turn
constexpr std::size_t socket_holds = 125;        // datagrams, then the newest are dropped
constexpr double charge_v = 55.0 / 16;           // per cell
constexpr double discharge_v = 50.5 / 16;

}  // namespace

OriginalGateway::OriginalGateway(Milliamps maximum, Duration meter_interval)
    : scale_(maximum.count() / 1000.0 / original_maximum_a), meter_interval_(meter_interval) {}

void OriginalGateway::on_house(const sim::Site& site) {
    if (!sample_at_) sample_at_ = site.next() + meter_interval_;
    if (site.next() < *sample_at_) return;
    *sample_at_ += meter_interval_;
    const double interval_s = std::chrono::duration<double>(meter_interval_).count();
    const double power_w = (site.exported_ws() - std::exchange(last_ws_, site.exported_ws())) / interval_s;
    if (datagrams_.size() < socket_holds) datagrams_.push_back(power_w);
}

void OriginalGateway::on_plant(app::ClosedLoop& loop) {
    if (turn_at_ && loop.now() < *turn_at_) return;
    turn_at_ = loop.now() + turn_time;
    turn(loop);
}

void OriginalGateway::turn(app::ClosedLoop& loop) {
    seen_.time_s = std::chrono::duration<double>(loop.now().time_since_epoch()).count();
    seen_.grid_w.reset();
    if (!datagrams_.empty()) {
        seen_.grid_w = datagrams_.front();
        datagrams_.pop_front();
    }
    seen_.peer_a = loop.site()->site().second().reading().current.value_or(Milliamps(0)).count() / 1000.0;
    seen_.battery_a.reset();
    if (!battery_at_ || loop.now() >= *battery_at_) look_at_battery(loop);
    send(loop, original_.loop(seen_));
}

void OriginalGateway::look_at_battery(const app::ClosedLoop& loop) {
    battery_at_ = loop.now() + battery_period;
    const sim::Bank& bank = loop.bank();
    seen_.battery_a = bank.current().count() / 1000.0 / scale_;
    seen_.battery_v = bank.voltage().count() / 1000.0;
    seen_.highest_v = 0.0;
    seen_.lowest_v = 5.0;
    for (std::size_t i = 0; i < bank.size(); ++i) {
        const sim::Pack& pack = bank.pack(i);
        seen_.highest_v = std::max(seen_.highest_v, pack.cell(pack.highest()).count() / 1000.0);
        seen_.lowest_v = std::min(seen_.lowest_v, pack.cell(pack.lowest()).count() / 1000.0);
    }
    seen_.soc_pct = bank.pack(0).mean_soc() * 100.0;
}

void OriginalGateway::send(app::ClosedLoop& loop, const baseline::Given& given) const {
    const auto milli = [](double value) { return static_cast<std::int32_t>(std::lround(value * 1000.0)); };
    const double cells = static_cast<double>(loop.bank().pack(0).cells());
    pylontech::BatteryReport report;
    report.charge_voltage = Millivolts(milli(charge_v * cells));
    report.discharge_voltage = Millivolts(milli(discharge_v * cells));
    report.charge_current_limit = Milliamps(milli(std::max(0.0, given.charge_a) * scale_));
    report.discharge_current_limit = Milliamps(milli(std::max(0.0, given.discharge_a) * scale_));
    report.charge_enable = report.discharge_enable = true;
    for (const CanFrame& frame : pylontech::encode(report, {})) loop.inverter().receive(frame, loop.now());
}

}  // namespace jkp::closed_loop
