// SPDX-License-Identifier: MIT
// One request to the web server and what is said to it. Requests are whole, within the server's limits, and
// their Host is known; everything else about them is up to the handler. Thread: that of the loop.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/time.hpp"

namespace jkp::io {

enum class WebMethod : std::uint8_t { get, head, post, other };

using WebFields = std::vector<std::pair<std::string, std::string>>;

struct WebRequest {
    WebMethod method = WebMethod::get;
    std::string path;  // decoded, below the base path, without a / in front; never with "..", "//" or NUL
    WebFields query;   // decoded, in the order of the request
    WebFields headers;
    std::string body;
    std::string client;  // the address of the other end, which may be a proxy
    TimePoint at{};

    // The first of this name, whatever its case. Empty: none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    // The first of this name; absent: none.
    [[nodiscard]] std::optional<std::string_view> parameter(std::string_view name) const;
};

using SharedText = std::shared_ptr<const std::string>;

// The writing end of server-sent events. What does not fit into its bounded queue ends it: a reader that is
// too slow is dropped, never waited for.
class EventStream {
  public:
    EventStream() = default;
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;
    virtual ~EventStream() = default;

    // `text` is one or more whole events, shared by all who get them. One that is `replaceable` takes the
    // place of an earlier replaceable one which has not begun to leave. False: the stream has ended.
    virtual bool send(SharedText text, bool replaceable) = 0;
    [[nodiscard]] virtual bool open() const = 0;
};

struct WebReply {
    unsigned status = 200;
    std::string_view content_type = "application/json; charset=utf-8";
    std::vector<std::pair<std::string_view, std::string>> headers = {};  // besides those of every reply
    std::string text = {};
    SharedText shared = {};               // instead of text
    std::span<const std::byte> raw = {};  // instead of both; lives as long as the program
    // Instead of a body: called once with the stream when the head is on its way.
    std::function<void(std::shared_ptr<EventStream>)> stream = {};

    [[nodiscard]] std::span<const std::byte> body() const;
};

// {"ok":false,"error":"..."} with this status; the sentence is plain text.
WebReply web_error(unsigned status, std::string_view sentence);
// The words beside a status, "Not Found".
std::string_view status_words(unsigned status);

// To be called at most once, at once or later, on the loop's thread; when the client has gone it does
// nothing. One that is never called ends in a 503.
using WebResponder = std::function<void(WebReply)>;
using WebHandler = std::function<void(const WebRequest&, WebResponder)>;

}  // namespace jkp::io
