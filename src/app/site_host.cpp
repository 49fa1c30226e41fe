// SPDX-License-Identifier: MIT
#include "app/site_host.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/multicast.hpp>
#include <boost/asio/ip/udp.hpp>
#include <cmath>

#include "goodwe/encode_answer.hpp"
#include "sim/first_power.hpp"

namespace jkp::app {
namespace {

using boost::asio::ip::udp;
using boost::system::error_code;

constexpr const char* meter_group = "239.12.255.254";

}  // namespace

class SiteHost::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, const SiteHostSettings& settings, TimePoint start)
        : site_(
              settings.site, [this](TimePoint) { return power_; }, start),
          meter_(settings.meter, start),
          to_meter_(loop, udp::v4()),
          peer_(loop, udp::endpoint(boost::asio::ip::address_v4::loopback(), 0)) {
        namespace multicast = boost::asio::ip::multicast;
        to_meter_.set_option(multicast::outbound_interface(boost::asio::ip::address_v4::loopback()));
        to_meter_.set_option(multicast::enable_loopback(true));
    }

    void listen() {
        peer_.async_receive_from(boost::asio::buffer(request_), asker_,
                                 [weak = weak_from_this()](const error_code& error, std::size_t size) {
                                     const auto self = weak.lock();
                                     if (error || !self) return;
                                     self->answer(size);
                                     self->listen();
                                 });
    }

    void stop() {
        error_code ignored;
        peer_.close(ignored);
        to_meter_.close(ignored);
    }

    void advance(TimePoint now, const sim::Scene& scene) {
        const double volts = scene.pack.emf();
        while (site_.next() <= now) {
            const TimePoint at = site_.next();
            site_.step(
                {scene.flowing().count() / 1000.0 * volts, sim::power_range(scene.inverter, at, volts)});
            if (meter_.next_sample() <= at) meter_.observe(site_.exported_ws());
        }
        while (const auto datagram = meter_.take(now)) send(*datagram);
    }

    sim::Site site_;
    sim::SunHouse power_;
    sim::SpeedwireMeter meter_;
    udp::socket to_meter_;
    udp::socket peer_;
    std::uint16_t meter_port_ = 0;

  private:
    void send(Bytes datagram) {
        if (meter_port_ == 0) return;
        error_code ignored;  // a lost datagram is what a gateway must live with
        to_meter_.send_to(boost::asio::buffer(datagram.data(), datagram.size()),
                          udp::endpoint(boost::asio::ip::make_address_v4(meter_group), meter_port_), 0,
                          ignored);
    }

    void answer(std::size_t size) {
        const PeerReading battery = site_.second().reading();
        goodwe::Readings readings;
        readings.model = "GW3648-EM";
        readings.serial = "00000EMU00SIM001";
        readings.battery_voltage = battery.voltage;
        readings.battery_current = battery.current;
        readings.soc = battery.soc;
        const auto reply = goodwe::answer_to(Bytes(request_).first(size), goodwe::Family::es, readings);
        error_code ignored;
        if (reply) peer_.send_to(boost::asio::buffer(*reply), asker_, 0, ignored);
    }

    std::array<std::uint8_t, 512> request_{};
    udp::endpoint asker_;
};

SiteHost::SiteHost(boost::asio::io_context& loop, const SiteHostSettings& settings, TimePoint start)
    : impl_(std::make_shared<Impl>(loop, settings, start)) {
    impl_->listen();
}
SiteHost::~SiteHost() {
    impl_->stop();
}
void SiteHost::advance(TimePoint now, const sim::Scene& scene) {
    impl_->advance(now, scene);
}
Milliamps SiteHost::wish(const sim::Scene& scene) const {
    return Milliamps(
        static_cast<std::int32_t>(std::lround(impl_->site_.wish_w() / scene.pack.emf() * 1000.0)));
}
void SiteHost::send_meter_to(std::uint16_t port) {
    impl_->meter_port_ = port;
}
std::uint16_t SiteHost::peer_port() const {
    return impl_->peer_.local_endpoint().port();
}
void SiteHost::set_power(sim::SunHouse power) {
    impl_->power_ = power;
}
sim::Site& SiteHost::site() {
    return impl_->site_;
}

}  // namespace jkp::app
