// SPDX-License-Identifier: MIT
// The whole site in virtual time: the real controller and the real codecs between simulated packs and a
// simulated inverter. Deterministic: the same settings and the same calls give the same bytes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "app/controller.hpp"
#include "app/virtual_line.hpp"
#include "app/virtual_site.hpp"
#include "sim/bank.hpp"
#include "sim/inverter.hpp"
#include "sim/jk_device.hpp"

namespace jkp::app {

struct ClosedLoopSettings {
    ControllerSettings controller;
    std::vector<sim::PackSpec> packs;  // as many as controller.control.packs
    sim::InverterSpec inverter;
    sim::Inverter::Wish wish;                 // not with a site, which has its own
    std::optional<VirtualSiteSettings> site;  // the house around it, with a meter and a second inverter
    Duration plant_step = std::chrono::milliseconds(500);  // the physics also steps at each request
    TimePoint start{std::chrono::hours(1)};
    WallTime wall_start{1'800'000'000};  // the wall clock at `start`
};

enum class StopKind : std::uint8_t { orderly, crash };

class ClosedLoop {
  public:
    using Watcher = std::function<void()>;

    explicit ClosedLoop(ClosedLoopSettings settings);
    ~ClosedLoop();
    ClosedLoop(const ClosedLoop&) = delete;
    ClosedLoop& operator=(const ClosedLoop&) = delete;

    // Lets the time pass up to `until`.
    void advance(TimePoint until);
    [[nodiscard]] TimePoint now() const { return now_; }

    // The program ends now, and a new one begins after `off` with the state file of the old one. The plant
    // goes on meanwhile.
    void restart(Duration off, StopKind how = StopKind::crash);
    [[nodiscard]] bool running() const { return !starts_at_; }
    // The wall clock leaps; the monotonic time does not.
    void step_wall_clock(std::chrono::seconds by) { wall_offset_ += by; }
    [[nodiscard]] WallTime wall() const;
    // The CAN cable: without it nobody acknowledges and the inverter hears nothing.
    void connect_can(bool connected) { connected_ = connected; }
    // The serial cable of one pack.
    void connect_pack(std::size_t pack, bool connected);
    // A frame of somebody else on the bus.
    void put_on_bus(const CanFrame& frame);
    // A command from outside, followed by a cycle. Returns whether it was accepted. Precondition: running().
    bool order(const control::Command& command);
    // Another configuration, as after SIGHUP.
    void configure(const ControllerSettings& settings);

    [[nodiscard]] sim::Bank& bank() { return bank_; }
    [[nodiscard]] const sim::Bank& bank() const { return bank_; }
    [[nodiscard]] sim::Pack& pack(std::size_t i) { return bank_.pack(i); }
    [[nodiscard]] sim::JkDevice& device(std::size_t i) { return ports_.at(i)->device; }
    [[nodiscard]] const VirtualLine& line(std::size_t i) const { return ports_.at(i)->line; }
    [[nodiscard]] sim::Inverter& inverter() { return inverter_; }
    [[nodiscard]] const sim::Inverter& inverter() const { return inverter_; }
    // Precondition: running() (the decision stays that of the last cycle while it is not).
    [[nodiscard]] Controller& controller() { return *controller_; }
    [[nodiscard]] const Controller& controller() const { return *controller_; }
    [[nodiscard]] const control::Decision& decision() const { return controller_->decision(); }
    // The house, its meter and the second inverter; nothing when there is none.
    [[nodiscard]] VirtualSite* site() { return site_ ? &*site_ : nullptr; }
    [[nodiscard]] const VirtualSite* site() const { return site_ ? &*site_ : nullptr; }
    // What the last cycle put on the bus; empty when nothing.
    [[nodiscard]] std::span<const CanFrame> sent() const { return {sent_.data(), sent_.size()}; }
    [[nodiscard]] std::uint64_t cycles() const { return cycles_; }

    // Called after each control cycle, and after each step of the plant.
    void on_cycle(Watcher watcher) { on_cycle_ = std::move(watcher); }
    void on_plant(Watcher watcher) { on_plant_ = std::move(watcher); }

  private:
    struct Port {
        Port(sim::JkDevice::Source source, Duration period) : device(std::move(source)), line(period) {}
        sim::JkDevice device;
        VirtualLine line;
        bool connected = true;
    };

    void start(control::State state);
    void start_again();
    [[nodiscard]] TimePoint next_event() const;
    [[nodiscard]] TimePoint cycle_due() const;
    [[nodiscard]] bool poll_due() const;
    void turn();
    void advance_site();
    void step_plant();
    [[nodiscard]] bool serve_ports();
    [[nodiscard]] bool serve_site();
    [[nodiscard]] VirtualSite::Battery battery() const;
    void cycle();
    void deliver(const Frames& frames);

    ClosedLoopSettings settings_;
    sim::Bank bank_;
    std::optional<VirtualSite> site_;
    sim::Inverter inverter_;
    std::vector<std::unique_ptr<Port>> ports_;  // the addresses stay
    std::optional<Controller> controller_;
    std::optional<TimePoint> starts_at_;  // while no program runs
    std::optional<std::string> state_file_;
    std::chrono::seconds wall_offset_{};
    TimePoint now_;
    TimePoint plant_at_;
    TimePoint next_plant_;
    TimePoint cycled_at_;
    bool connected_ = true;
    Frames sent_;
    std::uint64_t cycles_ = 0;
    Watcher on_cycle_;
    Watcher on_plant_;
};

}  // namespace jkp::app
