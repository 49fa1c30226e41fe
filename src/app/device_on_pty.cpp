// SPDX-License-Identifier: MIT
#include "app/device_on_pty.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

#include "io/clock.hpp"
#include "io/pty_pair.hpp"

namespace jkp::app {
namespace {

// A USB adapter delivers in packets too; twelve bytes at a time keep the number of wake-ups small.
constexpr Duration chunk_time = std::chrono::milliseconds(1);

}  // namespace

class DeviceOnPty::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(boost::asio::io_context& loop, sim::JkDevice& device, std::string link)
        : device_(device), pty_(loop, std::move(link)), timer_(loop) {}

    void plug() {
        pty_.on_bytes([weak = weak_from_this()](Bytes bytes, TimePoint at) {
            if (const auto self = weak.lock()) self->received(bytes, at);
        });
        pty_.plug();
    }

    void unplug() {
        pty_.unplug();
        timer_.cancel();
        device_.cut();
    }

    [[nodiscard]] std::string path() const { return pty_.path(); }

    std::function<void(TimePoint)> on_answer_sent_;

  private:
    void received(Bytes bytes, TimePoint at) {
        device_.receive(bytes, at);
        arm();
    }

    void arm() {
        const auto next = device_.next_byte_at();
        if (!next) return;
        timer_.expires_at(io::steady(*next + chunk_time));
        timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
            const auto self = weak.lock();
            if (error || !self || !self->pty_.plugged()) return;
            self->send(io::now());
            self->arm();
        });
    }

    void send(TimePoint now) {
        const std::vector<std::uint8_t> bytes = device_.take(now);
        if (!bytes.empty() && !device_.next_byte_at() && on_answer_sent_) on_answer_sent_(now);
        pty_.write(bytes);
    }

    sim::JkDevice& device_;
    io::PtyPair pty_;
    boost::asio::steady_timer timer_;
};

DeviceOnPty::DeviceOnPty(boost::asio::io_context& loop, sim::JkDevice& device, std::string link)
    : impl_(std::make_shared<Impl>(loop, device, std::move(link))) {}
DeviceOnPty::~DeviceOnPty() {
    impl_->unplug();
}
void DeviceOnPty::plug() {
    impl_->plug();
}
void DeviceOnPty::unplug() {
    impl_->unplug();
}
std::string DeviceOnPty::path() const {
    return impl_->path();
}
void DeviceOnPty::on_answer_sent(std::function<void(TimePoint)> handler) {
    impl_->on_answer_sent_ = std::move(handler);
}

}  // namespace jkp::app
