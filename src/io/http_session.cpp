// SPDX-License-Identifier: MIT
#include "io/http_session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/read.hpp>
#include <exception>

#include "io/clock.hpp"
#include "io/http_head.hpp"

namespace jkp::io {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr std::size_t buffer_bytes = 32768;
constexpr std::size_t read_bytes = 4096;
constexpr std::size_t most_drained = 262144;
constexpr std::chrono::seconds linger_time{2};

class SessionStream : public EventStream {
  public:
    explicit SessionStream(std::weak_ptr<HttpSession> session) : session_(std::move(session)) {}
    bool send(SharedText text, bool replaceable) override {
        const auto session = session_.lock();
        return session && session->push(std::move(text), replaceable);
    }
    [[nodiscard]] bool open() const override {
        const auto session = session_.lock();
        return session && session->streaming();
    }

  private:
    std::weak_ptr<HttpSession> session_;
};

asio::ip::address address_of(const tcp::socket& socket) {
    boost::system::error_code ignored;
    const asio::ip::address address = socket.remote_endpoint(ignored).address();
    const bool mapped = address.is_v6() && address.to_v6().is_v4_mapped();
    return mapped ? asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()) : address;
}

}  // namespace

HttpSession::HttpSession(tcp::socket socket, std::shared_ptr<HttpHost> host)
    : socket_(std::move(socket)),
      address_(address_of(socket_)),
      timer_(socket_.get_executor()),
      host_(std::move(host)),
      buffer_(buffer_bytes) {
    host_->sessions.push_back(this);
}

// Closing throws only when the loop itself is broken; ending is then right.
// NOLINTNEXTLINE(bugprone-exception-escape)
HttpSession::~HttpSession() {
    close();
}

void HttpSession::close() {
    if (closed_) return;
    closed_ = true;
    std::erase(host_->sessions, this);
    if (streaming_) --host_->streams;
    Error ignored;
    timer_.cancel();
    static_cast<void>(socket_.close(ignored));
    pieces_.clear();
}

void HttpSession::start() {
    next();
}

// Only one thing goes on at a time; when its time is over, it ends with an error.
void HttpSession::arm(std::chrono::milliseconds time) {
    timed_out_ = false;
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this()](const Error& error) {
        // One that was armed anew while this was on its way is not over.
        if (error || self->closed_ || self->timer_.expiry() > std::chrono::steady_clock::now()) return;
        self->on_time_over();
    });
}

void HttpSession::on_time_over() {
    if (!answered_) {
        ++host_->counters.failed;
        return answer(ticket_, web_error(503, "the answer took too long"));
    }
    timed_out_ = true;
    Error ignored;
    static_cast<void>(socket_.cancel(ignored));
}

// Waits for the first byte of the next request, unless it is here already.
void HttpSession::next() {
    if (closed_) return;
    if (buffer_.size() > 0) return host_->ask_turn(shared_from_this());
    idle_since_ = now();
    arm(host_->settings.idle_time);
    socket_.async_read_some(buffer_.prepare(read_bytes),
                            [self = shared_from_this()](const Error& error, std::size_t size) {
                                self->idle_since_.reset();
                                if (error || self->closed_) return self->close();
                                self->buffer_.commit(size);
                                self->timer_.cancel();
                                self->host_->ask_turn(self);
                            });
}

void HttpSession::begin() {
    if (closed_) return;
    keep_ = false;
    method_ = WebMethod::get;
    parser_.emplace();
    limit(*parser_);
    arm(host_->settings.head_time);
    http::async_read_header(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](const Error& error, std::size_t) { self->on_head(error); });
}

void HttpSession::on_head(const Error& error) {
    if (closed_) return;
    ++host_->counters.requests;
    if (error) return on_failed_read(error);
    if (auto refused = refusal(parser_->get())) return refuse(std::move(*refused));
    arm(host_->settings.body_time);
    http::async_read(
        socket_, buffer_, *parser_,
        [self = shared_from_this()](const Error& failed, std::size_t) { self->on_message(failed); });
}

void HttpSession::on_message(const Error& error) {
    if (closed_) return;
    if (error) return on_failed_read(error);
    keep_ = parser_->get().keep_alive();
    if (parser_->get().method() == http::verb::head) method_ = WebMethod::head;
    auto request = to_request(parser_->release(), host_->rules);
    if (!request) return refuse(std::move(request.error()));
    request->client = address_.to_string();
    request->at = now();
    dispatch(std::move(*request));
}

void HttpSession::dispatch(WebRequest request) {
    answered_ = false;
    const std::uint64_t ticket = ++ticket_;
    arm(host_->settings.answer_time);
    WebResponder respond = [weak = weak_from_this(), ticket](WebReply reply) {
        if (const auto self = weak.lock()) self->answer(ticket, std::move(reply));
    };
    try {
        host_->handler(request, std::move(respond));
    } catch (const std::exception&) {
        ++host_->counters.failed;
        answer(ticket, web_error(500, "the request could not be handled"));
    }
}

void HttpSession::on_failed_read(const Error& error) {
    if (timed_out_) {
        ++host_->counters.timeouts;
        return refuse(web_error(408, "the request took too long"));
    }
    if (auto refused = refusal(error)) return refuse(std::move(*refused));
    close();
}

void HttpSession::refuse(WebReply reply) {
    ++host_->counters.rejected;
    write(std::move(reply));
}

void HttpSession::turn_away(const WebReply& reply) {
    write(reply);
}

void HttpSession::answer(std::uint64_t ticket, WebReply reply) {
    if (closed_ || answered_ || ticket != ticket_) return;
    answered_ = true;
    if (reply.stream && method_ != WebMethod::head) return begin_stream(reply);
    write(std::move(reply));
}

void HttpSession::write(WebReply reply) {
    reply_ = std::move(reply);
    head_ = head_text(reply_, keep_);
    const bool bare = method_ == WebMethod::head || reply_.status == 304;
    const std::span<const std::byte> body = bare ? std::span<const std::byte>{} : reply_.body();
    const std::array<asio::const_buffer, 2> buffers{asio::buffer(head_),
                                                    asio::const_buffer(body.data(), body.size())};
    arm(host_->settings.write_time);
    asio::async_write(socket_, buffers, [self = shared_from_this()](const Error& error, std::size_t) {
        if (error || self->closed_) return self->close();
        self->on_written();
    });
}

void HttpSession::on_written() {
    reply_ = {};
    if (keep_) return next();
    linger();
}

// Closing with bytes unread would reset the connection and take the reply along.
void HttpSession::linger() {
    Error ignored;
    static_cast<void>(socket_.shutdown(tcp::socket::shutdown_send, ignored));
    buffer_.clear();
    arm(linger_time);
    drain();
}

void HttpSession::drain() {
    socket_.async_read_some(buffer_.prepare(read_bytes),
                            [self = shared_from_this()](const Error& error, std::size_t size) {
                                self->drained_ += size;
                                if (error || self->closed_ || self->drained_ > most_drained)
                                    return self->close();
                                self->drain();
                            });
}

void HttpSession::begin_stream(const WebReply& reply) {
    keep_ = false;
    if (host_->streams >= host_->settings.max_streams)
        return write(web_error(503, "too many watch already; close another window"));
    streaming_ = true;
    ++host_->streams;
    watch_reader();
    push(std::make_shared<const std::string>(stream_head_text(reply)), false);
    reply.stream(std::make_shared<SessionStream>(weak_from_this()));
}

bool HttpSession::push(SharedText text, bool replaceable) {
    if (!streaming()) return false;
    // The front is on its way and cannot be replaced any more.
    const auto old = std::find_if(pieces_.begin() + (writing_ ? 1 : 0), pieces_.end(),
                                  [&](const Piece& piece) { return replaceable && piece.replaceable; });
    if (old != pieces_.end()) {
        queued_ -= old->text->size();
        pieces_.erase(old);
    }
    queued_ += text->size();
    pieces_.push_back({std::move(text), replaceable});
    if (queued_ > host_->settings.max_queued && pieces_.size() > 1) {
        ++host_->counters.dropped;
        close();
        return false;
    }
    if (!writing_) write_piece();
    return true;
}

void HttpSession::write_piece() {
    writing_ = true;
    const SharedText text = pieces_.front().text;
    arm(host_->settings.write_time);
    asio::async_write(socket_, asio::buffer(*text),
                      [self = shared_from_this(), text](const Error& error, std::size_t) {
                          if (self->closed_) return;
                          if (error) {
                              if (self->timed_out_) ++self->host_->counters.dropped;
                              return self->close();
                          }
                          self->timer_.cancel();
                          self->queued_ -= text->size();
                          self->pieces_.pop_front();
                          self->writing_ = false;
                          if (!self->pieces_.empty()) self->write_piece();
                      });
}

// A watcher says nothing; this is how its end is noticed before the next write fails.
void HttpSession::watch_reader() {
    socket_.async_wait(tcp::socket::wait_read,
                       [self = shared_from_this()](const Error& error) { self->on_readable(error); });
}

void HttpSession::on_readable(const Error& error) {
    if (closed_) return;
    if (error) return timed_out_ ? void() : close();  // the write that hangs ends it
    std::array<char, read_bytes> bytes{};
    Error failed;
    static_cast<void>(socket_.non_blocking(true, failed));
    const std::size_t size = socket_.read_some(asio::buffer(bytes), failed);
    drained_ += size;
    if ((failed && failed != asio::error::would_block) || drained_ > most_drained) return close();
    watch_reader();
}

}  // namespace jkp::io
