// SPDX-License-Identifier: MIT
#include "app/closed_loop.hpp"

#include <algorithm>
#include <utility>

#include "core/ensure.hpp"
#include "report/saved_json.hpp"

namespace jkp::app {
namespace {

constexpr Duration shortest_turn = std::chrono::milliseconds(5);  // between two cycles nothing asks for
constexpr Duration kept_cycle = std::chrono::hours(24);           // as `max_age` of the state file
constexpr int farewell_bursts = 3;

}  // namespace

ClosedLoop::ClosedLoop(ClosedLoopSettings settings)
    : settings_(std::move(settings)),
      bank_(settings_.packs),
      inverter_(settings_.inverter,
                settings_.site ? [this](TimePoint) { return site_->wish(bank_.voltage()); } : settings_.wish),
      now_(settings_.start),
      plant_at_(settings_.start),
      next_plant_(settings_.start) {
    const auto& configured = settings_.controller.control.packs;
    ensure(configured.size() == bank_.size(), "each configured pack is simulated");
    for (std::size_t i = 0; i < bank_.size(); ++i) {
        ports_.push_back(std::make_unique<Port>([this, i](TimePoint at) { return bank_.pack(i).reading(at); },
                                                configured[i].poll_period));
    }
    if (settings_.site) site_.emplace(*settings_.site, now_);
    start(control::make_state(settings_.controller.control));
}

ClosedLoop::~ClosedLoop() = default;

void ClosedLoop::start(control::State state) {
    starts_at_.reset();
    controller_.emplace(settings_.controller, std::move(state));
    controller_->on_link_up(now_, settings_.controller.transport.supervise_echo);
    cycled_at_ = now_;
    for (const auto& port : ports_) port->line.open(now_);
}

void ClosedLoop::restart(Duration off, StopKind how) {
    const bool orderly = how == StopKind::orderly;
    if (controller_->decision().complete) {
        state_file_ = report::saved_json(
            control::save(settings_.controller.control, controller_->state(), now_, wall(), orderly));
    }
    for (int i = 0; orderly && i < farewell_bursts; ++i) deliver(controller_->farewell(now_));
    starts_at_ = now_ + off;
    sent_.clear();
}

void ClosedLoop::start_again() {
    const control::Config& config = settings_.controller.control;
    const auto saved = state_file_ ? report::saved_from_json(*state_file_) : failure(std::string("no file"));
    start(saved ? control::restore(config, *saved, now_, wall(), kept_cycle) : control::make_state(config));
}

WallTime ClosedLoop::wall() const {
    const auto since = std::chrono::duration_cast<std::chrono::seconds>(now_ - settings_.start);
    return {settings_.wall_start.seconds + (since + wall_offset_).count()};
}

void ClosedLoop::connect_pack(std::size_t pack, bool connected) {
    Port& port = *ports_.at(pack);
    port.connected = connected;
    port.device.cut();
}

void ClosedLoop::put_on_bus(const CanFrame& frame) {
    inverter_.receive(frame, now_);
    if (!running() || !connected_) return;
    controller_->on_frame(frame, now_);
    cycle();
}

bool ClosedLoop::order(const control::Command& command) {
    const bool accepted = !controller_->order(command, now_).refused;
    cycle();
    return accepted;
}

void ClosedLoop::configure(const ControllerSettings& settings) {
    ensure(settings.control.packs.size() == bank_.size(), "each configured pack is simulated");
    settings_.controller = settings;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        ports_[i]->line.set_period(settings.control.packs[i].poll_period);
    }
    if (running()) controller_->configure(settings);
}

void ClosedLoop::advance(TimePoint until) {
    while (now_ < until) {
        now_ = std::min(next_event(), until);
        turn();
    }
}

TimePoint ClosedLoop::next_event() const {
    TimePoint next = next_plant_;
    if (site_) next = std::min(next, std::max(site_->next_event(), now_));
    if (!running()) return std::min(next, std::max(*starts_at_, now_));
    for (const auto& port : ports_) next = std::min(next, port->line.next(port->device));
    return std::min(next, cycle_due());
}

TimePoint ClosedLoop::cycle_due() const {
    return std::max(controller_->wake_at(), cycled_at_ + shortest_turn);
}

bool ClosedLoop::poll_due() const {
    return running() && std::any_of(ports_.begin(), ports_.end(),
                                    [this](const auto& port) { return port->line.due(now_); });
}

void ClosedLoop::turn() {
    if (!running() && now_ >= *starts_at_) start_again();
    advance_site();
    if (now_ >= next_plant_ || poll_due()) step_plant();
    if (!running()) return;
    const bool of_site = serve_site();
    const bool of_packs = serve_ports();
    if (of_site || of_packs || now_ >= cycle_due()) cycle();
}

VirtualSite::Battery ClosedLoop::battery() const {
    VirtualSite::Battery open{bank_.voltage(), false, false};
    for (std::size_t i = 0; i < bank_.size(); ++i) {
        open.charges = open.charges || bank_.pack(i).charge_mos();
        open.discharges = open.discharges || bank_.pack(i).discharge_mos();
    }
    return open;
}

void ClosedLoop::advance_site() {
    if (!site_) return;
    site_->advance(now_, inverter_, battery());
    if (!running()) site_->drop(now_);
}

void ClosedLoop::step_plant() {
    const auto mean = site_ ? site_->take_mean_current() : std::nullopt;
    const Milliamps asked = mean ? *mean : inverter_.step(now_, bank_.voltage());
    bank_.step(now_ - plant_at_, asked);
    plant_at_ = now_;
    if (const auto frame = inverter_.frame_due(now_); frame && running() && connected_) {
        controller_->on_frame(*frame, now_);
    }
    while (next_plant_ <= now_) next_plant_ += settings_.plant_step;
    if (on_plant_) on_plant_();
}

bool ClosedLoop::serve_ports() {
    bool fresh = false;
    for (std::size_t i = 0; i < ports_.size(); ++i) {
        Port& port = *ports_[i];
        const auto reading = port.line.turn(port.device, now_);
        if (!port.connected) port.device.cut();
        if (!reading) continue;
        controller_->on_reading(i, *reading);
        fresh = true;
    }
    return fresh;
}

// Each reading is handed over; the cycle that follows sees them all.
bool ClosedLoop::serve_site() {
    if (!site_) return false;
    bool fresh = false;
    while (const auto grid = site_->next_grid(now_)) {
        controller_->on_grid(*grid);
        fresh = true;
    }
    if (const auto peer = site_->next_peer(now_)) {
        controller_->on_peer(control::PeerSource::local, *peer);
        fresh = true;
    }
    return fresh;
}

void ClosedLoop::cycle() {
    cycled_at_ = now_;
    ++cycles_;
    sent_ = controller_->cycle(now_);
    deliver(sent_);
    if (on_cycle_) on_cycle_();
}

void ClosedLoop::deliver(const Frames& frames) {
    if (!connected_ || frames.empty()) return;
    for (const CanFrame& frame : frames) inverter_.receive(frame, now_);
    controller_->on_echo(now_);
}

}  // namespace jkp::app
