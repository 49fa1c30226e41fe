// SPDX-License-Identifier: MIT
#include "sim/inverter.hpp"

#include <algorithm>
#include <utility>

namespace jkp::sim {
namespace {

constexpr Duration alive_period = std::chrono::seconds(1);

bool from_battery(const pylontech::Message& message) {
    return !std::holds_alternative<pylontech::Unknown>(message) &&
           !std::holds_alternative<pylontech::InverterAlive>(message);
}

}  // namespace

Inverter::Inverter(InverterSpec s, Wish w) : spec(s), wish(std::move(w)) {}

void Inverter::receive(const CanFrame& frame, TimePoint now) {
    const auto message = pylontech::decode(frame);
    if (!message || !from_battery(*message)) return;
    last_frame_ = now;
    if (const auto* limits = std::get_if<pylontech::Limits>(&*message)) last_ = *limits;
    if (const auto* requests = std::get_if<pylontech::Requests>(&*message)) {
        charge_enable_ = requests->charge_enable;
        discharge_enable_ = requests->discharge_enable;
    }
    if (!last_) return;
    pylontech::Limits heard = *last_;
    if (!charge_enable_) heard.charge_current_limit = Milliamps(0);
    if (!discharge_enable_) heard.discharge_current_limit = Milliamps(0);
    heard_.push_back({now, heard});
}

bool Inverter::hears_battery(TimePoint now) const {
    return last_frame_ && now - *last_frame_ < spec.can_timeout;
}

Milliamps Inverter::target(TimePoint now) const {
    if (!hears_battery(now) || !obeyed_) return Milliamps(0);
    const Milliamps wanted = wish(now);
    if (spec.ignore_limits) return wanted;
    const Milliamps allowed = std::min(as_obeyed(obeyed_->charge_current_limit), taper_);
    return std::clamp(wanted, -as_obeyed(obeyed_->discharge_current_limit), std::max(allowed, spec.leak));
}

Milliamps Inverter::as_obeyed(Milliamps limit) const {
    if (limit == Milliamps(0)) return limit;
    return std::max(Milliamps(0), scaled(limit, spec.limit_gain) + spec.limit_offset);
}

// An integrator: slower than the current, as such regulators are, and never wound up beyond the limit.
void Inverter::taper(Duration dt, Millivolts terminal) {
    const Milliamps limit = as_obeyed(obeyed_->charge_current_limit);
    const double room_v = (obeyed_->charge_voltage - terminal).count() / 1000.0;
    const double moved = room_v * std::chrono::duration<double>(dt).count() * spec.cvl_gain.count();
    const auto change = static_cast<std::int32_t>(std::clamp(moved, -1e8, 1e8));
    taper_ = std::clamp(std::min(taper_, limit) + Milliamps(change), Milliamps(0), limit);
}

Milliamps Inverter::step(TimePoint now, std::optional<Millivolts> terminal) {
    while (!heard_.empty() && heard_.front().at + spec.dead_time <= now) {
        obeyed_ = heard_.front().limits;
        heard_.pop_front();
    }
    const Duration dt = now - stepped_.value_or(now);
    stepped_ = now;
    if (!spec.obeys_cvl) taper_ = Milliamps::max();
    if (spec.obeys_cvl && obeyed_ && terminal) taper(dt, *terminal);
    const double most_ma = spec.slew_per_second.count() * std::chrono::duration<double>(dt).count();
    const auto most = static_cast<std::int32_t>(std::min(most_ma, 1e9));
    const Milliamps change = target(now) - current_;
    return current_ += std::clamp(change, Milliamps(-most), Milliamps(most));
}

std::optional<CanFrame> Inverter::frame_due(TimePoint now) {
    if (!spec.send_alive) return std::nullopt;
    if (next_alive_ && now < *next_alive_) return std::nullopt;
    next_alive_ = std::max(next_alive_.value_or(now), now - alive_period) + alive_period;
    return pylontech::encode_inverter_alive();
}

}  // namespace jkp::sim
