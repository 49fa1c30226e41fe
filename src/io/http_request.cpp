// SPDX-License-Identifier: MIT
#include "io/http_request.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>

#include "io/web_target.hpp"

namespace jkp::io {
namespace {

namespace http = boost::beast::http;

WebMethod method_of(http::verb verb) {
    if (verb == http::verb::get) return WebMethod::get;
    if (verb == http::verb::head) return WebMethod::head;
    return verb == http::verb::post ? WebMethod::post : WebMethod::other;
}

WebReply to_base(std::string_view base) {
    WebReply reply = web_error(308, "the address ends with /");
    // Relative, because only the browser knows under which name and scheme it asked.
    reply.headers.emplace_back("Location", std::string(base.substr(base.rfind('/') + 1)) + '/');
    return reply;
}

}  // namespace

void limit(HttpParser& parser) {
    parser.header_limit(max_head);
    parser.body_limit(max_body);
}

std::optional<WebReply> refusal(const boost::system::error_code& error) {
    namespace beast = boost::beast;
    if (error == beast::error::timeout) return web_error(408, "the request took too long");
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return web_error(431, "the head of the request is longer than 8 kB");
    if (error == http::error::body_limit) return web_error(413, "the body is longer than 16 kB");
    const bool ended = error == http::error::end_of_stream || error == http::error::partial_message ||
                       error.category() != http::make_error_code(http::error::bad_method).category();
    if (ended) return std::nullopt;
    return web_error(400, "this is no HTTP/1.1 request: " + error.message());
}

std::optional<WebReply> refusal(const HttpMessage& head) {
    if (head.find(http::field::expect) != head.end())
        return web_error(417, "send the body without waiting for 100 Continue");
    if (head.target().size() > max_target) return web_error(414, describe(TargetError::too_long));
    return std::nullopt;
}

Result<WebRequest, WebReply> to_request(HttpMessage&& message, const HttpRules& rules) {
    if (message.count(http::field::host) != 1) return failure(web_error(400, "one Host field is needed"));
    const std::string_view host = message[http::field::host];
    if (!is_known_host(host, rules.hosts)) {
        return failure(web_error(421, "\"" + std::string(host.substr(0, 100)) +
                                          "\" is no name of this server; add it to hosts in [web]"));
    }
    auto target = read_target(message.target(), rules.base_path);
    if (!target) return failure(web_error(400, describe(target.error())));
    if (target->is_bare_base) return failure(to_base(rules.base_path));
    WebRequest request;
    request.method = method_of(message.method());
    request.path = std::move(target->path);
    request.query = std::move(target->query);
    for (const auto& field : message) request.headers.emplace_back(field.name_string(), field.value());
    request.body = std::move(message.body());
    return request;
}

}  // namespace jkp::io
