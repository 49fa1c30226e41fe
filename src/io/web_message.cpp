// SPDX-License-Identifier: MIT
#include "io/web_message.hpp"

#include <algorithm>
#include <array>

namespace jkp::io {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool same_word(std::string_view a, std::string_view b) {
    return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

// A sentence may hold what a client said: everything but plain characters is replaced.
std::string json_text(std::string_view text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c >= 0x20 && c < 0x7F ? c : '?';
    }
    return result + '"';
}

}  // namespace

std::string_view WebRequest::header(std::string_view name) const {
    const auto found = std::ranges::find_if(headers, [&](const auto& h) { return same_word(h.first, name); });
    return found == headers.end() ? std::string_view{} : std::string_view(found->second);
}

std::optional<std::string_view> WebRequest::parameter(std::string_view name) const {
    const auto found = std::ranges::find_if(query, [&](const auto& q) { return q.first == name; });
    if (found == query.end()) return std::nullopt;
    return std::string_view(found->second);
}

std::span<const std::byte> WebReply::body() const {
    if (!raw.empty()) return raw;
    return std::as_bytes(std::span<const char>(shared ? *shared : text));
}

WebReply web_error(unsigned status, std::string_view sentence) {
    WebReply reply;
    reply.status = status;
    reply.text = R"({"ok":false,"error":)" + json_text(sentence) + "}";
    return reply;
}

std::string_view status_words(unsigned status) {
    struct Words {
        unsigned status;
        std::string_view words;
    };
    constexpr std::array list{Words{200, "OK"},
                              Words{304, "Not Modified"},
                              Words{308, "Permanent Redirect"},
                              Words{400, "Bad Request"},
                              Words{401, "Unauthorized"},
                              Words{403, "Forbidden"},
                              Words{404, "Not Found"},
                              Words{405, "Method Not Allowed"},
                              Words{406, "Not Acceptable"},
                              Words{408, "Request Timeout"},
                              Words{409, "Conflict"},
                              Words{413, "Content Too Large"},
                              Words{414, "URI Too Long"},
                              Words{415, "Unsupported Media Type"},
                              Words{417, "Expectation Failed"},
                              Words{421, "Misdirected Request"},
                              Words{422, "Unprocessable Content"},
                              Words{429, "Too Many Requests"},
                              Words{431, "Request Header Fields Too Large"},
                              Words{500, "Internal Server Error"},
                              Words{503, "Service Unavailable"}};
    const auto found = std::ranges::find(list, status, &Words::status);
    return found == list.end() ? std::string_view("Status") : found->words;
}

}  // namespace jkp::io
