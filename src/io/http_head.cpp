// SPDX-License-Identifier: MIT
#include "io/http_head.hpp"

#include <algorithm>

namespace jkp::io {
namespace {

// A page can run its own scripts and talk to its own server, nothing else; nobody can frame it or learn from
// where it links.
constexpr std::string_view protection =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'\r\n"
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Cross-Origin-Embedder-Policy: require-corp\r\n";

void add(std::string& text, std::string_view name, std::string_view value) {
    text.append(name).append(": ").append(value).append("\r\n");
}

std::string common(const WebReply& reply) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    text.append(status_words(reply.status)).append("\r\n").append(protection);
    bool cached = false;
    for (const auto& [name, value] : reply.headers) {
        add(text, name, value);
        cached = cached || name == "Cache-Control";
    }
    if (!cached) add(text, "Cache-Control", "no-store");
    return text;
}

}  // namespace

std::string head_text(const WebReply& reply, bool keep_alive) {
    std::string text = common(reply);
    if (reply.status != 304) {
        add(text, "Content-Type", reply.content_type);
        add(text, "Content-Length", std::to_string(reply.body().size()));
    }
    add(text, "Connection", keep_alive ? "keep-alive" : "close");
    return text + "\r\n";
}

std::string stream_head_text(const WebReply& reply) {
    std::string text = common(reply);
    add(text, "Content-Type", "text/event-stream; charset=utf-8");
    add(text, "X-Accel-Buffering", "no");  // nginx would hold events back
    add(text, "Connection", "close");
    return text + "\r\n";
}

}  // namespace jkp::io
