// SPDX-License-Identifier: MIT
// A serial CAN adapter spoken to in user space. An adapter that answers a frame only says that it has taken
// it, not that another node has acknowledged it: an echo proves nothing here.
#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cerrno>
#include <chrono>
#include <string>

#include "io/can_filter.hpp"
#include "io/can_guard.hpp"
#include "io/can_links.hpp"
#include "io/can_report.hpp"
#include "io/slcan_codec.hpp"
#include "io/slcan_port.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
constexpr auto look_again = std::chrono::milliseconds(500);
constexpr unsigned refusals_of_a_closed_adapter = 6;  // a whole burst

class SlcanLink final : public CanLink {
  public:
    SlcanLink(asio::io_context& io, const CanLinkSettings& settings)
        : settings_(settings), timer_(io), port_(io) {}
    ~SlcanLink() override { close(); }

    void open(CanLinkHandlers handlers) override {
        close();
        report_.begin(std::move(handlers));
        asio::post(timer_.get_executor(), guard_([this] { connect(); }));
    }

    void close() override {
        guard_.renew();
        timer_.cancel();
        // Best effort: an adapter left open would go on filling its buffer.
        if (port_.is_open() && unsent_.empty()) (void)write_slcan_port(port_.native_handle(), "C\r");
        drop_port();
        report_.end();
    }

    SendOutcome send(std::span<const CanFrame> burst) override;
    [[nodiscard]] CanLinkStatus status() const override { return report_.status(); }
    [[nodiscard]] bool echo_proves_acknowledge() const override { return false; }

  private:
    void connect();
    void start_adapter();
    bool begin_session();
    void refused();
    void wait_readable();
    void read_some();
    void take(const SlcanMessage& message);
    void accepted();
    bool flush();
    void lost(int code);
    void drop_port();

    CanLinkSettings settings_;
    asio::steady_timer timer_;
    asio::posix::stream_descriptor port_;
    CanGuard guard_;
    CanReport report_;
    SlcanDeframer deframer_;
    std::string unsent_;             // the rest of one burst that the port did not take at once
    unsigned open_commands_ = 0;     // commands of the opening that were not answered yet
    std::size_t open_frames_ = 0;    // frames written that were not answered yet
    unsigned refused_in_a_row_ = 0;  // frames that the adapter refused since the last one it took
};

void SlcanLink::connect() {
    const auto descriptor = open_slcan_port(settings_.path, settings_.baud);
    if (!descriptor) return lost(descriptor.error());
    error_code failed;
    port_.assign(*descriptor, failed);
    if (failed) {
        ::close(*descriptor);
        return lost(failed.value());
    }
    start_adapter();
}

void SlcanLink::start_adapter() {
    deframer_ = {};
    wait_readable();
    if (begin_session())
        report_.change(CanLinkState::up, "the adapter at " + settings_.path + " runs at " +
                                             std::to_string(settings_.bitrate / 1000) + " kbit/s");
}

// Also cures an adapter that another program closed, or that went bus-off.
bool SlcanLink::begin_session() {
    unsent_ = std::string("C\rS") + *slcan_bitrate_digit(settings_.bitrate) + "\rO\r";
    open_commands_ = 3;
    open_frames_ = 0;
    refused_in_a_row_ = 0;
    return flush();
}

SendOutcome SlcanLink::send(std::span<const CanFrame> burst) {
    if (!report_.up()) return SendOutcome::not_connected;
    // Limits that wait in a queue are old limits: a burst waits for nothing but its own last bytes.
    if (!unsent_.empty() || slcan_port_backlog(port_.native_handle()) > 0) {
        ++report_.counters().bursts_dropped;
        return SendOutcome::queue_full;
    }
    for (const auto& frame : burst) unsent_ += encode_slcan(frame);
    if (!flush()) return SendOutcome::not_connected;
    report_.counters().frames_sent += burst.size();
    open_frames_ += burst.size();
    return SendOutcome::sent;
}

// False when the port is gone; its loss is dealt with in the next turn of the loop.
bool SlcanLink::flush() {
    const auto written = write_slcan_port(port_.native_handle(), unsent_);
    if (!written) {
        unsent_.clear();
        asio::post(timer_.get_executor(), guard_([this, code = written.error()] { lost(code); }));
        return false;
    }
    unsent_.erase(0, *written);
    if (unsent_.empty()) return true;
    port_.async_wait(asio::posix::stream_descriptor::wait_write, guard_([this](error_code failed) {
                         if (!failed) flush();
                     }));
    return true;
}

void SlcanLink::wait_readable() {
    port_.async_wait(asio::posix::stream_descriptor::wait_read, guard_([this](error_code failed) {
                         if (!failed) read_some();
                     }));
}

void SlcanLink::read_some() {
    std::array<char, 512> bytes{};
    const auto count = read_slcan_port(port_.native_handle(), bytes);
    if (!count) return lost(count.error());
    for (std::size_t i = 0; i < *count && port_.is_open(); ++i) {
        if (const auto message = deframer_.push(bytes.at(i))) take(*message);
    }
    if (port_.is_open()) wait_readable();
}

void SlcanLink::take(const SlcanMessage& message) {
    auto& counters = report_.counters();
    switch (message.kind) {
        case SlcanInput::frame:
            if (settings_.receive_all || concerns_us(message.frame)) report_.frame(message.frame);
            return;
        case SlcanInput::accepted: return accepted();
        case SlcanInput::queued:
            refused_in_a_row_ = 0;
            if (open_frames_ > 0) --open_frames_;
            return report_.echo();
        case SlcanInput::refused: return refused();
        case SlcanInput::error_passive: ++counters.error_passive; return;
        case SlcanInput::bus_off: ++counters.bus_off; return;
        case SlcanInput::bus_error: ++counters.error_frames; return;
        case SlcanInput::malformed: ++counters.malformed; return;
        case SlcanInput::remote_frame:
        case SlcanInput::other_state:
        case SlcanInput::answer: return;
    }
}

void SlcanLink::refused() {
    if (open_commands_ > 0) {
        // An adapter that was closed already refuses the first command.
        if (--open_commands_ != 2) ++report_.counters().error_frames;
        return;
    }
    ++report_.counters().error_frames;
    if (open_frames_ > 0) --open_frames_;
    if (++refused_in_a_row_ < refusals_of_a_closed_adapter) return;
    ++report_.counters().reopened;
    begin_session();
}

void SlcanLink::accepted() {
    if (open_commands_ == 0) refused_in_a_row_ = 0;
    if (open_commands_ > 0) {
        --open_commands_;
    } else if (open_frames_ > 0) {
        --open_frames_;
        report_.echo();
    }
}

void SlcanLink::lost(int code) {
    drop_port();
    timer_.expires_after(look_again);
    timer_.async_wait(guard_([this](error_code failed) {
        if (!failed) connect();
    }));
    report_.change(CanLinkState::missing, slcan_port_sentence(settings_.path, code));
}

void SlcanLink::drop_port() {
    error_code ignored;
    if (port_.is_open()) port_.close(ignored);
    unsent_.clear();
}

}  // namespace

std::unique_ptr<CanLink> make_slcan_link(asio::io_context& io, const CanLinkSettings& settings) {
    return std::make_unique<SlcanLink>(io, settings);
}

}  // namespace jkp::io
