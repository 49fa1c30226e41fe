// SPDX-License-Identifier: MIT
// The house around the battery in virtual time: the balance at the grid connection, a meter whose datagrams
// pass the real decoder, and a second inverter that is asked by the real codec.
#pragma once

#include <optional>

#include "app/virtual_peer.hpp"
#include "core/site.hpp"
#include "core/stamped.hpp"
#include "sim/inverter.hpp"
#include "sim/site.hpp"
#include "sim/speedwire_meter.hpp"

namespace jkp::app {

struct VirtualSiteSettings {
    sim::SiteSpec site;
    sim::Site::Source supply;  // sun and house
    sim::MeterSpec meter;
    sim::GoodweSpec peer;
    Duration peer_period = std::chrono::seconds(5);
};

struct VirtualMeterCounters {
    std::uint64_t readings = 0;
    std::uint64_t ignored = 0;     // of another device, or damaged
    std::uint64_t duplicates = 0;  // seen before
};

class VirtualSite {
  public:
    VirtualSite(const VirtualSiteSettings& settings, TimePoint start);

    // Called for each step of 100 ms that passes.
    using Watcher = std::function<void(const sim::Site&)>;
    void on_step(Watcher watcher) { on_step_ = std::move(watcher); }

    // Lets the house pass up to `now` with our inverter in it. `open`: which way the battery's switches let
    // current through.
    struct Battery {
        Millivolts voltage;
        bool charges = true;
        bool discharges = true;
    };
    void advance(TimePoint now, sim::Inverter& inverter, const Battery& battery);
    // The mean current that our inverter asked for since the last time; nothing when no step has passed.
    std::optional<Milliamps> take_mean_current();
    // What sun and house would have our battery do.
    [[nodiscard]] Milliamps wish(Millivolts voltage) const;

    // When next_grid() or next_peer() has something to do.
    [[nodiscard]] TimePoint next_event() const;
    // What has arrived by `now`, one after the other.
    std::optional<Stamped<GridReading>> next_grid(TimePoint now);
    std::optional<Stamped<PeerReading>> next_peer(TimePoint now);
    // Nobody listens: what arrives is lost.
    void drop(TimePoint now);

    [[nodiscard]] sim::Site& site() { return site_; }
    [[nodiscard]] const sim::Site& site() const { return site_; }
    [[nodiscard]] sim::SpeedwireMeter& meter() { return meter_; }
    [[nodiscard]] sim::GoodweDevice& peer() { return device_; }
    [[nodiscard]] const VirtualMeterCounters& meter_counters() const { return counters_; }
    [[nodiscard]] const VirtualPeer& peer_line() const { return line_; }

  private:
    std::uint32_t serial_;
    sim::Site site_;
    sim::SpeedwireMeter meter_;
    sim::GoodweDevice device_;
    VirtualPeer line_;
    std::optional<std::uint32_t> last_ticker_;
    VirtualMeterCounters counters_;
    double charge_as_ = 0.0;
    double passed_s_ = 0.0;
    Watcher on_step_;
};

}  // namespace jkp::app
