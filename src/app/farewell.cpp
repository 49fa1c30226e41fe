// SPDX-License-Identifier: MIT
#include "app/farewell.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace jkp::app {
namespace {

constexpr Duration gap = std::chrono::milliseconds(200);
constexpr int bursts = 3;

}  // namespace

class Farewell::Impl {
  public:
    explicit Impl(boost::asio::io_context& loop) : timer_(loop) {}

    void begin(std::shared_ptr<io::CanLink> link, const Frames& frames) {
        if (link_ || frames.empty()) return;
        link_ = std::move(link);
        frames_ = frames;
        left_ = bursts;
        turn();
    }

    void then(std::function<void()> done) {
        done_ = std::move(done);
        if (!link_) tell();
    }

    void spare(const io::CanLink* link) {
        if (link_.get() == link) over();
    }

  private:
    void turn() {
        if (!link_) return;  // spared after the time was over already
        if (left_ == 0) return over();
        --left_;
        // A bus that cannot be reached hears nothing of the rest either.
        if (link_->send({frames_.data(), frames_.size()}) == io::SendOutcome::not_connected) return over();
        timer_.expires_after(gap);
        timer_.async_wait([this](const boost::system::error_code& error) {
            if (!error) turn();
        });
    }

    void over() {
        timer_.cancel();
        link_.reset();  // closes it, unless somebody else uses it
        tell();
    }

    void tell() {
        if (const auto done = std::exchange(done_, nullptr)) done();
    }

    boost::asio::steady_timer timer_;
    std::shared_ptr<io::CanLink> link_;  // none: it is over
    Frames frames_;
    int left_ = 0;
    std::function<void()> done_;
};

Farewell::Farewell(boost::asio::io_context& loop) : impl_(std::make_unique<Impl>(loop)) {}
Farewell::~Farewell() = default;
void Farewell::begin(std::shared_ptr<io::CanLink> link, const Frames& frames) {
    impl_->begin(std::move(link), frames);
}
void Farewell::then(std::function<void()> done) {
    impl_->then(std::move(done));
}
void Farewell::spare(const io::CanLink* link) {
    impl_->spare(link);
}

}  // namespace jkp::app
