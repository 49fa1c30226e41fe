// SPDX-License-Identifier: MIT
#include "closed_loop/loop/original_gateway.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

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

OriginalGateway::OriginalGateway(app::ClosedLoop& loop, Milliamps maximum, Duration meter_interval)
    : loop_(loop),
      scale_(maximum.count() / 1000.0 / original_maximum_a),
      meter_interval_(meter_interval),
      sample_at_(house().next() + meter_interval),
      turn_at_(house().next()),
      battery_at_(house().next()),
      last_ws_(house().exported_ws()) {
    loop_.connect_can(false);
}

bool OriginalGateway::on_house() {
    const TimePoint now = house().next();
    listen(now);
    if (now < turn_at_ || datagrams_.empty()) return false;
    turn_at_ = now + turn_time;
    turn(now);
    return true;
}

void OriginalGateway::listen(TimePoint now) {
    if (now < sample_at_) return;
    sample_at_ += meter_interval_;
    const double interval_s = std::chrono::duration<double>(meter_interval_).count();
    const double ws = house().exported_ws();
    const double power_w = (ws - std::exchange(last_ws_, ws)) / interval_s;
    if (datagrams_.size() < socket_holds) datagrams_.push_back(power_w);
}

void OriginalGateway::turn(TimePoint now) {
    seen_.time_s = std::chrono::duration<double>(now.time_since_epoch()).count();
    seen_.grid_w = datagrams_.front();
    datagrams_.pop_front();
    seen_.peer_a = house().second().reading().current.value_or(Milliamps(0)).count() / 1000.0;
    seen_.battery_a.reset();
    if (now >= battery_at_) {
        battery_at_ = now + battery_period;
        look_at_battery();
    }
    given_ = original_.loop(seen_);
    send(now);
}

void OriginalGateway::look_at_battery() {
    const sim::Bank& bank = loop_.bank();
    seen_.battery_a = bank.current().count() / 1000.0 / scale_;
    // The watts of the meter divided by this become amperes of its own scale.
    seen_.battery_v = bank.voltage().count() / 1000.0 * scale_;
    seen_.highest_v = 0.0;
    seen_.lowest_v = 5.0;
    for (std::size_t i = 0; i < bank.size(); ++i) {
        const sim::Pack& pack = bank.pack(i);
        seen_.highest_v = std::max(seen_.highest_v, pack.cell(pack.highest()).count() / 1000.0);
        seen_.lowest_v = std::min(seen_.lowest_v, pack.cell(pack.lowest()).count() / 1000.0);
    }
    seen_.soc_pct = bank.pack(0).mean_soc() * 100.0;
}

void OriginalGateway::send(TimePoint now) {
    const auto milli = [](double value) { return static_cast<std::int32_t>(std::lround(value * 1000.0)); };
    const double cells = static_cast<double>(loop_.bank().pack(0).cells());
    pylontech::BatteryReport report;
    report.charge_voltage = Millivolts(milli(charge_v * cells));
    report.discharge_voltage = Millivolts(milli(discharge_v * cells));
    report.charge_current_limit = Milliamps(milli(std::max(0.0, given_.charge_a) * scale_));
    report.discharge_current_limit = Milliamps(milli(std::max(0.0, given_.discharge_a) * scale_));
    report.charge_enable = report.discharge_enable = true;
    sent_ = pylontech::encode(report, {});
    for (const CanFrame& frame : sent_) loop_.inverter().receive(frame, now);
}

}  // namespace jkp::closed_loop
