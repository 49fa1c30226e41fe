// SPDX-License-Identifier: MIT
// The first byte chooses how the rest is cut into reads. Whatever a client sends: the parser takes it or it
// is refused, and what it takes is answered once, with a reply that can be sent.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

#include "app/web_routes.hpp"
#include "core/ensure.hpp"
#include "io/http_head.hpp"
#include "io/http_request.hpp"

namespace {

using namespace jkp;

const config::Settings& settings() {
    static const config::Settings made;
    return made;
}

app::WebSources sources() {
    app::WebSources s;
    s.snapshot = [] { return report::Snapshot{}; };
    s.settings = []() -> const config::Settings& { return settings(); };
    s.time = [] { return std::optional(WallTime{1'800'000'000}); };
    s.events = [](std::uint64_t, std::size_t limit, app::Reply<report::EventPage> reply) {
        ensure(limit >= 1 && limit <= 500, "a limit that was allowed");
        reply(report::EventPage{});
    };
    s.history = [](const report::HistoryRequest& request, app::Reply<report::HistoryTable> reply) {
        ensure(!report::request_fault(request), "a question that was allowed");
        ensure(request.series.size() * request.points <= 24000, "a table of bounded size");
        report::HistoryTable table{request.from, request.to, 1, {request.from.seconds}, {}};
        for (const std::string& name : request.series) table.columns.push_back({name, 1, {std::nullopt}});
        reply(std::move(table));
    };
    s.energy = [](std::size_t days, app::Reply<report::EnergyReport> reply) {
        ensure(days >= 1, "at least a day");
        reply(report::EnergyReport{});
    };
    s.command = [](std::string_view body, const std::string&) {
        ensure(body.starts_with('{') || body.find('{') != std::string_view::npos, "an object");
        return app::CommandReply{200, R"({"ok":true})"};
    };
    return s;
}

void check(const io::WebReply& reply) {
    ensure(reply.status >= 200 && reply.status < 600, "a status");
    ensure(io::status_words(reply.status) != "Status", "a status with words");
    const std::string head = io::head_text(reply, true);
    ensure(head.starts_with("HTTP/1.1 ") && head.ends_with("\r\n\r\n"), "a whole head");
    ensure(head.find("\r\n\r\n") == head.size() - 4, "nothing of the request splits the head");
}

void check(const io::WebRequest& request) {
    const std::string closed = '/' + request.path + '/';
    for (const char* way : {"/../", "/./"}) ensure(closed.find(way) == std::string::npos, "no way up");
    ensure(!request.path.starts_with('/') && request.path.find("//") == std::string::npos, "no empty part");
    for (const char c : request.path) ensure(static_cast<unsigned char>(c) >= 0x20, "no control character");
    int answers = 0;
    app::WebRoutes routes(sources(), app::WebAccess({std::nullopt, "0123456789abcdefghij", ""}, {"pi.lan"}));
    routes.handle(request, [&answers](const io::WebReply& reply) {
        ++answers;
        check(reply);
    });
    ensure(answers == 1, "one answer");
}

// As a session does it, without a socket. False: the connection ends.
bool one_request(std::string& input, std::size_t step) {
    io::HttpParser parser;
    io::limit(parser);
    parser.eager(true);
    std::size_t given = std::min(step, input.size());
    while (!parser.is_done()) {
        boost::system::error_code error;
        const std::size_t used = parser.put(boost::asio::buffer(input.data(), given), error);
        input.erase(0, used);
        given -= used;
        if (error && error != boost::beast::http::error::need_more) {
            if (const auto reply = io::refusal(error)) check(*reply);
            return false;
        }
        if (parser.is_done()) break;
        if (given >= input.size()) return false;
        given = std::min(given + step, input.size());
    }
    if (const auto reply = io::refusal(parser.get())) {
        check(*reply);
        return false;
    }
    const bool keep = parser.get().keep_alive();
    auto request = io::to_request(parser.release(), {"/battery", {"pi.lan"}});
    if (!request) {
        check(request.error());
    } else {
        check(*request);
    }
    return keep;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::size_t step = data[0] == 0 ? 65536 : data[0];
    std::string input(data + 1, data + size);
    for (int i = 0; i < 20 && !input.empty(); ++i) {
        if (!one_request(input, step)) break;
    }
    return 0;
}
