// SPDX-License-Identifier: MIT
// One connection of the web server: requests one after the other, each answered before the next is looked at,
// until one of the sides ends it, a time is over, or it becomes a stream of events. Keeps itself alive.
// Thread: that of the loop.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <deque>
#include <memory>
#include <optional>

#include "io/http_request.hpp"
#include "io/http_server.hpp"

namespace jkp::io {

class HttpSession;

// What the sessions of one server share, and how they reach it.
struct HttpHost {
    HttpServerSettings settings;
    HttpRules rules;
    WebHandler handler;
    HttpServerCounters counters;
    std::vector<HttpSession*> sessions;
    std::size_t streams = 0;
    bool stopped = false;
    // Calls begin() of the session in a later turn of the loop, when it is its turn.
    std::function<void(const std::shared_ptr<HttpSession>&)> ask_turn;
};

class HttpSession : public std::enable_shared_from_this<HttpSession> {
  public:
    HttpSession(boost::asio::ip::tcp::socket socket, std::shared_ptr<HttpHost> host);
    ~HttpSession();
    HttpSession(const HttpSession&) = delete;
    HttpSession& operator=(const HttpSession&) = delete;

    void start();
    void begin();
    // Says why and ends, without reading anything.
    void turn_away(const WebReply& reply);
    void close();

    [[nodiscard]] const boost::asio::ip::address& address() const { return address_; }
    // Since when it waits for a request; absent: it does something.
    [[nodiscard]] std::optional<TimePoint> idle_since() const { return idle_since_; }

    // As EventStream.
    bool push(SharedText text, bool replaceable);
    [[nodiscard]] bool streaming() const { return streaming_ && !closed_; }

  private:
    using Error = boost::system::error_code;
    struct Piece {
        SharedText text;
        bool replaceable;
    };

    void next();
    void on_head(const Error& error);
    void on_message(const Error& error);
    void dispatch(WebRequest request);
    void on_failed_read(const Error& error);
    void answer(std::uint64_t ticket, WebReply reply);
    void refuse(WebReply reply);
    void write(WebReply reply);
    void on_written();
    void linger();
    void drain();
    void begin_stream(const WebReply& reply);
    void write_piece();
    void watch_reader();
    void on_readable(const Error& error);
    void arm(std::chrono::milliseconds time);
    void on_time_over();

    boost::asio::ip::tcp::socket socket_;
    boost::asio::ip::address address_;
    boost::asio::steady_timer timer_;  // for the one thing that goes on now
    std::shared_ptr<HttpHost> host_;
    boost::beast::flat_buffer buffer_;
    std::optional<HttpParser> parser_;
    std::string head_;
    WebReply reply_;
    std::deque<Piece> pieces_;
    std::size_t queued_ = 0;
    std::size_t drained_ = 0;
    std::uint64_t ticket_ = 0;
    std::optional<TimePoint> idle_since_;
    WebMethod method_ = WebMethod::get;
    bool keep_ = false;
    bool answered_ = true;  // nothing is owed to the client
    bool timed_out_ = false;
    bool streaming_ = false;
    bool writing_ = false;
    bool closed_ = false;
};

}  // namespace jkp::io
