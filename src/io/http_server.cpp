// SPDX-License-Identifier: MIT
#include "io/http_server.hpp"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "core/token_bucket.hpp"
#include "io/clock.hpp"
#include "io/http_session.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t most_turned_away = 8;  // at once; further ones are closed without a word
constexpr double connection_burst = 100;
constexpr double connections_each_second = 100;
// So much of a reply the kernel takes over; the rest waits here, where it is bounded and seen.
constexpr int send_buffer = 65536;

std::string fault(const HttpServerSettings& settings, const error_code& error) {
    std::string text = "cannot listen on " + settings.listen + " port " + std::to_string(settings.port) +
                       ": " + error.message();
    if (error == asio::error::address_in_use) return text + "; another program does. Choose another port";
    if (error == asio::error::access_denied) return text + "; ports below 1024 belong to root";
    return text + "; is it an address of this machine?";
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<Impl> {
  public:
    Impl(asio::io_context& loop, const HttpServerSettings& settings, WebHandler handler)
        : loop_(loop), acceptor_(loop), pause_(loop), turns_(loop), host_(std::make_shared<HttpHost>()) {
        host_->settings = settings;
        host_->rules = {settings.base_path, settings.hosts};
        host_->handler = std::move(handler);
        turns_left_ = TokenBucket(settings.burst, settings.requests_per_second);
    }

    error_code open() {
        error_code error;
        const auto address = asio::ip::make_address(host_->settings.listen, error);
        if (error) return error;
        const tcp::endpoint endpoint(address, host_->settings.port);
        static_cast<void>(acceptor_.open(endpoint.protocol(), error));
        if (!error) static_cast<void>(acceptor_.set_option(tcp::acceptor::reuse_address(true), error));
        if (!error)
            static_cast<void>(acceptor_.set_option(asio::socket_base::send_buffer_size(send_buffer), error));
        if (!error) static_cast<void>(acceptor_.bind(endpoint, error));
        if (!error) static_cast<void>(acceptor_.listen(64, error));
        if (!error) port_ = acceptor_.local_endpoint(error).port();
        return error;
    }

    void start() {
        host_->ask_turn = [weak = weak_from_this()](const std::shared_ptr<HttpSession>& session) {
            if (const auto self = weak.lock()) self->ask_turn(session);
        };
        accept();
    }

    void stop() {
        host_->stopped = true;
        error_code ignored;
        pause_.cancel();
        turns_.cancel();
        waiting_.clear();
        static_cast<void>(acceptor_.close(ignored));
        for (HttpSession* session : std::vector(host_->sessions)) session->close();
    }

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const HttpHost& host() const { return *host_; }

  private:
    void accept() {
        acceptor_.async_accept([self = shared_from_this()](const error_code& error, tcp::socket socket) {
            if (error == asio::error::operation_aborted || self->host_->stopped) return;
            if (error) return self->accept_later();
            self->welcome(std::move(socket));
            if (!self->arrivals_.take(now())) return self->accept_later();
            self->accept();
        });
    }

    // Out of descriptors, or too many at once: a new attempt in this turn would keep the loop busy.
    void accept_later() {
        pause_.expires_after(std::chrono::milliseconds(100));
        pause_.async_wait([self = shared_from_this()](const error_code& error) {
            if (!error && !self->host_->stopped) self->accept();
        });
    }

    void welcome(tcp::socket socket) {
        ++host_->counters.connections;
        const std::size_t most = host_->settings.max_connections;
        error_code ignored;
        static_cast<void>(socket.set_option(tcp::no_delay(true), ignored));
        if (host_->sessions.size() >= most + most_turned_away) {
            ++host_->counters.refused;
            return;
        }
        const auto session = std::make_shared<HttpSession>(std::move(socket), host_);
        if (is_too_many_of(session->address())) {
            ++host_->counters.refused;
            return session->turn_away(web_error(429, "too many connections from this address"));
        }
        // Who only keeps a connection open makes room for who wants something.
        if (host_->sessions.size() > most && !end_longest_idle()) {
            ++host_->counters.refused;
            return session->turn_away(web_error(503, "too many connections; try again in a moment"));
        }
        session->start();
    }

    // A proxy on this machine speaks for everybody.
    [[nodiscard]] bool is_too_many_of(const asio::ip::address& address) const {
        if (address.is_loopback()) return false;
        const auto of_it = std::ranges::count(host_->sessions, address, &HttpSession::address);
        return static_cast<std::size_t>(of_it) >
               std::max<std::size_t>(1, host_->settings.max_connections / 2);
    }

    bool end_longest_idle() {
        HttpSession* longest = nullptr;
        for (HttpSession* session : host_->sessions) {
            const auto since = session->idle_since();
            if (since && (longest == nullptr || *since < *longest->idle_since())) longest = session;
        }
        if (longest != nullptr) longest->close();
        return longest != nullptr;
    }

    // One request a turn of the loop for each connection, and no more than so many a second for all: control
    // and the bus get their turns in between.
    void ask_turn(const std::shared_ptr<HttpSession>& session) {
        if (waiting_.empty() && turns_left_.take(now())) return let_in(session);
        waiting_.push_back(session);
        if (waiting_.size() == 1) wait_for_turns();
    }

    void let_in(const std::shared_ptr<HttpSession>& session) {
        asio::post(loop_, [session] { session->begin(); });
    }

    void wait_for_turns() {
        turns_.expires_after(std::chrono::milliseconds(10));
        turns_.async_wait([self = shared_from_this()](const error_code& error) {
            if (error || self->host_->stopped) return;
            while (!self->waiting_.empty() && self->turns_left_.take(now())) {
                const auto session = self->waiting_.front();
                self->waiting_.pop_front();
                self->let_in(session);
            }
            if (!self->waiting_.empty()) self->wait_for_turns();
        });
    }

    asio::io_context& loop_;
    tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    asio::steady_timer turns_;
    std::shared_ptr<HttpHost> host_;
    std::deque<std::shared_ptr<HttpSession>> waiting_;
    TokenBucket turns_left_{0, 0};
    TokenBucket arrivals_{connection_burst, connections_each_second};
    std::uint16_t port_ = 0;
};

Result<std::unique_ptr<HttpServer>, std::string> HttpServer::listen(asio::io_context& loop,
                                                                    const HttpServerSettings& settings,
                                                                    WebHandler handler) {
    auto impl = std::make_shared<Impl>(loop, settings, std::move(handler));
    if (const error_code error = impl->open()) return failure(fault(settings, error));
    impl->start();
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
// Closing throws only when the loop itself is broken; ending is then right.
// NOLINTNEXTLINE(bugprone-exception-escape)
HttpServer::~HttpServer() {
    impl_->stop();
}
std::uint16_t HttpServer::port() const {
    return impl_->port();
}
const HttpServerCounters& HttpServer::counters() const {
    return impl_->host().counters;
}
std::size_t HttpServer::open_connections() const {
    return impl_->host().sessions.size();
}
std::size_t HttpServer::open_streams() const {
    return impl_->host().streams;
}

}  // namespace jkp::io
