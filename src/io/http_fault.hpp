// SPDX-License-Identifier: MIT
// Why a request over HTTP brought no answer. The sentences are for the owner and for the log: they name the
// server by scheme, host and port and never hold a path, a query, a header, a body, a user or a password.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace jkp::io {

enum class HttpError : std::uint8_t {
    bad_request,  // the address or a header cannot be sent like this
    busy,         // too many requests at once
    dns,          // the name has no address
    connect,      // nobody listens, or no way there
    tls,          // the certificate is not trusted, or no common encryption
    timeout,      // too slow
    too_large,    // more bytes than asked for
    redirect,     // the answer is at another address
    protocol,     // the connection broke, or this is no HTTP
};
inline constexpr std::size_t http_error_count = 9;
std::string_view name(HttpError error);

struct HttpFailure {
    HttpError error = HttpError::protocol;
    std::string sentence;  // what happened, with the next step
};

// "https://host:8080" of an address, for sentences. "the address" when it is none.
std::string origin_of(const std::string& url);

// From a result of libcurl (CURLcode); `detail` is libcurl's own text of the case, which may be empty.
HttpFailure http_failure(int code, const std::string& origin, const std::string& detail);

}  // namespace jkp::io
