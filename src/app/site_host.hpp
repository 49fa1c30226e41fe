// SPDX-License-Identifier: MIT
// The house around the simulated battery in real time: a meter that sends its datagrams to the multicast
// group on the loopback interface, and a second inverter that answers on a loopback UDP port. For the demo.
// Thread of the io_context.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/scene.hpp"
#include "sim/site.hpp"
#include "sim/speedwire_meter.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::app {

struct SiteHostSettings {
    sim::SiteSpec site;
    sim::MeterSpec meter;
};

class SiteHost {
  public:
    // Opens the port of the second inverter; throws boost::system::system_error.
    SiteHost(boost::asio::io_context& loop, const SiteHostSettings& settings, TimePoint start);
    ~SiteHost();
    SiteHost(const SiteHost&) = delete;
    SiteHost& operator=(const SiteHost&) = delete;

    // Lets the house pass up to `now` with our battery and inverter in it.
    void advance(TimePoint now, const sim::Scene& scene);
    // What sun and house would have our battery do.
    [[nodiscard]] Milliamps wish(const sim::Scene& scene) const;
    // Where the listener of the meter is; nothing is sent before it is known.
    void send_meter_to(std::uint16_t port);
    [[nodiscard]] std::uint16_t peer_port() const;
    // Sun and house from now on.
    void set_power(sim::SunHouse power);
    [[nodiscard]] sim::Site& site();

  private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::app
