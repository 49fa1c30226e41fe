// SPDX-License-Identifier: MIT
// From a parsed HTTP message to a request that may be handled, or to the reply that refuses it. No socket:
// what the session and the fuzzer share. Thread: any.
#pragma once

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.hpp"
#include "io/web_message.hpp"

namespace jkp::io {

inline constexpr std::uint32_t max_head = 8192;   // request line and header fields
inline constexpr std::uint64_t max_body = 16384;  // of a request

using HttpParser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using HttpMessage = boost::beast::http::request<boost::beast::http::string_body>;

// With the limits above.
void limit(HttpParser& parser);
// What is said to bytes that are no request; absent: nothing, the other side has gone.
std::optional<WebReply> refusal(const boost::system::error_code& error);
// Judged when only the head is here, so that no body is read in vain; absent: go on.
std::optional<WebReply> refusal(const HttpMessage& head);

struct HttpRules {
    std::string base_path = "/";
    std::vector<std::string> hosts;
};
// The target, the Host, and the fields; `client` and `at` are left to the caller.
Result<WebRequest, WebReply> to_request(HttpMessage&& message, const HttpRules& rules);

}  // namespace jkp::io
