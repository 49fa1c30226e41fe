// SPDX-License-Identifier: MIT
#include "io/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <thread>

#include "web_server/web_server.hpp"

namespace jkp::io {
namespace {

using jkp::testing::WebAnswer;
using jkp::testing::WebRequest;
using jkp::testing::WebSecurity;
using jkp::testing::WebServer;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr seconds patience{20};

WebAnswer hello(const WebRequest&) {
    return {200, "hello", "", false, true};
}
WebAnswer silence(const WebRequest&) {
    return {200, "", "", true, true};
}

HttpRequest get(const WebServer& server, const std::string& target = "/") {
    HttpRequest request;
    request.url = server.url(target);
    request.ca_file = server.url().starts_with("https") ? server.ca_file() : "";
    return request;
}

// One request from a fresh client; the test ends with a failure when no handler is called.
HttpResult ask(const HttpRequest& request) {
    boost::asio::io_context loop;
    HttpClient client(loop);
    std::optional<HttpResult> result;
    client.send(request, [&](const HttpResult& r) { result = r; });
    loop.run_for(patience);
    if (!result) throw std::runtime_error("no handler was called");
    return *result;
}

HttpError error_of(const HttpRequest& request) {
    const HttpResult result = ask(request);
    if (result) throw std::runtime_error("an answer: " + result->body);
    return result.error().error;
}

TEST(HttpClient, AnAnswerHasStatusAndBodyAndComesOnTheLoopsThread) {
    WebServer server(hello);
    boost::asio::io_context loop;
    HttpClient client(loop);
    int calls = 0;
    client.send(get(server, "/status?x=1"), [&](const HttpResult& result) {
        ++calls;
        ASSERT_TRUE(result);
        EXPECT_EQ(result->status, 200);
        EXPECT_EQ(result->body, "hello");
        EXPECT_TRUE(loop.get_executor().running_in_this_thread());
    });
    EXPECT_EQ(calls, 0);
    loop.run_for(patience);
    EXPECT_EQ(calls, 1);
    ASSERT_THAT(server.requests(), SizeIs(1));
    EXPECT_EQ(server.requests()[0].method, "GET");
    EXPECT_EQ(server.requests()[0].target, "/status?x=1");
}

TEST(HttpClient, APostCarriesItsBodyAndHeaders) {
    WebServer server(hello);
    HttpRequest request = get(server);
    request.method = HttpMethod::post;
    request.body = R"({"a":1})";
    request.headers = {{"Content-Type", "application/json"}, {"Token", "t:1"}};
    ASSERT_TRUE(ask(request));
    const WebRequest seen = server.requests().at(0);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.body, R"({"a":1})");
    EXPECT_EQ(seen.header("content-type"), "application/json");
    EXPECT_EQ(seen.header("Token"), "t:1");
}

TEST(HttpClient, AStatusOfRefusalIsAnAnswerAndTellsWhenToComeBack) {
    WebServer server(
        [](const WebRequest&) { return WebAnswer{429, "later", "Retry-After: 120\r\n", false, true}; });
    const HttpResult result = ask(get(server));
    ASSERT_TRUE(result);
    EXPECT_EQ(result->status, 429);
    EXPECT_EQ(result->retry_after, seconds(120));
    WebServer other(hello);
    EXPECT_EQ(ask(get(other))->retry_after, std::nullopt);
}

TEST(HttpClient, ALoginIsSentWhenTheServerAsksForIt) {
    WebServer server([](const WebRequest& request) {
        if (!request.header("Authorization").empty()) return hello(request);
        return WebAnswer{401, "", "WWW-Authenticate: Basic realm=\"x\"\r\n", false, true};
    });
    HttpRequest request = get(server);
    request.login = {"user", "pass"};
    EXPECT_EQ(ask(request)->status, 200);
    EXPECT_EQ(server.requests().back().header("Authorization"), "Basic dXNlcjpwYXNz");
}

TEST(HttpClient, ACertificateNobodyVouchesForIsRefusedBeforeAnythingIsSent) {
    WebServer server(hello);
    HttpRequest request = get(server);
    request.ca_file.clear();
    EXPECT_EQ(error_of(request), HttpError::tls);
    EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(HttpClient, ACertificateOfAnotherHostIsRefusedBeforeAnythingIsSent) {
    WebServer server(hello, WebSecurity::tls_for_another_host);
    EXPECT_EQ(error_of(get(server)), HttpError::tls);
    EXPECT_THAT(server.requests(), IsEmpty());
}

TEST(HttpClient, AMissingFileOfCertificatesIsAnErrorOfTheEncryption) {
    WebServer server(hello);
    HttpRequest request = get(server);
    request.ca_file = server.ca_file() + ".missing";
    EXPECT_EQ(error_of(request), HttpError::tls);
}

TEST(HttpClient, ARedirectIsNotFollowedAndItsTargetIsNamed) {
    WebServer other(hello);
    WebServer server([&](const WebRequest&) {
        return WebAnswer{302, "", "Location: " + other.url("/stolen") + "\r\n", false, true};
    });
    const HttpResult result = ask(get(server));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, HttpError::redirect);
    EXPECT_THAT(result.error().sentence, HasSubstr(origin_of(other.url())));
    EXPECT_THAT(other.requests(), IsEmpty());
}

TEST(HttpClient, ALongTargetOfARedirectIsCutAndStaysOneLine) {
    WebServer server([](const WebRequest&) {
        return WebAnswer{302, "", "Location: https://" + std::string(3000, 'x') + "/\r\n", false, true};
    });
    const HttpResult result = ask(get(server));
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().error, HttpError::redirect);
    EXPECT_LT(result.error().sentence.size(), 300U) << result.error().sentence;
}

TEST(HttpClient, ABodyUpToTheLimitIsTakenAndALongerOneIsNot) {
    WebServer server(
        [](const WebRequest&) { return WebAnswer{200, std::string(5000, 'x'), "", false, true}; });
    HttpRequest request = get(server);
    request.max_body = 5000;
    EXPECT_THAT(ask(request)->body, SizeIs(5000));
    request.max_body = 4999;
    EXPECT_EQ(error_of(request), HttpError::too_large);
}

TEST(HttpClient, AnAnswerThatBreaksOffIsNone) {
    WebServer server([](const WebRequest&) { return WebAnswer{200, "0123456789", "", false, false}; });
    EXPECT_EQ(error_of(get(server)), HttpError::protocol);
}

TEST(HttpClient, ASlowServerEndsInATimeoutAndDoesNotDelayAnother) {
    WebServer slow(silence);
    WebServer quick(hello);
    HttpRequest patient = get(slow);
    patient.total_timeout = milliseconds(700);
    boost::asio::io_context loop;
    HttpClient client(loop);
    std::string order;
    client.send(patient, [&](const HttpResult& result) {
        order += "slow ";
        EXPECT_EQ(result.error().error, HttpError::timeout);
    });
    client.send(get(quick), [&](const HttpResult& result) {
        order += "quick ";
        EXPECT_TRUE(result);
    });
    loop.run_for(patience);
    EXPECT_EQ(order, "quick slow ");
}

TEST(HttpClient, WhereNobodyListensThereIsNoConnection) {
    std::string url;
    {
        WebServer gone(hello);
        url = gone.url();
    }
    HttpRequest request;
    request.url = url;
    EXPECT_EQ(error_of(request), HttpError::connect);
}

TEST(HttpClient, ANameWithoutAddressSaysSo) {
    HttpRequest request;
    request.url = "https://" + std::string(64, 'a') + ".test/";  // no name server is asked for such a label
    EXPECT_EQ(error_of(request), HttpError::dns);
}

TEST(HttpClient, WithoutEncryptionOnlyWhereItIsAllowed) {
    WebServer server(hello, WebSecurity::plain);
    HttpRequest request = get(server);
    EXPECT_EQ(error_of(request), HttpError::bad_request);
    EXPECT_THAT(server.requests(), IsEmpty());
    request.plain_allowed = true;
    EXPECT_EQ(ask(request)->body, "hello");
}

TEST(HttpClient, AddressesAndHeadersThatCannotBeMeantAreRefused) {
    HttpRequest request;
    for (const std::string url : {"", "ftp://127.0.0.1/", "file:///etc/passwd", "https://user:pw@127.0.0.1/",
                                  "https://127.0.0.1/\r\nX: y", "127.0.0.1"}) {
        request.url = url;
        EXPECT_EQ(error_of(request), HttpError::bad_request) << url;
    }
    request.url = "https://127.0.0.1:1/";
    for (const HttpHeader& header :
         {HttpHeader{"A", "b\r\nC: d"}, HttpHeader{"A\n", "b"}, HttpHeader{"", "b"}}) {
        request.headers = {header};
        EXPECT_EQ(error_of(request), HttpError::bad_request);
    }
}

TEST(HttpClient, NoSecretIsInAnySentence) {
    WebServer redirecting([](const WebRequest&) {
        return WebAnswer{302, "", "Location: https://u:geheim@127.0.0.1/geheim?geheim\r\n", false, true};
    });
    WebServer slow(silence);
    WebServer torn([](const WebRequest&) { return WebAnswer{200, "geheim", "", false, false}; });
    WebServer plain(hello, WebSecurity::plain);
    std::vector<HttpRequest> requests;
    for (const WebServer* server : {&redirecting, &slow, &torn, &plain}) {
        requests.push_back(get(*server, "/geheim?token=geheim"));
    }
    requests.push_back(requests[0]);
    requests.back().ca_file.clear();
    requests.push_back(requests[0]);
    requests.back().max_body = 0;
    for (const char* url : {"https://u:geheim@127.0.0.1/", "https://127.0.0.1:1/geheim", "htt://geheim",
                            "https://[geheim/", "https:// geheim/"}) {
        requests.push_back(get(slow));
        requests.back().url = url;
    }
    for (HttpRequest request : requests) {
        request.method = HttpMethod::post;
        request.headers = {{"Token", "geheim"}};
        request.body = "geheim";
        request.login = {"geheim", "geheim"};
        request.total_timeout = milliseconds(300);
        const HttpResult result = ask(request);
        ASSERT_FALSE(result) << request.url;
        EXPECT_THAT(result.error().sentence, Not(HasSubstr("geheim"))) << request.url;
        EXPECT_THAT(result.error().sentence, Not(IsEmpty()));
    }
}

TEST(HttpClient, ACancelledRequestCallsNobodyAndHoldsNoLoop) {
    WebServer slow(silence);
    boost::asio::io_context loop;
    HttpClient client(loop);
    const HttpTicket ticket = client.send(get(slow), [](const HttpResult&) { ADD_FAILURE(); });
    client.cancel(ticket);
    client.cancel(ticket);
    client.cancel(ticket + 1);
    const auto before = std::chrono::steady_clock::now();
    loop.run_for(patience);
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(2));
}

TEST(HttpClient, ItsEndDoesNotWaitForASlowServer) {
    WebServer slow(silence);
    boost::asio::io_context loop;
    const auto before = std::chrono::steady_clock::now();
    {
        HttpClient client(loop);
        client.send(get(slow), [](const HttpResult&) { ADD_FAILURE(); });
        while (slow.requests().empty()) std::this_thread::yield();
    }
    EXPECT_LT(std::chrono::steady_clock::now() - before, seconds(2));
    loop.run_for(patience);
}

TEST(HttpClient, AHandlerMayEndTheClient) {
    WebServer server(hello);
    boost::asio::io_context loop;
    auto client = std::make_unique<HttpClient>(loop);
    bool called = false;
    client->send(get(server), [&](const HttpResult&) {
        client.reset();
        called = true;
    });
    loop.run_for(patience);
    EXPECT_TRUE(called);
}

TEST(HttpClient, MoreRequestsThanTheBoundAreRefusedAtOnce) {
    WebServer slow(silence);
    boost::asio::io_context loop;
    HttpClient client(loop);
    std::map<HttpError, int> count;
    HttpRequest request = get(slow);
    request.total_timeout = milliseconds(500);
    for (std::size_t i = 0; i < max_http_requests + 3; ++i) {
        client.send(request, [&](const HttpResult& result) { ++count[result.error().error]; });
    }
    loop.run_for(patience);
    EXPECT_EQ(count[HttpError::busy], 3);
    EXPECT_EQ(count[HttpError::timeout], static_cast<int>(max_http_requests));
}

TEST(HttpFault, EveryErrorHasAName) {
    for (std::size_t i = 0; i < http_error_count; ++i) {
        EXPECT_THAT(name(static_cast<HttpError>(i)), Not(IsEmpty()));
    }
}

}  // namespace
}  // namespace jkp::io
