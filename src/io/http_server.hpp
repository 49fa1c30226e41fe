// SPDX-License-Identifier: MIT
// A small web server inside the loop of the program. It bounds everything that comes from outside:
// connections, bytes, time and requests per second; what is too much is refused or waits, so that a busy or a
// hostile client costs control a bounded and small part of each turn. TLS is the business of a reverse proxy.
// Thread: the one that runs the loop.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "io/web_message.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

struct HttpServerSettings {
    std::string listen = "127.0.0.1";  // an address, not a name
    std::uint16_t port = 0;            // 0: a free one
    std::string base_path = "/";
    std::vector<std::string> hosts = {};  // further names in Host, see is_known_host()

    std::size_t max_connections = 32;  // one address has half of them, this machine all
    std::size_t max_streams = 24;      // of these connections
    std::size_t max_queued = 262144;   // bytes waiting for one stream's reader
    unsigned requests_per_second = 100;
    unsigned burst = 200;                        // requests that need not wait
    std::chrono::milliseconds idle_time{60000};  // until the first byte of a request
    std::chrono::milliseconds head_time{5000};   // from the first byte to the end of the head
    std::chrono::milliseconds body_time{5000};   // for the whole body
    std::chrono::milliseconds answer_time{10000};
    std::chrono::milliseconds write_time{20000};  // for one reply, or one piece of a stream
};

struct HttpServerCounters {
    std::uint64_t connections = 0;
    std::uint64_t refused = 0;  // connections that were too many
    std::uint64_t requests = 0;
    std::uint64_t rejected = 0;  // not handed to the handler: malformed, too long, unknown host
    std::uint64_t timeouts = 0;
    std::uint64_t failed = 0;   // the handler threw or never answered
    std::uint64_t dropped = 0;  // streams whose reader was too slow
};

class HttpServer {
  public:
    // Listens at once. The error is a sentence with the next step.
    static Result<std::unique_ptr<HttpServer>, std::string> listen(boost::asio::io_context& loop,
                                                                   const HttpServerSettings& settings,
                                                                   WebHandler handler);
    ~HttpServer();  // ends every connection
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const HttpServerCounters& counters() const;
    [[nodiscard]] std::size_t open_connections() const;
    [[nodiscard]] std::size_t open_streams() const;

  private:
    class Impl;
    explicit HttpServer(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace jkp::io
