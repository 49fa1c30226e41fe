// SPDX-License-Identifier: MIT
#include "app/controller.hpp"

#include "report/battery_report.hpp"

namespace jkp::app {
namespace {

constexpr std::size_t arrivals_at_once = 256;

bool lost(bool before, bool now) {
    return before && !now;
}

bool raised(BatteryFlags before, BatteryFlags now) {
    BatteryFlags both = before;
    both &= now;
    return both != now;
}

}  // namespace

Controller::Controller(const ControllerSettings& settings, control::State state)
    : settings_(settings), state_(std::move(state)), transport_(settings.transport) {
    arrivals_.reserve(arrivals_at_once);
}

void Controller::on_reading(std::size_t pack, const Stamped<PackReading>& reading) {
    // The control path does not allocate; more than this between two cycles cannot come from a serial line.
    if (arrivals_.size() < arrivals_.capacity()) arrivals_.push_back({pack, reading});
}

void Controller::on_peer(control::PeerSource source, const Stamped<PeerReading>& reading) {
    const auto same = [&](const control::PeerSeen& seen) { return seen.source == source; };
    control::PeerSeen* const known = std::find_if(peers_.begin(), peers_.end(), same);
    if (known == peers_.end()) return peers_.push_back({source, reading});
    known->reading = reading;
}

bool Controller::on_frame(const CanFrame& frame, TimePoint now) {
    if (frame.id == pylontech::id_inverter_alive) inverter_seen_ = now;
    const bool battery =
        !frame.extended && (frame.id == pylontech::id_limits || frame.id == pylontech::id_alarms);
    if (battery) transport_.on_foreign(now);
    return battery;
}

void Controller::on_link_up(TimePoint now, bool proves_acknowledge) {
    settings_.transport.supervise_echo = proves_acknowledge;
    transport_.configure(settings_.transport);
    transport_.on_link_up(now);
}

bool Controller::fell(const pylontech::BatteryReport& report) const {
    if (!sent_) return false;
    return report.charge_current_limit < sent_->charge_current_limit ||
           report.discharge_current_limit < sent_->discharge_current_limit ||
           lost(sent_->charge_enable, report.charge_enable) ||
           lost(sent_->discharge_enable, report.discharge_enable) ||
           raised(sent_->protections, report.protections);
}

Frames Controller::cycle(TimePoint now) {
    const bool fresh = !arrivals_.empty();
    decision_ =
        control::step(settings_.control, state_, {now, arrivals_, inverter_seen_, month_, grid_, peers_});
    arrivals_.clear();
    Frames frames;
    if (!decision_.transmit) return frames;

    const pylontech::BatteryReport report = report::battery_report(decision_);
    const control::Send send = transport_.after_step(now, fresh, fell(report));
    if (send == control::Send::nothing) return frames;
    const pylontech::Burst burst = pylontech::encode(report, settings_.profile);
    if (send == control::Send::probe) {
        frames.push_back(burst.back());  // 0x35E: says who we are and commands nothing
        return frames;
    }
    for (const CanFrame& frame : burst) frames.push_back(frame);
    if (settings_.send_alive) frames.push_back(pylontech::encode_inverter_alive());
    sent_ = report;
    last_burst_ = now;
    ++bursts_;
    return frames;
}

TimePoint Controller::wake_at() const {
    // Nothing is sent and nothing is due; looking now and then keeps the ages that people see right.
    if (!decision_.transmit) return decision_.at + settings_.transport.period;
    return transport_.wake_at();
}

Frames Controller::farewell(TimePoint now) const {
    Frames frames;
    if (!sent_ || !decision_.transmit || transport_.mode(now) != control::TransportMode::normal)
        return frames;
    for (const CanFrame& frame : pylontech::encode(report::zero_report(decision_), settings_.profile)) {
        frames.push_back(frame);
    }
    return frames;
}

Result<void, control::Refusal> Controller::acknowledge(std::size_t pack, TimePoint now) {
    return control::acknowledge(settings_.control, state_, pack, now);
}

Result<void, control::Refusal> Controller::recover(std::size_t pack, TimePoint now) {
    return control::recover(settings_.control, state_, pack, now);
}

control::Outcome Controller::order(const control::Command& command, TimePoint now) {
    return control::order(settings_.control, state_, command, now);
}

void Controller::configure(const ControllerSettings& settings) {
    state_ = control::adopt(settings.control, settings_.control, state_);
    settings_ = settings;
    transport_.configure(settings.transport);
    arrivals_.clear();
    if (!settings.control.coordination.expects_grid) grid_.reset();
    if (!settings.control.coordination.expects_peer) peers_.clear();
}

}  // namespace jkp::app
