// SPDX-License-Identifier: MIT
// Clients that are slow, huge, many, malformed or hostile. After each, an ordinary one is served.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server.hpp"

namespace jkp::io {
namespace {

using jkp::testing::Client;
using jkp::testing::Reply;
using jkp::testing::Server;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

void expect_alive(Server& server) {
    EXPECT_EQ(server.once(Client::get("/still-here")).body, "GET still-here");
}

struct Malformed {
    const char* what;
    std::string bytes;
    int status;
};

void PrintTo(const Malformed& row, std::ostream* to) {
    *to << row.what;
}

class Refused : public ::testing::TestWithParam<Malformed> {};

TEST_P(Refused, AndTheConnectionEnds) {
    Server server;
    Client client(server.port());
    client.send(GetParam().bytes);
    const auto reply = client.reply();
    ASSERT_TRUE(reply) << GetParam().what;
    EXPECT_EQ(reply->status, GetParam().status) << GetParam().what << ": " << reply->body;
    EXPECT_EQ(reply->field("Connection"), "close");
    EXPECT_TRUE(client.ends());
    EXPECT_EQ(server.counters().rejected, 1U);
    expect_alive(server);
}

std::string with_fields(const std::string& fields) {
    return "POST / HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
}

INSTANTIATE_TEST_SUITE_P(
    Bytes, Refused,
    ::testing::Values(
        Malformed{"no HTTP", "hello\r\n\r\n", 400},
        Malformed{"TLS", "\x16\x03\x01\x02\x01\x01\xfc\x03\r\n\r\n", 400},
        Malformed{"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
        Malformed{"a bad version", "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400},
        Malformed{"no version", "GET /\r\n\r\n", 400},
        Malformed{"a NUL in the target", std::string("GET /a\0b HTTP/1.1\r\n\r\n", 22), 400},
        Malformed{"a space in a field's name", with_fields("a b: c\r\n"), 400},
        Malformed{"a bad length", with_fields("Content-Length: x\r\n"), 400},
        Malformed{"a negative length", with_fields("Content-Length: -1\r\n"), 400},
        Malformed{"a length beyond numbers", with_fields("Content-Length: 99999999999999999999999\r\n"), 400},
        Malformed{"two lengths", with_fields("Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
        Malformed{"length and chunks", with_fields("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
                  400},
        Malformed{"a bad chunk", with_fields("Transfer-Encoding: chunked\r\n") + "zz\r\nhello", 400},
        Malformed{"a long body", with_fields("Content-Length: 16385\r\n") + std::string(16385, 'x'), 413},
        Malformed{"an endless body",
                  with_fields("Content-Length: 9999999999\r\n") + std::string(100'000, 'x'), 413},
        Malformed{"a long body in chunks",
                  with_fields("Transfer-Encoding: chunked\r\n") + "ffff\r\n" + std::string(65535, 'x'), 413},
        Malformed{"a long head", Client::get("/", "X: " + std::string(9000, 'x') + "\r\n"), 431},
        Malformed{"an endless head", Client::get("/", "X: " + std::string(200'000, 'x') + "\r\n"), 431},
        Malformed{"an endless first line", "GET /" + std::string(100'000, 'x'), 431},
        Malformed{"a long target", Client::get("/" + std::string(3000, 'x')), 414},
        Malformed{"an expectation", with_fields("Expect: 100-continue\r\nContent-Length: 1\r\n"), 417}),
    [](const auto& row) { return "Case" + std::to_string(row.index); });

TEST(HttpAbuse, NoWayLeadsOutOfTheFolder) {
    Server server;
    for (const std::string target : {"/../etc/passwd",
                                     "/%2e%2e/etc/passwd",
                                     "/a/%2E%2e/b",
                                     "/a/..",
                                     "/..%2fetc",
                                     "/a/./b",
                                     "//etc/passwd",
                                     "/a//b",
                                     "/%00",
                                     "/a%00.html",
                                     "/..\\etc",
                                     "/%5c..%5cetc",
                                     "/%",
                                     "/%f",
                                     "/%zz",
                                     "/a%0d%0aX: y",
                                     "/%7f",
                                     "*",
                                     "http://localhost/",
                                     "localhost:80",
                                     "etc"}) {
        EXPECT_EQ(server.once(Client::get(target)).status, 400) << target;
    }
    // Decoded once only.
    EXPECT_EQ(server.once(Client::get("/%252e%252e/x")).body, "GET %2e%2e/x");
}

TEST(HttpAbuse, AHostIsNeededOnce) {
    Server server;
    EXPECT_EQ(server.once("GET / HTTP/1.1\r\n\r\n").status, 400);
    EXPECT_EQ(server.once("GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n").status, 400);
    EXPECT_EQ(server.once("GET / HTTP/1.1\r\nHost:\r\n\r\n").status, 421);
}

TEST(HttpAbuse, AHeadThatComesByteByByteIsNotWaitedFor) {
    HttpServerSettings settings;
    settings.head_time = milliseconds(150);
    Server server(jkp::testing::echo, settings);
    Client client(server.port());
    const auto begin = steady_clock::now();
    client.send("GET / HTTP/1.1\r\nHost: localhost\r\nX: ");
    std::optional<Reply> reply;
    std::thread slow([&] {
        while (client.send("x") && steady_clock::now() - begin < std::chrono::seconds(10))
            std::this_thread::yield();
    });
    reply = client.reply();
    EXPECT_LT(steady_clock::now() - begin, std::chrono::seconds(8));
    slow.join();
    if (reply) {
        EXPECT_TRUE(reply->status == 408 || reply->status == 431) << reply->status;
    }
    expect_alive(server);
}

TEST(HttpAbuse, HalfAHeadAndHalfABodyEndWith408) {
    HttpServerSettings settings;
    settings.head_time = settings.body_time = milliseconds(100);
    Server server(jkp::testing::echo, settings);
    for (const std::string& half : {std::string("G"), std::string("GET / HTTP/1.1\r\nHost: loc"),
                                    with_fields("Content-Length: 10\r\n") + "half"}) {
        EXPECT_EQ(server.once(half).status, 408) << half;
    }
    EXPECT_EQ(server.counters().timeouts, 3U);
    EXPECT_EQ(server.open_connections(), 0U) << "only those that linger a moment";
    expect_alive(server);
}

TEST(HttpAbuse, AConnectionThatSaysNothingIsEnded) {
    HttpServerSettings settings;
    settings.idle_time = milliseconds(100);
    Server server(jkp::testing::echo, settings);
    Client silent(server.port());
    EXPECT_TRUE(silent.ends());
    Client after(server.port());
    after.send(Client::get("/"));
    EXPECT_EQ(after.reply()->status, 200);
    EXPECT_TRUE(after.ends());
}

TEST(HttpAbuse, WhoOnlyKeepsAConnectionOpenMakesRoom) {
    HttpServerSettings settings;
    settings.max_connections = 8;
    Server server(jkp::testing::echo, settings);
    std::vector<std::unique_ptr<Client>> idle;
    for (int i = 0; i < 40; ++i) idle.push_back(std::make_unique<Client>(server.port()));
    expect_alive(server);
    EXPECT_LE(server.open_connections(), 8U);
    EXPECT_TRUE(idle.front()->ends());
}

TEST(HttpAbuse, TooManyThatWantSomethingGet503) {
    std::vector<WebResponder> waiting;
    HttpServerSettings settings;
    settings.max_connections = 8;
    Server server(
        [&](const WebRequest& request, WebResponder respond) {
            if (request.path == "wait") return waiting.push_back(std::move(respond));
            jkp::testing::echo(request, std::move(respond));
        },
        settings);
    std::vector<std::unique_ptr<Client>> busy;
    for (int i = 0; i < 8; ++i) {
        busy.push_back(std::make_unique<Client>(server.port()));
        busy.back()->send(Client::get("/wait"));
    }
    const auto deadline = steady_clock::now() + jkp::testing::client_patience;
    while (server.thread().run([&] { return waiting.size(); }) < 8 && steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_EQ(server.once(Client::get("/")).status, 503);
    EXPECT_GE(server.counters().refused, 1U);
    server.thread().run([&] {
        for (const WebResponder& respond : waiting) respond(WebReply{});
    });
    for (const auto& client : busy) EXPECT_EQ(client->reply()->status, 200);
    expect_alive(server);
}

TEST(HttpAbuse, ReadingNothingOfALargeReplyIsEndedInTime) {
    HttpServerSettings settings;
    settings.write_time = milliseconds(150);
    Server server(
        [](const WebRequest&, WebResponder respond) {
            WebReply reply;
            reply.text = std::string(10'000'000, 'x');
            respond(std::move(reply));
        },
        settings);
    Client client(server.port(), 4096);
    client.send(Client::get("/"));
    const auto deadline = steady_clock::now() + jkp::testing::client_patience;
    while (server.open_connections() == 0 && steady_clock::now() < deadline) std::this_thread::yield();
    while (server.open_connections() > 0 && steady_clock::now() < deadline) std::this_thread::yield();
    EXPECT_EQ(server.open_connections(), 0U);
}

TEST(HttpAbuse, AFloodWaitsAndTheLoopDoesNot) {
    HttpServerSettings settings;
    settings.requests_per_second = 50;
    settings.burst = 20;
    Server server(jkp::testing::echo, settings);
    std::vector<std::unique_ptr<Client>> clients;
    std::string many;
    for (int i = 0; i < 100; ++i) many += Client::get("/");
    const auto begin = steady_clock::now();
    for (int i = 0; i < 8; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        clients.back()->send(many);
    }
    // A turn of the loop is never far away meanwhile.
    std::chrono::duration<double> longest{0};
    while (steady_clock::now() - begin < milliseconds(500)) {
        const auto asked = steady_clock::now();
        server.thread().run([] {});
        longest = std::max<std::chrono::duration<double>>(longest, steady_clock::now() - asked);
    }
    const double seconds = std::chrono::duration<double>(steady_clock::now() - begin).count();
    EXPECT_LE(static_cast<double>(server.counters().requests), 20 + 50 * (seconds + 0.2));
    EXPECT_LT(longest.count(), 0.5);
    RecordProperty("longest_turn_us", static_cast<int>(longest.count() * 1e6));
}

}  // namespace
}  // namespace jkp::io
