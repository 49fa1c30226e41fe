// SPDX-License-Identifier: MIT
// CAN frames over UDP to and from one peer. The socket is connected: the kernel drops packets of strangers.
// The link is up once the peer's name is resolved; UDP does not tell whether anybody listens.
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <optional>
#include <string>

#include "io/can_filter.hpp"
#include "io/can_guard.hpp"
#include "io/can_links.hpp"
#include "io/can_report.hpp"
#include "io/cannelloni_codec.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;
constexpr auto try_again = std::chrono::seconds(1);
constexpr int packets_per_turn = 32;

class CannelloniLink final : public CanLink {
  public:
    CannelloniLink(asio::io_context& io, const CanLinkSettings& settings)
        : settings_(settings), timer_(io), resolver_(io), socket_(io) {}
    ~CannelloniLink() override { close(); }

    void open(CanLinkHandlers handlers) override {
        close();
        report_.begin(std::move(handlers));
        asio::post(timer_.get_executor(), guard_([this] { resolve(); }));
    }

    void close() override {
        guard_.renew();
        timer_.cancel();
        resolver_.cancel();
        drop_socket();
        report_.end();
    }

    SendOutcome send(std::span<const CanFrame> burst) override;
    [[nodiscard]] CanLinkStatus status() const override { return report_.status(); }
    [[nodiscard]] bool echo_proves_acknowledge() const override { return false; }

  private:
    [[nodiscard]] std::string peer() const { return settings_.host + ':' + std::to_string(settings_.port); }
    void resolve();
    void connect(const udp::endpoint& peer_endpoint);
    void failed_to(const std::string& what, const error_code& cause);
    void wait_readable();
    void read_some();
    void take(Bytes packet);
    void follow(std::uint8_t sequence);
    void drop_socket();

    CanLinkSettings settings_;
    asio::steady_timer timer_;
    udp::resolver resolver_;
    udp::socket socket_;
    CanGuard guard_;
    CanReport report_;
    std::uint8_t next_sequence_ = 0;
    std::optional<std::uint8_t> expected_sequence_;
};

void CannelloniLink::resolve() {
    resolver_.async_resolve(settings_.host, std::to_string(settings_.port),
                            guard_([this](error_code failed, const udp::resolver::results_type& found) {
                                if (failed) return failed_to("finding " + settings_.host, failed);
                                connect(*found.begin());
                            }));
}

void CannelloniLink::connect(const udp::endpoint& peer_endpoint) {
    error_code failed;
    const auto local = asio::ip::make_address(settings_.local_address, failed);
    if (failed) return failed_to("reading the local address " + settings_.local_address, failed);
    const auto receive_at = settings_.local_address + ':' + std::to_string(settings_.local_port);
    socket_.open(peer_endpoint.protocol(), failed);
    if (!failed) socket_.non_blocking(true, failed);
    if (!failed) socket_.bind({local, settings_.local_port}, failed);
    if (failed) return failed_to("receiving at " + receive_at, failed);
    socket_.connect(peer_endpoint, failed);
    if (failed) return failed_to("reaching " + peer() + " from " + receive_at, failed);
    expected_sequence_.reset();
    wait_readable();
    report_.change(CanLinkState::up, "frames go to " + peer() + " and come in at " + receive_at);
}

void CannelloniLink::failed_to(const std::string& what, const error_code& cause) {
    drop_socket();
    timer_.expires_after(try_again);
    timer_.async_wait(guard_([this](error_code failed) {
        if (!failed) resolve();
    }));
    report_.change(CanLinkState::missing,
                   what + " failed: " + cause.message() + "; check host, port, local_address and local_port");
}

SendOutcome CannelloniLink::send(std::span<const CanFrame> burst) {
    if (!report_.up()) return SendOutcome::not_connected;
    const auto packet = encode_cannelloni(next_sequence_++, burst);
    error_code failed;
    socket_.send(asio::buffer(packet), 0, failed);
    // A report that nobody listens belongs to an earlier packet: this one has not gone yet.
    if (failed == asio::error::connection_refused) socket_.send(asio::buffer(packet), 0, failed);
    if (failed) {
        ++report_.counters().bursts_dropped;
        return SendOutcome::queue_full;
    }
    report_.counters().frames_sent += burst.size();
    return SendOutcome::sent;
}

void CannelloniLink::wait_readable() {
    socket_.async_wait(udp::socket::wait_read, guard_([this](error_code failed) {
                           if (!failed) read_some();
                       }));
}

void CannelloniLink::read_some() {
    std::array<std::uint8_t, 65'536> packet;  // NOLINT(cppcoreguidelines-pro-type-member-init): received into
    for (int i = 0; i < packets_per_turn && socket_.is_open(); ++i) {
        error_code failed;
        const auto size = socket_.receive(asio::buffer(packet), 0, failed);
        if (failed == asio::error::would_block) break;
        if (failed) {
            ++report_.counters().error_frames;
        } else {
            take(Bytes(packet.data(), size));
        }
    }
    if (socket_.is_open()) wait_readable();
}

void CannelloniLink::take(Bytes bytes) {
    const auto packet = decode_cannelloni(bytes);
    if (!packet) {
        ++report_.counters().malformed;
        return;
    }
    follow(packet->sequence);
    for (const auto& frame : packet->frames) {
        if (settings_.receive_all || concerns_us(frame)) report_.frame(frame);
    }
}

void CannelloniLink::follow(std::uint8_t sequence) {
    if (expected_sequence_) {
        const auto gap = static_cast<std::uint8_t>(sequence - *expected_sequence_);
        // More than half the circle ahead is a late or repeated packet, or a peer that has started anew.
        if (gap < 128) report_.counters().packets_lost += gap;
    }
    expected_sequence_ = static_cast<std::uint8_t>(sequence + 1);
}

void CannelloniLink::drop_socket() {
    error_code ignored;
    if (socket_.is_open()) socket_.close(ignored);
}

}  // namespace

std::unique_ptr<CanLink> make_cannelloni_link(asio::io_context& io, const CanLinkSettings& settings) {
    return std::make_unique<CannelloniLink>(io, settings);
}

}  // namespace jkp::io
