// SPDX-License-Identifier: MIT
// Asks servers over HTTP and HTTPS without ever blocking the loop: libcurl works on one thread of its own
// and the results come back to the loop. One client may serve several users. Certificates and host names
// are always verified. Redirects are not followed: the headers of a request may hold secrets that another
// host must not see.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/result.hpp"
#include "core/time.hpp"
#include "io/http_fault.hpp"

namespace boost::asio {
class io_context;
}

namespace jkp::io {

inline constexpr std::size_t max_http_requests = 8;  // at the same time and waiting, of one client

enum class HttpMethod : std::uint8_t { get, post };

struct HttpHeader {
    std::string name;
    std::string value;
};

// Basic or digest, as the server asks.
struct HttpLogin {
    std::string user;
    std::string password;
};

struct HttpRequest {
    HttpMethod method = HttpMethod::get;
    std::string url;  // without user and password in it
    std::vector<HttpHeader> headers;
    std::string body;  // sent by post
    std::optional<HttpLogin> login;
    std::string ca_file;         // PEM; instead of the system's certificates; empty = the system's
    bool plain_allowed = false;  // http:// too, for a device in the same house
    std::chrono::milliseconds connect_timeout{10000};
    std::chrono::milliseconds total_timeout{30000};
    std::size_t max_body = 262144;  // bytes of the answer
};

// Any status but a redirect.
struct HttpAnswer {
    int status = 0;
    std::string body;
    std::optional<std::chrono::seconds> retry_after;  // as the server asks; absent = it did not
    TimePoint at;                                     // the last byte arrived
};
using HttpResult = Result<HttpAnswer, HttpFailure>;

// Called once on the loop's thread, never from inside a call to HttpClient.
using HttpHandler = std::function<void(const HttpResult&)>;
using HttpTicket = std::uint64_t;

// Thread: the one that runs the loop. A request that is under way counts as work of the loop.
class HttpClient {
  public:
    explicit HttpClient(boost::asio::io_context& loop);
    // Breaks off what is under way, without waiting for any server; no handler is called any more.
    ~HttpClient();
    HttpClient(const HttpClient&) = delete;
    HttpClient& operator=(const HttpClient&) = delete;

    HttpTicket send(HttpRequest request, HttpHandler handler);
    // Its handler is not called any more. A ticket that has ended does no harm.
    void cancel(HttpTicket ticket);

  private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace jkp::io
