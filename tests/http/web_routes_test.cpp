// SPDX-License-Identifier: MIT
// What each address answers, without a socket.
#include "app/web_routes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/fake_site.hpp"
#include "report/status_json.hpp"

namespace jkp::app {
namespace {

using io::WebMethod;
using io::WebReply;
using io::WebRequest;
using jkp::testing::FakeSite;
using nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

const std::string token = "a-token-of-more-than-twenty";
const std::string read_token = "another-one-for-reading-only";

std::string body_of(const WebReply& reply) {
    std::string text;
    for (const std::byte b : reply.body()) text += static_cast<char>(b);
    return text;
}

class Routes : public ::testing::Test {
  public:
    explicit Routes(WebTokens tokens = {})
        : routes(site.sources(), WebAccess(std::move(tokens), {"pi.lan"})) {}

    std::optional<WebReply> ask(const WebRequest& request) {
        std::optional<WebReply> got;
        routes.handle(request, [&got](WebReply reply) { got = std::move(reply); });
        return got;
    }
    static WebRequest request(std::string path, io::WebFields query = {}) {
        WebRequest r;
        r.path = std::move(path);
        r.query = std::move(query);
        r.headers = {{"Host", "localhost"}};
        r.client = "127.0.0.1";
        r.at = TimePoint(std::chrono::seconds(100));
        return r;
    }
    json get(std::string path, io::WebFields query = {}, unsigned status = 200) {
        const auto reply = ask(request(std::move(path), std::move(query)));
        if (!reply) throw std::runtime_error("no answer");
        EXPECT_EQ(reply->status, status) << body_of(*reply);
        return json::parse(body_of(*reply));
    }

    FakeSite site;
    WebRoutes routes;
};

class WritableRoutes : public Routes {
  public:
    WritableRoutes() : Routes({std::nullopt, token, ""}) {}
    static WebRequest command(std::string body = R"({"command":"pause","value":true})") {
        WebRequest r = request("api/v1/commands");
        r.method = WebMethod::post;
        r.headers.emplace_back("authorization", "Bearer " + token);
        r.headers.emplace_back("content-type", "application/json; charset=utf-8");
        r.body = std::move(body);
        return r;
    }
    static void set(WebRequest& r, const std::string& name, const std::string& value) {
        std::erase_if(r.headers, [&](const auto& field) { return field.first == name; });
        if (!value.empty()) r.headers.emplace_back(name, value);
    }
};

TEST_F(Routes, TheSnapshotIsTheStatusWithTimeAndEnergy) {
    const json snapshot = get("api/v1/snapshot");
    const json status = json::parse(report::status_json(site.snapshot(), site.settings.control));
    for (const auto& [key, value] : status.items()) EXPECT_EQ(snapshot.at(key), value) << key;
    EXPECT_EQ(snapshot.at("time"), 1'800'000'000);
    EXPECT_EQ(snapshot.at("energy").at("charged_kwh"), 12.5);
    EXPECT_EQ(snapshot.at("energy").at("imported_kwh"), nullptr);
    EXPECT_EQ(snapshot.at("writable"), false);
}

TEST_F(Routes, TheSnapshotIsMadeOncePerCycleHoweverManyAsk) {
    site.snapshots = 0;
    const auto first = ask(request("api/v1/snapshot"));
    const auto second = ask(request("api/v1/snapshot"));
    EXPECT_EQ(site.snapshots, 1);
    EXPECT_EQ(first->shared.get(), second->shared.get()) << "the very same text";
    routes.on_cycle();
    ask(request("api/v1/snapshot"));
    EXPECT_EQ(site.snapshots, 2);
    WebRequest later = request("api/v1/snapshot");
    later.at += std::chrono::seconds(2);
    ask(later);
    EXPECT_EQ(site.snapshots, 3) << "and anew when no cycle comes any more";
}

TEST_F(Routes, EventsHaveTheirWordsInTheLanguageThatIsAskedFor) {
    const json english = get("api/v1/events", {{"before", "77"}, {"limit", "2"}});
    EXPECT_EQ(site.events_before, 77U);
    EXPECT_EQ(site.events_limit, 2U);
    EXPECT_EQ(english.at("more"), false);
    EXPECT_EQ(english.at("events").at(0),
              json::parse(R"({"id":2,"time":1800000000,"uptime_s":1,"code":"data_back",
              "severity":"warning","pack":"A","text":"back \"again\""})"));
    EXPECT_EQ(english.at("events").at(1).at("time"), nullptr);
    EXPECT_EQ(english.at("events").at(1).at("pack"), "");
    EXPECT_EQ(get("api/v1/events", {{"lang", "de"}}).at("events").at(0).at("text"), "wieder da");
    EXPECT_EQ(site.events_limit, 100U);
    EXPECT_GT(site.events_before, 1U << 30U) << "the newest";
}

TEST_F(Routes, HistoryComesInColumnsAndAsCsv) {
    const io::WebFields query{
        {"from", "1000"}, {"to", "2000"}, {"points", "50"}, {"series", "soc_pct,pack.A.voltage_v"}};
    const json table = get("api/v1/history", query);
    EXPECT_EQ(table, json::parse(R"({"from":1000,"to":2000,"step_s":60,"time":[1000,1060],
              "series":{"soc_pct":[12.5,null],"pack.A.voltage_v":[12.5,null]}})"));
    EXPECT_EQ(site.history_asked.points, 50U);
    const auto csv = ask(request("api/v1/history.csv", query));
    EXPECT_THAT(std::string(csv->content_type), StartsWith("text/csv"));
    EXPECT_EQ(body_of(*csv),
              "time,soc_pct,pack.A.voltage_v\n1970-01-01T00:16:40Z,12.5,12.5\n1970-01-01T00:17:40Z,,\n");
}

TEST_F(Routes, HistoryWithoutTimesIsTheLastDay) {
    get("api/v1/history", {{"series", "soc_pct"}});
    EXPECT_EQ(site.history_asked.to.seconds, 1'800'000'000);
    EXPECT_EQ(site.history_asked.from.seconds, 1'800'000'000 - 86400);
    EXPECT_EQ(site.history_asked.points, 600U);
}

TEST_F(Routes, EnergyHasDaysAndATotal) {
    const json energy = get("api/v1/energy", {{"days", "7"}});
    EXPECT_EQ(site.days_asked, 7U);
    EXPECT_EQ(energy.at("days").at(0),
              json::parse(R"({"day":"2026-11-24","charged_kwh":1.5,"discharged_kwh":1.0,
              "imported_kwh":2.0,"exported_kwh":3.0,"transferred_kwh":0.0})"));
    EXPECT_EQ(energy.at("days").at(1).at("imported_kwh"), nullptr);
    EXPECT_TRUE(energy.at("total").contains("charged_kwh"));
}

TEST_F(Routes, SettingsShowValuesDefaultsAndHelpButNoSecret) {
    site.settings.control.packs[0].max_charge = Milliamps(42'000);
    site.settings.web.write_token_file = "/etc/jk-pylon/very-secret-path";
    site.settings.meter_json.url = "http://10.0.0.7/rpc?apikey=12345";
    const json settings = get("api/v1/settings");
    EXPECT_EQ(settings.at("file"), "/etc/jk-pylon/jk-pylon.toml");
    std::map<std::string, json> keys;
    for (const json& key : settings.at("keys")) keys[key.at("key")] = key;
    EXPECT_EQ(keys.at("pack[0].max_charge_a").at("value"), 42.0);
    EXPECT_EQ(keys.at("pack[0].max_charge_a").at("unit"), "A");
    EXPECT_EQ(keys.at("control.preset").at("value"), "smooth");
    EXPECT_EQ(keys.at("control.preset").at("default"), "smooth");
    EXPECT_EQ(keys.at("web.write_token_file").at("value"), "(set)");
    EXPECT_EQ(keys.at("web.read_token_file").at("value"), nullptr);
    EXPECT_EQ(keys.at("meter.json.url").at("value"), "http://10.0.0.7/rpc");
    for (const char* secret : {"very-secret-path", "12345"})
        EXPECT_THAT(settings.dump(), Not(HasSubstr(secret)));
}

TEST_F(Routes, MetricsAreTextAndMadeOncePerCycle) {
    const auto reply = ask(request("metrics"));
    EXPECT_THAT(std::string(reply->content_type), StartsWith("text/plain; version=0.0.4"));
    EXPECT_THAT(body_of(*reply), HasSubstr("jk_pylon_pack_voltage_volts{pack=\"A\"}"));
    EXPECT_THAT(body_of(*reply), HasSubstr("jk_pylon_energy_joules_total{direction=\"charged\"} 45000000"));
    EXPECT_EQ(ask(request("metrics"))->shared.get(), reply->shared.get());
}

std::string many_series(int count) {
    std::string text = "soc_pct";
    for (int i = 1; i < count; ++i) text += ",pack.p" + std::to_string(i) + ".soc_pct";
    return text;
}

struct Wrong {
    const char* path;
    io::WebFields query;
    const char* sentence;
};
void PrintTo(const Wrong& row, std::ostream* to) {
    *to << row.path << ": " << row.sentence;
}
class WrongQuestion : public Routes, public ::testing::WithParamInterface<Wrong> {};
TEST_P(WrongQuestion, IsAnsweredWithASentence) {
    const json answer = get(GetParam().path, GetParam().query, 400);
    EXPECT_EQ(answer.at("ok"), false);
    EXPECT_THAT(answer.at("error").get<std::string>(), HasSubstr(GetParam().sentence));
}
INSTANTIATE_TEST_SUITE_P(
    Parameters, WrongQuestion,
    ::testing::Values(
        Wrong{"api/v1/events", {{"limit", "501"}}, "between 1 and 500"},
        Wrong{"api/v1/events", {{"limit", "0"}}, "limit"}, Wrong{"api/v1/events", {{"limit", "1x"}}, "limit"},
        Wrong{"api/v1/events", {{"limit", ""}}, "limit"},
        Wrong{"api/v1/events", {{"before", "-1"}}, "before"},
        Wrong{"api/v1/events", {{"before", "99999999999999999999"}}, "before"},
        Wrong{"api/v1/events", {{"lang", "fr"}}, "en or de"}, Wrong{"api/v1/live", {{"lang", "x"}}, "lang"},
        Wrong{"api/v1/history", {}, "series is missing"},
        Wrong{"api/v1/history", {{"series", ","}}, "names separated"},
        Wrong{"api/v1/history", {{"series", "a;drop table"}}, "names separated"},
        Wrong{"api/v1/history", {{"series", "no_such"}}, "no such series"},
        Wrong{"api/v1/history", {{"series", "soc_pct"}, {"points", "2001"}}, "points"},
        Wrong{"api/v1/history", {{"series", "soc_pct"}, {"from", "5"}, {"to", "5"}}, "before"},
        Wrong{"api/v1/history", {{"series", "soc_pct"}, {"from", "1e3"}}, "from"},
        Wrong{"api/v1/history", {{"series", many_series(24)}, {"points", "1001"}}, "more than 24000"},
        Wrong{"api/v1/history", {{"series", many_series(25)}}, "24 series"},
        Wrong{"api/v1/energy", {{"days", "0"}}, "days"}),
    [](const auto& row) { return "Case" + std::to_string(row.index); });

TEST_F(Routes, WhatIsNotThereIs404AndTheWrongMethod405WithTheRightOne) {
    EXPECT_EQ(ask(request("api/v1/nothing"))->status, 404U);
    EXPECT_EQ(ask(request("api/v1/snapshot/"))->status, 404U);
    EXPECT_EQ(ask(request("API/v1/snapshot"))->status, 404U);
    for (const WebRoute& route : WebRoutes::list()) {
        for (const WebMethod method : {WebMethod::get, WebMethod::head, WebMethod::post, WebMethod::other}) {
            const bool right =
                (route.method == "POST") == (method == WebMethod::post) && method != WebMethod::other;
            WebRequest r = request(std::string(route.path), {{"series", "soc_pct"}});
            r.method = method;
            const auto reply = ask(r);
            ASSERT_TRUE(reply);
            EXPECT_EQ(reply->status == 405, !right) << route.path;
            if (!right) {
                EXPECT_EQ(reply->headers.at(0).second, route.method == "POST" ? "POST" : "GET, HEAD")
                    << route.path;
            }
        }
    }
    WebRequest page = request("");
    page.method = WebMethod::post;
    EXPECT_EQ(ask(page)->status, 405U);
}

TEST_F(Routes, OnlySoManyQuestionsWaitForTheStore) {
    site.hold = true;
    int answered = 0;
    const auto send = [&] {
        unsigned status = 0;
        routes.handle(request("api/v1/history", {{"series", "soc_pct"}}),
                      [&answered, &status](WebReply reply) {
                          ++answered;
                          status = reply.status;
                      });
        return status;
    };
    for (int i = 0; i < 4; ++i) {
        routes.handle(request("api/v1/history", {{"series", "soc_pct"}}), [&](WebReply) { ++answered; });
    }
    EXPECT_EQ(send(), 503U);
    EXPECT_EQ(answered, 1);
    for (const auto& answer : site.held) answer();
    EXPECT_EQ(answered, 5);
    site.held.clear();
    site.hold = false;
    EXPECT_EQ(send(), 200U);
}

TEST_F(Routes, AStoreThatIsBusyIsToldApartFromAWrongQuestion) {
    site.busy = true;
    const json answer = get("api/v1/history", {{"series", "soc_pct"}}, 503);
    EXPECT_EQ(answer.at("error"), "the card is slow");
}

TEST_F(Routes, SixtyQuestionsToTheStoreAtOnceAndTenASecond) {
    const auto status = [&](std::chrono::milliseconds after) {
        WebRequest r = request("api/v1/energy");
        r.at += after;
        return ask(r)->status;
    };
    for (int i = 0; i < 60; ++i) EXPECT_EQ(status(std::chrono::milliseconds(0)), 200U) << i;
    EXPECT_EQ(status(std::chrono::milliseconds(0)), 429U);
    EXPECT_EQ(status(std::chrono::milliseconds(90)), 429U);
    EXPECT_EQ(status(std::chrono::milliseconds(110)), 200U);
    EXPECT_EQ(status(std::chrono::milliseconds(110)), 429U);
    EXPECT_EQ(status(std::chrono::milliseconds(600)), 200U);
    EXPECT_EQ(ask(request("api/v1/snapshot"))->status, 200U) << "it needs no store";
}

TEST_F(Routes, AnAnswerOfTheStoreMayComeWhenTheRoutesHaveGone) {
    site.hold = true;
    bool answered = false;
    {
        WebRoutes others(site.sources(), WebAccess({}, {}));
        others.handle(request("api/v1/history", {{"series", "soc_pct"}}), [&](WebReply) { answered = true; });
    }
    site.held.at(0)();
    EXPECT_TRUE(answered);
}

TEST_F(Routes, WithoutAStoreTheReasonIsTold) {
    WebSources bare;
    bare.snapshot = site.sources().snapshot;
    bare.settings = site.sources().settings;
    WebRoutes others(std::move(bare), WebAccess({}, {}));
    std::optional<WebReply> got;
    others.handle(request("api/v1/events"), [&](WebReply reply) { got = std::move(reply); });
    EXPECT_EQ(got->status, 503U);
    EXPECT_THAT(body_of(*got), HasSubstr("nothing is recorded"));
    others.handle(request("api/v1/snapshot"), [&](WebReply reply) { got = std::move(reply); });
    EXPECT_EQ(json::parse(body_of(*got)).at("energy"), nullptr);
    others.handle(request("api/v1/history", {{"series", "soc_pct"}}),
                  [&](WebReply reply) { got = std::move(reply); });
    EXPECT_EQ(got->status, 400U) << "without a clock the times must be said";
}

TEST_F(Routes, WithoutATokenNothingCanBeWrittenAndTheWayToItIsTold) {
    WebRequest r = WritableRoutes::command();
    const auto reply = ask(r);
    EXPECT_EQ(reply->status, 403U);
    EXPECT_THAT(body_of(*reply), HasSubstr("web.write_token_file"));
    EXPECT_THAT(site.commands_asked, IsEmpty());
}

TEST_F(WritableRoutes, ACommandWithTheTokenIsHandedOnWithWhoSentIt) {
    const auto reply = ask(command());
    EXPECT_EQ(reply->status, 200U) << body_of(*reply);
    EXPECT_THAT(site.commands_asked, ElementsAre(R"(127.0.0.1 {"command":"pause","value":true})"));
    EXPECT_EQ(get("api/v1/snapshot").at("writable"), true);
}

TEST_F(WritableRoutes, EveryThingThatIsNotRightRefusesTheCommand) {
    struct Case {
        const char* field;
        std::string value;
        unsigned status;
    };
    for (const Case& c :
         {Case{"authorization", "", 401}, Case{"authorization", "Bearer " + token + "x", 401},
          Case{"authorization", "Bearer " + token.substr(1), 401}, Case{"authorization", "Bearer ", 401},
          Case{"authorization", token, 401}, Case{"authorization", "Basic " + token, 401},
          Case{"content-type", "", 415}, Case{"content-type", "text/plain", 415},
          Case{"content-type", "application/x-www-form-urlencoded", 415},
          Case{"origin", "http://evil.example", 403}, Case{"origin", "null", 403},
          Case{"origin", "http://localhost:81", 403}, Case{"sec-fetch-site", "cross-site", 403},
          Case{"sec-fetch-site", "same-site", 403}}) {
        WebRequest r = command();
        r.at += std::chrono::hours(1) * (1 + static_cast<int>(site.commands_asked.size()));
        r.client = std::string(c.field) + c.value;
        set(r, c.field, c.value);
        EXPECT_EQ(ask(r)->status, c.status) << c.field << ": " << c.value;
    }
    for (const char* body : {"", "5", "[]", "{", "nul", "\"pause\""}) {
        WebRequest r = command(body);
        r.client = std::string("body") + body;
        EXPECT_EQ(ask(r)->status, 400U) << body;
    }
    EXPECT_THAT(site.commands_asked, IsEmpty());
}

TEST_F(WritableRoutes, APageOfOurOwnMaySendCommandsAlsoThroughAProxy) {
    for (const char* origin :
         {"http://localhost", "https://localhost", "https://pi.lan", "https://pi.lan:8443"}) {
        WebRequest r = command();
        set(r, "origin", origin);
        set(r, "sec-fetch-site", "same-origin");
        EXPECT_EQ(ask(r)->status, 200U) << origin;
    }
}

TEST_F(WritableRoutes, AfterTenWrongTokensWrongOnesOfThatAddressHaveToWait) {
    WebRequest wrong = command();
    set(wrong, "authorization", "Bearer wrong");
    for (int i = 0; i < 10; ++i) EXPECT_EQ(ask(wrong)->status, 401U);
    const auto refused = ask(wrong);
    EXPECT_EQ(refused->status, 429U);
    EXPECT_EQ(refused->headers.at(0), (std::pair<std::string_view, std::string>("Retry-After", "10")));
    WebRequest other = wrong;
    other.client = "192.168.1.9";
    EXPECT_EQ(ask(other)->status, 401U);
    wrong.at += std::chrono::seconds(11);
    EXPECT_EQ(ask(wrong)->status, 401U);
    EXPECT_THAT(site.commands_asked, IsEmpty());
}

TEST_F(WritableRoutes, TheRightTokenIsTakenHoweverManyWrongOnesCameFromItsAddress) {
    WebRequest wrong = command();
    set(wrong, "authorization", "Bearer wrong");
    for (int i = 0; i < 20; ++i) ask(wrong);
    for (int i = 0; i < 20; ++i) EXPECT_EQ(ask(command())->status, 200U) << "all clients of a proxy";
    EXPECT_EQ(ask(wrong)->status, 429U);
    EXPECT_EQ(site.commands_asked.size(), 20U);
}

class ReadTokenRoutes : public Routes {
  public:
    ReadTokenRoutes() : Routes({read_token, token, ""}) {}
};

TEST_F(ReadTokenRoutes, WithATokenForReadingEveryAddressWithDataNeedsIt) {
    for (const WebRoute& route : WebRoutes::list()) {
        if (route.method == "POST" || route.path == "api/v1/openapi.json") continue;
        WebRequest r = request(std::string(route.path), {{"series", "soc_pct"}});
        const auto refused = ask(r);
        EXPECT_EQ(refused->status, 401U) << route.path;
        EXPECT_EQ(refused->headers.at(0).first, "WWW-Authenticate");
        r.headers.emplace_back("Authorization", "Bearer wrong-wrong-wrong-wrong");
        EXPECT_EQ(ask(r)->status, 401U) << route.path;
        for (const std::string& good : {read_token, token}) {
            r.headers.back().second = "bearer " + good;
            EXPECT_EQ(ask(r)->status, 200U) << route.path;
        }
    }
    EXPECT_EQ(ask(request(""))->status, 200U) << "the page itself holds no data";
}

TEST_F(ReadTokenRoutes, TheTokenForReadingDoesNotWrite) {
    WebRequest r = WritableRoutes::command();
    WritableRoutes::set(r, "authorization", "Bearer " + read_token);
    EXPECT_EQ(ask(r)->status, 401U);
}

TEST_F(Routes, FilesAreCompressedForWhoeverTakesThat) {
    WebRequest r = request("");
    const auto plain = ask(r);
    EXPECT_THAT(body_of(*plain), StartsWith("<!doctype html>"));
    r.headers.emplace_back("Accept-Encoding", "br;q=1.0, gzip;q=0.8");
    const auto compressed = ask(r);
    EXPECT_THAT(body_of(*compressed), StartsWith("\x1f\x8b"));
    const auto field = [](const WebReply& reply, std::string_view name) {
        for (const auto& [n, value] : reply.headers) {
            if (n == name) return value;
        }
        return std::string();
    };
    EXPECT_EQ(field(*compressed, "Content-Encoding"), "gzip");
    EXPECT_EQ(field(*compressed, "Vary"), "Accept-Encoding");
    EXPECT_EQ(field(*compressed, "Cache-Control"), "no-cache");
    r.headers.emplace_back("If-None-Match", "\"other\", W/" + field(*compressed, "ETag"));
    EXPECT_EQ(ask(r)->status, 304U);
    EXPECT_TRUE(ask(r)->body().empty());
    r.headers = {{"Host", "localhost"}, {"Accept-Encoding", "gzip;q=0"}};
    EXPECT_THAT(body_of(*ask(r)), StartsWith("<!doctype html>"));
}

// A stream that keeps what it is sent.
class KeptStream : public io::EventStream {
  public:
    bool send(io::SharedText text, bool replaceable) override {
        if (ended) return false;
        texts.push_back(std::move(text));
        replaceables.push_back(replaceable);
        return true;
    }
    [[nodiscard]] bool open() const override { return !ended; }
    std::vector<io::SharedText> texts;
    std::vector<bool> replaceables;
    bool ended = false;
};

std::shared_ptr<KeptStream> watch(Routes& r, const std::string& language = "en") {
    const auto reply = r.ask(Routes::request("api/v1/live", {{"lang", language}}));
    auto stream = std::make_shared<KeptStream>();
    reply->stream(stream);
    return stream;
}

TEST_F(Routes, ALiveStreamBeginsWithTheSnapshot) {
    const auto stream = watch(*this);
    ASSERT_THAT(stream->texts, SizeIs(2));
    EXPECT_EQ(*stream->texts[0], "retry: 3000\n\n");
    const std::string& text = *stream->texts[1];
    ASSERT_THAT(text, StartsWith("event: snapshot\ndata: {"));
    EXPECT_TRUE(text.ends_with("}\n\n"));
    EXPECT_EQ(std::ranges::count(text, '\n'), 3);
    EXPECT_EQ(json::parse(text.substr(22)).at("version"), "1.2.3");
}

TEST_F(Routes, WatchersShareOneTextAtMostOnceASecondAndAtLeastEachFive) {
    const auto a = watch(*this);
    const auto b = watch(*this, "de");
    TimePoint now(std::chrono::seconds(200));
    const auto cycle = [&](std::chrono::milliseconds after) {
        now += after;
        routes.on_cycle();
        routes.show(now);
    };
    site.snapshots = 0;
    cycle(std::chrono::milliseconds(0));
    ASSERT_THAT(a->texts, SizeIs(3));
    EXPECT_EQ(a->texts[2].get(), b->texts[2].get()) << "the very same text";
    EXPECT_EQ(site.snapshots, 1);
    EXPECT_TRUE(a->replaceables[2]);
    site.step(3420);
    cycle(std::chrono::milliseconds(900));
    EXPECT_THAT(a->texts, SizeIs(3)) << "too early";
    EXPECT_EQ(site.snapshots, 1) << "and it costs nothing";
    cycle(std::chrono::milliseconds(100));
    EXPECT_THAT(a->texts, SizeIs(4));
    for (int i = 0; i < 4; ++i) cycle(std::chrono::milliseconds(1000));
    EXPECT_THAT(a->texts, SizeIs(4)) << "nothing has changed";
    cycle(std::chrono::milliseconds(1000));
    EXPECT_THAT(a->texts, SizeIs(5)) << "a sign of life";
    a->ended = true;
    b->ended = true;
    cycle(std::chrono::milliseconds(5000));
    EXPECT_FALSE(routes.is_due(now + std::chrono::hours(1))) << "nobody watches";
}

TEST_F(Routes, EventsReachWatchersInTheirLanguageAndAreNeverReplaced) {
    const auto english = watch(*this);
    const auto german = watch(*this, "de");
    routes.on_event(FakeSite::event(2));
    EXPECT_THAT(*english->texts.back(), HasSubstr("event: event\ndata: {\"id\":2"));
    EXPECT_THAT(*english->texts.back(), HasSubstr("again"));
    EXPECT_THAT(*german->texts.back(), HasSubstr("wieder da"));
    EXPECT_FALSE(german->replaceables.back());
}

}  // namespace
}  // namespace jkp::app
