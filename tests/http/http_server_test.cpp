// SPDX-License-Identifier: MIT
// The web server with clients that behave.
#include "io/http_server.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "http/server.hpp"

namespace jkp::io {
namespace {

using jkp::testing::Client;
using jkp::testing::Reply;
using jkp::testing::Server;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(HttpServer, AnswersAndKeepsTheConnection) {
    Server server;
    Client client(server.port());
    for (int i = 0; i < 3; ++i) {
        client.send(Client::get("/a/b?x=1&y=a%20b+c"));
        const auto reply = client.reply();
        ASSERT_TRUE(reply);
        EXPECT_EQ(reply->status, 200);
        EXPECT_EQ(reply->body, "GET a/b x=1 y=a b c");
        EXPECT_EQ(reply->field("Connection"), "keep-alive");
    }
    EXPECT_EQ(server.counters().connections, 1U);
    EXPECT_EQ(server.counters().requests, 3U);
}

TEST(HttpServer, EndsTheConnectionWhenTheClientWantsThat) {
    Server server;
    for (const std::string request : {"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
                                      "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"}) {
        Client client(server.port());
        client.send(request);
        EXPECT_EQ(client.reply()->field("Connection"), "close");
        EXPECT_TRUE(client.ends());
    }
}

TEST(HttpServer, AnswersRequestsThatCameTogetherInTheirOrder) {
    Server server;
    Client client(server.port());
    std::string all;
    for (int i = 0; i < 50; ++i) all += Client::get("/" + std::to_string(i));
    client.send(all);
    for (int i = 0; i < 50; ++i) EXPECT_EQ(client.reply()->body, "GET " + std::to_string(i));
}

TEST(HttpServer, TakesABodyOfKnownLengthAndOneInChunks) {
    Server server;
    EXPECT_EQ(server.once("POST /c HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello").body,
              "POST c body 5");
    EXPECT_EQ(server
                  .once("POST /c HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n")
                  .body,
              "POST c body 8");
}

TEST(HttpServer, HeadHasTheFieldsOfGetAndNoBody) {
    Server server;
    Client client(server.port());
    client.send("HEAD /abc HTTP/1.1\r\nHost: localhost\r\n\r\n" + Client::get("/next"));
    const auto head = client.reply(false);
    EXPECT_EQ(head->status, 200);
    EXPECT_EQ(head->field("Content-Length"), "7");
    EXPECT_EQ(client.reply()->body, "GET next");
}

TEST(HttpServer, EveryReplyProtectsTheBrowser) {
    Server server;
    for (const char* target : {"/", "/..", "/%zz"}) {
        const Reply reply = server.once(Client::get(target));
        const std::string policy = reply.field("Content-Security-Policy");
        for (const char* rule :
             {"default-src 'none'", "script-src 'self'", "style-src 'self'",
              "img-src 'self' data:", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"})
            EXPECT_THAT(policy, HasSubstr(rule));
        EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
        EXPECT_EQ(reply.field("X-Content-Type-Options"), "nosniff");
        EXPECT_EQ(reply.field("Referrer-Policy"), "no-referrer");
        EXPECT_EQ(reply.field("Cross-Origin-Opener-Policy"), "same-origin");
        EXPECT_EQ(reply.field("Cross-Origin-Resource-Policy"), "same-origin");
        EXPECT_EQ(reply.field("Cache-Control"), "no-store");
        EXPECT_EQ(reply.field("Access-Control-Allow-Origin"), "");
        EXPECT_EQ(reply.field("Server"), "");
    }
}

TEST(HttpServer, KnowsAddressesLocalhostAndTheNamesItWasTold) {
    HttpServerSettings settings;
    settings.hosts = {"pi.lan"};
    Server server(jkp::testing::echo, settings);
    for (const std::string host : {"localhost", "LOCALHOST:8330", "127.0.0.1:1", "192.168.1.5", "[::1]:8330",
                                   "pi.lan", "Pi.LAN.:80"}) {
        EXPECT_EQ(server.once("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status, 200) << host;
    }
    for (const std::string host : {"evil.example", "pi.lan.evil.example", "localhost.evil.example", "xpi.lan",
                                   "127.0.0.1.evil.example", "pi.lan:80:80", "[::1", "pi.lan:x"}) {
        const Reply reply = server.once("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        EXPECT_EQ(reply.status, 421) << host;
        EXPECT_THAT(reply.body, HasSubstr("add it to hosts")) << host;
    }
}

TEST(HttpServer, WorksBelowThePathOfAProxyWhetherTheProxyCutsItOffOrNot) {
    HttpServerSettings settings;
    settings.base_path = "/battery/pylon";
    Server server(jkp::testing::echo, settings);
    EXPECT_EQ(server.once(Client::get("/battery/pylon/metrics")).body, "GET metrics");
    EXPECT_EQ(server.once(Client::get("/battery/pylon/")).body, "GET ");
    EXPECT_EQ(server.once(Client::get("/metrics")).body, "GET metrics");
    EXPECT_EQ(server.once(Client::get("/battery/pylons")).body, "GET battery/pylons");
    const Reply bare = server.once(Client::get("/battery/pylon"));
    EXPECT_EQ(bare.status, 308);
    EXPECT_EQ(bare.field("Location"), "pylon/");
}

TEST(HttpServer, AnAnswerMayComeLaterAndMeanwhileOthersAreServed) {
    std::function<void()> later;
    Server server([&](const WebRequest& request, WebResponder respond) {
        if (request.path != "slow") return jkp::testing::echo(request, std::move(respond));
        later = [respond = std::move(respond)] {
            WebReply reply;
            reply.text = "at last";
            respond(std::move(reply));
            respond(WebReply{});  // once more does nothing
        };
    });
    Client slow(server.port());
    slow.send(Client::get("/slow") + Client::get("/after"));
    EXPECT_EQ(server.once(Client::get("/fast")).body, "GET fast");
    server.thread().run([&] { later(); });
    EXPECT_EQ(slow.reply()->body, "at last");
    EXPECT_EQ(slow.reply()->body, "GET after");
}

TEST(HttpServer, AHandlerThatThrowsOrNeverAnswersHarmsNobody) {
    HttpServerSettings settings;
    settings.answer_time = milliseconds(50);
    Server server(
        [&](const WebRequest& request, WebResponder respond) {
            if (request.path == "throw") throw std::runtime_error("no");
            if (request.path == "never") return;
            jkp::testing::echo(request, std::move(respond));
        },
        settings);
    EXPECT_EQ(server.once(Client::get("/throw")).status, 500);
    EXPECT_EQ(server.once(Client::get("/never")).status, 503);
    EXPECT_EQ(server.once(Client::get("/ok")).status, 200);
    EXPECT_EQ(server.counters().failed, 2U);
}

TEST(HttpServer, AnAnswerAfterTheClientOrTheServerHasGoneDoesNothing) {
    std::vector<WebResponder> later;
    std::promise<void> asked;
    auto server = std::make_unique<Server>([&](const WebRequest&, WebResponder respond) {
        later.push_back(std::move(respond));
        asked.set_value();
    });
    Client client(server->port());
    client.send(Client::get("/"));
    ASSERT_EQ(asked.get_future().wait_for(jkp::testing::client_patience), std::future_status::ready);
    server.reset();
    EXPECT_TRUE(client.ends());
    for (const WebResponder& respond : later) respond(WebReply{});
}

// Gives every stream to the test.
struct Streams {
    std::vector<std::shared_ptr<EventStream>> list;
    std::promise<void> first;
    WebHandler handler() {
        return [this](const WebRequest&, WebResponder respond) {
            WebReply reply;
            reply.stream = [this](std::shared_ptr<EventStream> stream) {
                list.push_back(std::move(stream));
                if (list.size() == 1) first.set_value();
            };
            respond(std::move(reply));
        };
    }
};

SharedText text(std::string value) {
    return std::make_shared<const std::string>(std::move(value));
}

TEST(HttpServer, AStreamSendsWhatItIsGivenUntilTheClientHasEnough) {
    Streams streams;
    Server server(streams.handler());
    {
        Client client(server.port());
        client.send(Client::get("/"));
        const auto head = client.reply();
        EXPECT_THAT(head->field("Content-Type"), StartsWith("text/event-stream"));
        EXPECT_EQ(head->field("Content-Length"), "");
        EXPECT_EQ(head->field("X-Accel-Buffering"), "no");
        for (int i = 0; i < 5; ++i) {
            const std::string data = "data: " + std::to_string(i) + "\n\n";
            EXPECT_TRUE(server.thread().run([&] { return streams.list[0]->send(text(data), false); }));
            EXPECT_EQ(client.read_until("\n\n"), data);
        }
        EXPECT_EQ(server.open_streams(), 1U);
    }
    // The end is noticed without anything being sent.
    const auto deadline = std::chrono::steady_clock::now() + jkp::testing::client_patience;
    while (server.open_streams() > 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_EQ(server.open_streams(), 0U);
    EXPECT_FALSE(server.thread().run([&] { return streams.list[0]->send(text("x"), false); }));
}

TEST(HttpServer, AReaderThatIsTooSlowMissesSnapshotsAndIsDroppedForEvents) {
    HttpServerSettings settings;
    settings.max_queued = 300'000;
    Streams streams;
    Server server(streams.handler(), settings);
    Client client(server.port(), 4096);
    client.send(Client::get("/"));
    ASSERT_EQ(streams.first.get_future().wait_for(jkp::testing::client_patience), std::future_status::ready);
    const SharedText snapshot = text(std::string(100'000, 's'));
    // Hundreds of replaceable ones never fill the queue, though nobody reads.
    for (int i = 0; i < 300; ++i)
        EXPECT_TRUE(server.thread().run([&] { return streams.list[0]->send(snapshot, true); })) << i;
    const SharedText event = text(std::string(10'000, 'e'));
    int sent = 0;
    while (sent < 100 && server.thread().run([&] { return streams.list[0]->send(event, false); })) ++sent;
    EXPECT_LT(sent, 31);
    EXPECT_EQ(server.counters().dropped, 1U);
    EXPECT_EQ(server.open_streams(), 0U);
    EXPECT_TRUE(client.ends());
}

TEST(HttpServer, AStreamThatDoesNotMoveIsDroppedAfterItsTime) {
    HttpServerSettings settings;
    settings.write_time = milliseconds(100);
    Streams streams;
    Server server(streams.handler(), settings);
    Client client(server.port(), 4096);
    client.send(Client::get("/"));
    ASSERT_EQ(streams.first.get_future().wait_for(jkp::testing::client_patience), std::future_status::ready);
    server.thread().run([&] { streams.list[0]->send(text(std::string(10'000'000, 's')), true); });
    const auto deadline = std::chrono::steady_clock::now() + jkp::testing::client_patience;
    while (server.open_streams() > 0 && std::chrono::steady_clock::now() < deadline)
        std::this_thread::yield();
    EXPECT_EQ(server.counters().dropped, 1U);
}

TEST(HttpServer, OnlySoManyMayWatch) {
    HttpServerSettings settings;
    settings.max_streams = 2;
    Streams streams;
    Server server(streams.handler(), settings);
    std::vector<std::unique_ptr<Client>> clients;
    for (int i = 0; i < 3; ++i) {
        clients.push_back(std::make_unique<Client>(server.port()));
        clients.back()->send(Client::get("/"));
        EXPECT_EQ(clients.back()->reply()->status, i < 2 ? 200 : 503);
    }
}

TEST(HttpServer, TellsWhyItCannotListen) {
    Server first;
    boost::asio::io_context loop;
    HttpServerSettings settings;
    settings.port = first.port();
    const auto taken = HttpServer::listen(loop, settings, jkp::testing::echo);
    ASSERT_FALSE(taken);
    EXPECT_THAT(taken.error(), HasSubstr("another program does"));
    settings.port = 0;
    settings.listen = "192.0.2.1";
    const auto foreign = HttpServer::listen(loop, settings, jkp::testing::echo);
    ASSERT_FALSE(foreign);
    EXPECT_THAT(foreign.error(), HasSubstr("is it an address of this machine?"));
}

}  // namespace
}  // namespace jkp::io
