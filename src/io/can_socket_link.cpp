// SPDX-License-Identifier: MIT
// A SocketCAN interface: found, brought up when asked to, opened, watched, and opened again after each loss.
#include <unistd.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstring>
#include <string>

#include "io/can_guard.hpp"
#include "io/can_links.hpp"
#include "io/can_report.hpp"
#include "io/can_socket.hpp"
#include "io/netlink_can.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr auto look_again = std::chrono::milliseconds(250);
constexpr auto look_while_up = std::chrono::seconds(1);
constexpr auto shortest_backoff = std::chrono::seconds(1);
constexpr auto longest_backoff = std::chrono::seconds(30);
constexpr int frames_per_turn = 64;  // then the other links have their turn

std::string kilobits(std::uint32_t bitrate) {
    return std::to_string(bitrate / 1000) + " kbit/s";
}

class SocketCanLink final : public CanLink {
  public:
    SocketCanLink(asio::io_context& io, const CanLinkSettings& settings)
        : settings_(settings), timer_(io), socket_(io) {}
    ~SocketCanLink() override { close(); }

    void open(CanLinkHandlers handlers) override {
        close();
        report_.begin(std::move(handlers));
        asio::post(timer_.get_executor(), guard_([this] { look(); }));
    }

    void close() override {
        guard_.renew();
        timer_.cancel();
        drop_socket();
        report_.end();
    }

    SendOutcome send(std::span<const CanFrame> burst) override;
    [[nodiscard]] CanLinkStatus status() const override { return report_.status(); }
    [[nodiscard]] bool echo_proves_acknowledge() const override { return echo_proves_; }

  private:
    // The interface is looked at again and again, also while the link is up: no loss goes unseen.
    void look();
    void judge(const CanInterface& found);
    void handle_down(const CanInterface& found);
    void handle_bus_off(const CanInterface& found);
    bool may_manage_now();
    void bring_it_up();
    void connect(const CanInterface& found);

    void wait_readable();
    void read_some();
    void take(const CanReceived& input);
    void take_error(const CanErrorReport& error);
    void lost(int code);
    void drop_socket();
    [[nodiscard]] std::string up_sentence(const CanInterface& found) const;

    CanLinkSettings settings_;
    asio::steady_timer timer_;
    asio::posix::stream_descriptor socket_;
    CanGuard guard_;
    CanReport report_;
    bool echo_proves_ = false;
    BringUpNote note_;                 // what the last bring-up could not set
    Clock::time_point manage_next_{};  // the interface is not configured again before
    Clock::duration backoff_ = shortest_backoff;
};

void SocketCanLink::look() {
    timer_.expires_after(report_.up() ? look_while_up : look_again);
    timer_.async_wait(guard_([this](error_code failed) {
        if (!failed) look();
    }));
    if (const auto found = find_can_interface(settings_.interface)) return judge(*found);
    drop_socket();
    report_.change(CanLinkState::missing, missing_can_interface_sentence(settings_.interface));
}

void SocketCanLink::judge(const CanInterface& found) {
    const bool wrong_bitrate = found.has_controller && found.bitrate != settings_.bitrate;
    if (!found.up) return handle_down(found);
    if (wrong_bitrate && settings_.manage_interface) return handle_down(found);
    if (found.controller == CanControllerState::bus_off) return handle_bus_off(found);
    if (!socket_.is_open()) return connect(found);
    report_.change(CanLinkState::up, up_sentence(found));
}

void SocketCanLink::handle_down(const CanInterface& found) {
    drop_socket();
    if (!settings_.manage_interface) {
        const auto type =
            found.has_controller ? " type can bitrate " + std::to_string(settings_.bitrate) : "";
        return report_.change(CanLinkState::down, found.name + " is down: bring it up with `ip link set " +
                                                      found.name + " up" + type +
                                                      "`, or set manage_interface = true");
    }
    if (may_manage_now()) bring_it_up();
}

void SocketCanLink::handle_bus_off(const CanInterface& found) {
    const std::string cause = found.name +
                              " is off the bus (bus-off: too many errors; check the wiring, the two "
                              "120 ohm resistors and the bitrate)";
    if (found.restart_ms > 0)
        return report_.change(CanLinkState::down, cause + "; the controller restarts by itself after " +
                                                      std::to_string(found.restart_ms) + " ms");
    if (!settings_.manage_interface)
        return report_.change(CanLinkState::down, cause +
                                                      "; restart-ms is 0: take it down and up with `ip link "
                                                      "set`, or set manage_interface = true");
    report_.change(CanLinkState::down, cause + "; it is taken down and up again");
    const bool closed_meanwhile = report_.status().state == CanLinkState::closed;
    if (closed_meanwhile || !may_manage_now()) return;
    drop_socket();
    if (!take_down(settings_.interface)) return;
    ++report_.counters().restarts;
    bring_it_up();
}

// At most once in 1, 2, 4 .. 30 s, until frames go through again.
bool SocketCanLink::may_manage_now() {
    const auto now = Clock::now();
    if (now < manage_next_) return false;
    manage_next_ = now + backoff_;
    backoff_ = std::min<Clock::duration>(2 * backoff_, longest_backoff);
    return true;
}

void SocketCanLink::bring_it_up() {
    const auto done = bring_up(settings_.interface, settings_.bitrate, settings_.restart_ms);
    if (!done) return report_.change(CanLinkState::down, done.error());
    note_ = *done;
    const auto found = find_can_interface(settings_.interface);
    if (found && found->up) connect(*found);
}

void SocketCanLink::connect(const CanInterface& found) {
    const auto descriptor = open_can_socket(found.index, settings_.receive_all);
    if (!descriptor)
        return report_.change(CanLinkState::down,
                              found.name + " cannot be opened: " + std::strerror(descriptor.error()));
    error_code failed;
    socket_.assign(*descriptor, failed);
    if (failed) {
        ::close(*descriptor);
        return report_.change(CanLinkState::down, found.name + " cannot be watched: " + failed.message());
    }
    echo_proves_ = found.has_controller && found.echoes_when_sent;
    wait_readable();
    report_.change(CanLinkState::up, up_sentence(found));
}

SendOutcome SocketCanLink::send(std::span<const CanFrame> burst) {
    if (!report_.up()) return SendOutcome::not_connected;
    for (const auto& frame : burst) {
        switch (send_can(socket_.native_handle(), frame)) {
            case CanWrite::taken: ++report_.counters().frames_sent; break;
            case CanWrite::full: ++report_.counters().bursts_dropped; return SendOutcome::queue_full;
            case CanWrite::lost:
                // Later: handlers are not called from inside send().
                asio::post(timer_.get_executor(), guard_([this] { lost(ENETDOWN); }));
                return SendOutcome::not_connected;
        }
    }
    return SendOutcome::sent;
}

void SocketCanLink::wait_readable() {
    socket_.async_wait(asio::posix::stream_descriptor::wait_read, guard_([this](error_code failed) {
                           if (!failed) read_some();
                       }));
}

void SocketCanLink::read_some() {
    for (int i = 0; i < frames_per_turn && socket_.is_open(); ++i) {
        const auto input = receive_can(socket_.native_handle());
        if (input.kind == CanInput::nothing) break;
        take(input);
    }
    if (socket_.is_open()) wait_readable();
}

void SocketCanLink::take(const CanReceived& input) {
    switch (input.kind) {
        case CanInput::frame: backoff_ = shortest_backoff; return report_.frame(input.frame);
        case CanInput::echo:
            if (echo_proves_) backoff_ = shortest_backoff;
            return report_.echo();
        case CanInput::error: return take_error(input.error);
        case CanInput::lost: return lost(input.code);
        case CanInput::nothing:
        case CanInput::other: return;
    }
}

void SocketCanLink::take_error(const CanErrorReport& error) {
    auto& counters = report_.counters();
    ++counters.error_frames;
    if (error.error_passive) ++counters.error_passive;
    if (error.bus_off) ++counters.bus_off;
    if (error.restarted) ++counters.restarts;
    if (error.bus_off || error.restarted) look();
}

void SocketCanLink::lost(int code) {
    drop_socket();
    const auto found = find_can_interface(settings_.interface);
    if (!found || !found->up) return look();
    // Not reopened at once: an interface that fails at each attempt must not keep the loop busy.
    timer_.expires_after(look_again);
    timer_.async_wait(guard_([this](error_code failed) {
        if (!failed) look();
    }));
    report_.change(CanLinkState::down,
                   found->name + " was lost (" + std::strerror(code) + "); it is opened again");
}

void SocketCanLink::drop_socket() {
    error_code ignored;
    if (socket_.is_open()) socket_.close(ignored);
}

std::string SocketCanLink::up_sentence(const CanInterface& found) const {
    if (!found.has_controller) return found.name + " is up";
    auto text = found.name + " runs at " + kilobits(found.bitrate);
    if (found.bitrate != settings_.bitrate)
        text +=
            "; " + kilobits(settings_.bitrate) + " is configured: set manage_interface = true or correct one";
    if (!note_.empty()) text += "; " + note_ + ": after a bus-off it is taken down and up";
    return text;
}

}  // namespace

std::unique_ptr<CanLink> make_socketcan_link(asio::io_context& io, const CanLinkSettings& settings) {
    return std::make_unique<SocketCanLink>(io, settings);
}

}  // namespace jkp::io
