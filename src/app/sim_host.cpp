// SPDX-License-Identifier: MIT
#include "app/sim_host.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "app/can_stick.hpp"
#include "app/device_on_pty.hpp"
#include "io/clock.hpp"
#include "io/pty_pair.hpp"

namespace jkp::app {

class SimHost::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, const SimHostSettings& settings)
        : scene_(settings.pack, settings.inverter, settings.wish),
          bms_(loop, scene_.device, settings.bms_link),
          can_(loop, settings.can_link),
          stick_([this](const CanFrame& frame) { from_gateway(frame); }),
          timer_(loop),
          step_(settings.step) {}

    void start() {
        can_.on_bytes([weak = weak_from_this()](Bytes bytes, TimePoint) {
            if (const auto self = weak.lock()) self->write_can(self->stick_.receive(bytes));
        });
        bms_.plug();
        can_.plug();
        next_step_ = io::now();
        arm();
    }

    void stop() {
        timer_.cancel();
        bms_.unplug();
        can_.unplug();
    }

    void put_on_bus(const CanFrame& frame) { write_can(stick_.from_bus(frame)); }

    sim::Scene scene_;
    DeviceOnPty bms_;
    io::PtyPair can_;
    std::function<void(const CanFrame&, TimePoint)> on_battery_frame_;
    std::function<void(TimePoint)> on_step_;
    std::uint64_t battery_frames_ = 0;

  private:
    void arm() {
        timer_.expires_at(io::steady(next_step_));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (!error && self) self->turn(io::now());
        });
    }

    void turn(TimePoint now) {
        if (on_step_) on_step_(now);
        scene_.step(now);
        if (const auto frame = scene_.inverter.frame_due(now)) write_can(stick_.from_bus(*frame));
        while (next_step_ <= now) next_step_ += step_;
        arm();
    }

    void from_gateway(const CanFrame& frame) {
        const TimePoint now = io::now();
        ++battery_frames_;
        scene_.inverter.receive(frame, now);
        if (on_battery_frame_) on_battery_frame_(frame, now);
    }

    void write_can(const std::string& text) {
        if (!text.empty()) can_.write(std::vector<std::uint8_t>(text.begin(), text.end()));
    }

    CanStick stick_;
    boost::asio::steady_timer timer_;
    Duration step_;
    TimePoint next_step_;
};

SimHost::SimHost(boost::asio::io_context& loop, const SimHostSettings& settings)
    : impl_(std::make_shared<Impl>(loop, settings)) {}
SimHost::~SimHost() {
    impl_->stop();
}
void SimHost::start() {
    impl_->start();
}
void SimHost::stop() {
    impl_->stop();
}
void SimHost::plug_bms() {
    impl_->bms_.plug();
}
void SimHost::unplug_bms() {
    impl_->bms_.unplug();
}
void SimHost::plug_can() {
    impl_->can_.plug();
}
void SimHost::unplug_can() {
    impl_->can_.unplug();
}
std::string SimHost::bms_path() const {
    return impl_->bms_.path();
}
std::string SimHost::can_path() const {
    return impl_->can_.path();
}
sim::Scene& SimHost::scene() {
    return impl_->scene_;
}
void SimHost::on_battery_frame(std::function<void(const CanFrame&, TimePoint)> handler) {
    impl_->on_battery_frame_ = std::move(handler);
}
void SimHost::on_step(std::function<void(TimePoint)> handler) {
    impl_->on_step_ = std::move(handler);
}
void SimHost::put_on_bus(const CanFrame& frame) {
    impl_->put_on_bus(frame);
}

void SimHost::on_answer_sent(std::function<void(TimePoint)> handler) {
    impl_->bms_.on_answer_sent(std::move(handler));
}
std::uint64_t SimHost::battery_frames() const {
    return impl_->battery_frames_;
}

}  // namespace jkp::app
