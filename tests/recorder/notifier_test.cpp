// SPDX-License-Identifier: MIT
// Messages to a web address: which, how many, and what becomes of them while nobody listens.
#include "app/notifier.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <nlohmann/json.hpp>

#include "io/http_client.hpp"
#include "web_server/web_server.hpp"

namespace jkp::app {
namespace {

using jkp::testing::WebAnswer;
using jkp::testing::WebRequest;
using jkp::testing::WebSecurity;
using jkp::testing::WebServer;
using nlohmann::json;
using report::EventRecord;
using report::Severity;
using std::chrono::milliseconds;
using ::testing::HasSubstr;
using ::testing::Not;

EventRecord event(const std::string& topic, Severity severity, const std::string& words = "words",
                  const std::string& pack = "") {
    EventRecord record = report::link_record(topic, severity, pack, words, "Worte zu " + words);
    record.id = 5;
    return record;
}

class Site {
  public:
    explicit Site(WebSecurity security = WebSecurity::plain)
        : server([this](const WebRequest&) { return WebAnswer{status.load(), "ok", "", false, true}; },
                 security),
          client(loop) {
        write_url(server.url("/hook/geheim"));
        settings.url_file = folder.file("url");
        settings.first_retry = milliseconds(5);
        settings.longest_retry = milliseconds(20);
        settings.now = [this] { return now; };
        if (security != WebSecurity::plain) settings.ca_file = server.ca_file();
    }
    void write_url(const std::string& url, mode_t mode = 0600) {
        std::ofstream(folder.file("url")) << url << '\n';
        ::chmod(folder.file("url").c_str(), mode);
    }
    void start() {
        notifier = std::make_unique<Notifier>(
            loop, client, settings, NotifierHandlers{[this](bool good, const std::string& sentence) {
                states.emplace_back(good, sentence);
            }});
        notifier->start();
    }
    template <class Until>
    void run(Until until) {
        auto work = boost::asio::make_work_guard(loop);
        loop.restart();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!until() && std::chrono::steady_clock::now() < end) loop.run_one_for(milliseconds(20));
        ASSERT_TRUE(until());
    }
    void run_until_sent(std::uint64_t count) {
        run([&] { return counter("sent") >= count; });
    }
    std::uint64_t counter(const std::string& name) const {
        for (const auto& c : notifier->view().counters) {
            if (c.name == name) return c.count;
        }
        throw std::runtime_error(name);
    }
    std::vector<json> messages() const {
        std::vector<json> all;
        for (const WebRequest& request : server.requests()) all.push_back(json::parse(request.body));
        return all;
    }

    boost::asio::io_context loop;
    std::atomic<int> status = 200;
    WebServer server;
    io::HttpClient client;
    io::testing::TemporaryFolder folder;
    NotifierSettings settings;
    TimePoint now{std::chrono::hours(10)};
    std::vector<std::pair<bool, std::string>> states;
    std::unique_ptr<Notifier> notifier;
};

TEST(Notifier, PostsWhatIsBadEnoughAndItsEnd) {
    Site site;
    site.start();
    site.notifier->on_event(event("phase", Severity::info));
    site.notifier->on_event(event("can", Severity::error, "gone"));
    site.notifier->on_event(event("hard_stop", Severity::info, "another topic"));
    site.notifier->on_event(event("can", Severity::info, "back"));
    site.notifier->on_event(event("can", Severity::info, "still back"));
    site.run_until_sent(2);
    const auto messages = site.messages();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0]["title"], "jk-pylon: error");
    EXPECT_EQ(messages[0]["message"], "gone");
    EXPECT_EQ(messages[0]["text"], "jk-pylon: error: gone");
    EXPECT_EQ(messages[0]["recovery"], false);
    EXPECT_EQ(messages[0]["event"]["code"], "can");
    EXPECT_EQ(messages[0]["event"]["id"], 5);
    EXPECT_EQ(messages[1]["title"], "jk-pylon: over");
    EXPECT_EQ(messages[1]["recovery"], true);
    const WebRequest request = site.server.requests()[0];
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(request.target, "/hook/geheim");
    EXPECT_EQ(request.header("Content-Type"), "application/json; charset=utf-8");
    EXPECT_TRUE(site.states.empty());
}

TEST(Notifier, TheEndBelongsToItsPackAndARecoveryThatBeginsIsNone) {
    Site site;
    site.start();
    site.notifier->on_event(event("lockout", Severity::error, "locked", "garage"));
    site.notifier->on_event(event("lockout", Severity::info, "other", "attic"));
    EventRecord begun = event("lockout", Severity::info, "begun", "garage");
    begun.code = "recovery_started";
    site.notifier->on_event(begun);
    site.notifier->on_event(event("lockout", Severity::info, "recovered", "garage"));
    site.run_until_sent(2);
    EXPECT_EQ(site.messages()[1]["message"], "recovered");
}

TEST(Notifier, SpeaksGermanAndOverTls) {
    Site site(WebSecurity::tls);
    site.settings.language = report::Language::german;
    site.settings.severity = Severity::error;
    site.start();
    site.notifier->on_event(event("x", Severity::warning));
    site.notifier->on_event(event("can", Severity::error, "gone"));
    site.run_until_sent(1);
    ASSERT_EQ(site.messages().size(), 1U);
    EXPECT_EQ(site.messages()[0]["title"], "jk-pylon: Fehler");
    EXPECT_EQ(site.messages()[0]["message"], "Worte zu gone");
}

TEST(Notifier, MoreThanSoManyInAnHourBecomeOneSummary) {
    Site site;
    site.settings.per_hour = 3;
    site.start();
    for (int i = 0; i < 10; ++i)
        site.notifier->on_event(event("t" + std::to_string(i), i == 6 ? Severity::error : Severity::warning,
                                      "number " + std::to_string(i)));
    site.run_until_sent(3);
    site.notifier->on_cycle(site.now + std::chrono::minutes(59));
    EXPECT_EQ(site.counter("waiting"), 0U);
    site.now += std::chrono::minutes(61);
    site.notifier->on_cycle(site.now);
    site.run_until_sent(4);
    const auto messages = site.messages();
    ASSERT_EQ(messages.size(), 4U);
    EXPECT_EQ(messages[3]["message"], "7 more messages, the latest: number 6") << "of the worst";
    EXPECT_EQ(messages[3]["suppressed"], 7);
    site.notifier->on_event(event("later", Severity::warning));
    site.run_until_sent(5);
    EXPECT_EQ(site.messages()[4]["suppressed"], 0);
}

TEST(Notifier, AFaultThatIsOverBeforeTheSummaryIsToldAsOver) {
    Site site;
    site.settings.per_hour = 1;
    site.start();
    site.notifier->on_event(event("first", Severity::warning));
    site.notifier->on_event(event("can", Severity::error, "gone"));
    site.notifier->on_event(event("can", Severity::warning, "still gone"));
    site.notifier->on_event(event("can", Severity::info, "back"));
    site.now += std::chrono::minutes(61);
    site.notifier->on_cycle(site.now);
    site.run_until_sent(2);
    const json last = site.messages().at(1);
    EXPECT_EQ(last["message"], "3 more messages, the latest: back");
    EXPECT_EQ(last["recovery"], true);
    EXPECT_EQ(last["title"], "jk-pylon: over");
}

TEST(Notifier, WhatIsOverHidesNeitherAnotherFaultNorTheSameOnAnotherPackNorOneThatCameBack) {
    const auto told = [](const std::vector<EventRecord>& events) {
        Site site;
        site.settings.per_hour = 1;
        site.start();
        site.notifier->on_event(event("first", Severity::warning));
        for (const EventRecord& each : events) site.notifier->on_event(each);
        site.now += std::chrono::minutes(61);
        site.notifier->on_cycle(site.now);
        site.run_until_sent(2);
        return site.messages().at(1).at("event").at("text").get<std::string>();
    };
    const auto gone = event("can", Severity::error, "gone");
    const auto back = event("can", Severity::info, "back");
    EXPECT_EQ(told({event("port0", Severity::warning, "broken"), gone, back}), "broken");
    EXPECT_EQ(told({gone, back, event("can", Severity::warning, "gone again")}), "gone again");
    EXPECT_EQ(told({event("lockout", Severity::error, "locked", "attic"),
                    event("lockout", Severity::error, "locked", "garage"),
                    event("lockout", Severity::info, "recovered", "garage")}),
              "locked");
    EXPECT_EQ(told({gone, event("can", Severity::warning, "better")}), "gone") << "the worst";
}

TEST(Notifier, KnowsThatItsFileHoldsAnotherAddress) {
    Site site;
    site.start();
    EXPECT_FALSE(site.notifier->address_changed());
    site.write_url("http://127.0.0.1:1/other");
    EXPECT_TRUE(site.notifier->address_changed());
    site.start();
    EXPECT_FALSE(site.notifier->address_changed());
    std::filesystem::remove(site.folder.file("url"));
    EXPECT_TRUE(site.notifier->address_changed());
    site.start();
    EXPECT_FALSE(site.notifier->address_changed()) << "still none";
}

TEST(Notifier, TriesAgainUntilTheServerIsBackAndTellsBothOnce) {
    Site site;
    site.status = 503;
    site.start();
    site.notifier->on_event(event("can", Severity::error, "first"));
    site.notifier->on_event(event("port0", Severity::error, "second"));
    site.run([&] { return site.counter("failed") >= 3; });
    ASSERT_EQ(site.states.size(), 1U);
    EXPECT_FALSE(site.states[0].first);
    EXPECT_THAT(site.states[0].second, HasSubstr("503"));
    EXPECT_EQ(site.notifier->view().state, "waiting");
    EXPECT_EQ(site.notifier->view().health, report::LinkHealth::bad);
    site.status = 204;
    site.run_until_sent(2);
    site.run([&] { return site.states.size() == 2; });
    EXPECT_TRUE(site.states[1].first);
    EXPECT_EQ(site.notifier->view().state, "ready");
    EXPECT_EQ(site.notifier->view().health, report::LinkHealth::good);
    EXPECT_EQ(site.messages().back()["message"], "second") << "in their order";
    for (const auto& [good, sentence] : site.states) EXPECT_THAT(sentence, Not(HasSubstr("geheim")));
}

TEST(Notifier, WhatTheServerRefusesIsNotSentAgain) {
    Site site;
    site.status = 404;
    site.start();
    site.notifier->on_event(event("can", Severity::error));
    site.run([&] { return site.counter("dropped") == 1; });
    site.status = 200;
    site.notifier->on_event(event("port0", Severity::error, "next"));
    site.run_until_sent(1);
    EXPECT_EQ(site.messages().size(), 2U);
}

TEST(Notifier, WhatWaitsIsBoundedAndNotOlderThanAnHour) {
    Site site;
    site.status = 500;
    site.settings.per_hour = 100;
    site.start();
    for (int i = 0; i < 60; ++i) site.notifier->on_event(event("t" + std::to_string(i), Severity::error));
    EXPECT_LE(site.counter("waiting"), Notifier::max_waiting);
    site.now += std::chrono::minutes(61);
    site.run([&] { return site.counter("dropped") >= 58; });
}

TEST(Notifier, WithoutAnAddressItSaysWhatToDoAndDoesNothing) {
    Site site;
    site.write_url("https://example.org/geheim", 0644);
    site.start();
    site.notifier->on_event(event("can", Severity::error));
    site.run([&] { return !site.states.empty(); });
    EXPECT_THAT(site.states[0].second, HasSubstr("chmod 600"));
    EXPECT_THAT(site.states[0].second, Not(HasSubstr("geheim")));
    EXPECT_EQ(site.counter("waiting"), 0U);
    EXPECT_EQ(site.notifier->view().health, report::LinkHealth::bad) << "it is wanted";

    Site other;
    other.settings.url_file.clear();
    ::unsetenv("CREDENTIALS_DIRECTORY");
    other.start();
    other.run([&] { return !other.states.empty(); });
    EXPECT_THAT(other.states[0].second, HasSubstr("LoadCredential=notify:"));
}

TEST(Notifier, NeverPostsAboutItself) {
    Site site;
    site.start();
    site.notifier->on_event(event("notify", Severity::error));
    site.notifier->on_event(event("can", Severity::error, "gone"));
    site.run_until_sent(1);
    EXPECT_EQ(site.messages()[0]["message"], "gone");
    EXPECT_EQ(site.messages().size(), 1U);
}

TEST(Notifier, ItsEndWaitsForNoServer) {
    boost::asio::io_context loop;
    WebServer silent([](const WebRequest&) { return WebAnswer{200, "", "", true, true}; },
                     WebSecurity::plain);
    io::HttpClient client(loop);
    io::testing::TemporaryFolder folder;
    std::ofstream(folder.file("url")) << silent.url() << '\n';
    ::chmod(folder.file("url").c_str(), 0600);
    NotifierSettings settings;
    settings.url_file = folder.file("url");
    Notifier notifier(loop, client, settings, {});
    notifier.start();
    notifier.on_event(event("can", Severity::error));
    const auto before = std::chrono::steady_clock::now();
    while (silent.requests().empty() && std::chrono::steady_clock::now() - before < std::chrono::seconds(20))
        loop.run_one_for(milliseconds(20));
    notifier.stop();
    loop.restart();
    loop.run_for(std::chrono::seconds(20));
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds(10));
}

}  // namespace
}  // namespace jkp::app
