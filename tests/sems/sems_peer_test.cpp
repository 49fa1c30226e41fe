// SPDX-License-Identifier: MIT
#include "app/sems_peer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>

#include "app/sems_once.hpp"
#include "io/clock.hpp"
#include "io/http_client.hpp"
#include "sems/portal.hpp"

namespace jkp::app {
namespace {

using namespace testing;
using goodwe::SemsApi;
using goodwe::SemsFault;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr seconds patience{20};

// A peer on its loop, with everything it says.
class Site {
  public:
    explicit Site(const SemsPeerSettings& settings)
        : client(loop), peer(loop, client, settings, handlers()) {}

    // Until `readings` came or something is told that `ends`.
    void run(std::size_t wanted, SemsState ends = SemsState::given_up) {
        wanted_ = wanted;
        ends_ = ends;
        peer.start();
        loop.run_for(patience);
    }

    boost::asio::io_context loop;
    io::HttpClient client;
    std::vector<Stamped<PeerReading>> readings;
    std::vector<SemsStatus> statuses;
    SemsPeer peer;

  private:
    SemsPeerHandlers handlers() {
        return {[this](const Stamped<PeerReading>& reading, const goodwe::Readings&) {
                    readings.push_back(reading);
                    if (readings.size() >= wanted_) loop.stop();
                },
                [this](const SemsStatus& status) {
                    statuses.push_back(status);
                    if (status.state == ends_ || status.state == SemsState::given_up) loop.stop();
                }};
    }
    std::size_t wanted_ = 1;
    SemsState ends_ = SemsState::given_up;
};

class EachApi : public ::testing::TestWithParam<SemsApi> {};
INSTANTIATE_TEST_SUITE_P(SemsPeer, EachApi, ::testing::Values(SemsApi::legacy, SemsApi::semsplus),
                         [](const auto& row) { return std::string(goodwe::name(row.param)); });

TEST_P(EachApi, LogsInOnceAndReadsAgainAndAgain) {
    Portal portal(GetParam());
    Site site(portal.settings());
    const TimePoint before = io::now();
    site.run(3);
    ASSERT_EQ(site.readings.size(), 3U);
    const PeerReading& reading = site.readings[0].value;
    if (GetParam() == SemsApi::legacy) {
        EXPECT_EQ(reading.current, Milliamps(2000));
        EXPECT_EQ(reading.power, Watts(100));
        EXPECT_EQ(reading.soc, Permille(450));
    } else {
        EXPECT_EQ(reading.power, Watts(-500));
        EXPECT_EQ(reading.soc, Permille(500));
    }
    EXPECT_GE(site.readings[0].at, before);
    EXPECT_LE(site.readings[0].at, io::now());
    EXPECT_EQ(portal.logins(), 1);
    EXPECT_EQ(site.peer.counters().logins, 1U);
    EXPECT_EQ(site.peer.counters().readings, 3U);
    EXPECT_EQ(site.peer.status().state, SemsState::reading);
}

TEST_P(EachApi, AnExpiredSessionIsRenewedWithoutAWord) {
    Portal portal(GetParam());
    portal.to_requests = {says(R"({"code":"100002"})")};
    Site site(portal.settings());
    site.run(1);
    EXPECT_EQ(site.readings.size(), 1U);
    EXPECT_EQ(portal.logins(), 2);
    EXPECT_EQ(site.peer.counters().of(SemsFault::session_expired), 1U);
    for (const SemsStatus& status : site.statuses) EXPECT_EQ(status.cause, "") << status.sentence;
}

TEST_P(EachApi, AWrongPasswordIsTriedOnceAndNeverAgain) {
    Portal portal(GetParam());
    portal.write_credentials("owner@example.org\ngeheim-typo\n");
    Site site(portal.settings());
    site.run(1);
    EXPECT_EQ(site.peer.status().state, SemsState::given_up);
    EXPECT_EQ(site.peer.status().cause, "wrong_password");
    site.loop.restart();
    site.loop.run_for(milliseconds(300));  // nothing is planned, so this returns at once
    EXPECT_TRUE(site.loop.stopped());
    EXPECT_EQ(portal.logins(), 1);
    EXPECT_EQ(portal.requests(), 0);
}

struct Bad {
    const char* name;
    WebAnswer answer;
    SemsFault fault;
};

class EachFault : public ::testing::TestWithParam<Bad> {};
INSTANTIATE_TEST_SUITE_P(
    SemsPeer, EachFault,
    ::testing::Values(Bad{"limit", says("", 429), SemsFault::rate_limited},
                      Bad{"hard_limit", says(R"({"code":"GY0429"})"), SemsFault::rate_limited_hard},
                      Bad{"garbage", says("<html>geheim</html>"), SemsFault::garbage},
                      Bad{"server", says("", 503), SemsFault::server_error},
                      Bad{"no_station", says(R"({"code":"0","data":{}})"), SemsFault::no_station},
                      Bad{"closed", says(R"({"code":"100004"})"), SemsFault::request_refused},
                      Bad{"new_code", says(R"({"code":"geheim"})"), SemsFault::unknown_code}),
    [](const auto& row) { return std::string(row.param.name); });

TEST_P(EachFault, IsToldOnceWithItsCauseAndWaits) {
    Portal portal(SemsApi::semsplus);
    portal.to_requests = {GetParam().answer};
    Site site(portal.settings());
    site.run(1, SemsState::waiting);
    EXPECT_TRUE(site.readings.empty());
    EXPECT_EQ(site.peer.status().state, SemsState::waiting);
    EXPECT_EQ(site.peer.status().cause, goodwe::name(GetParam().fault));
    EXPECT_EQ(site.peer.counters().of(GetParam().fault), 1U);
    EXPECT_EQ(portal.requests(), 1) << "a pause of a minute or more follows";
}

TEST(SemsPeer, ASlowPortalEndsInATimeout) {
    Portal portal(SemsApi::semsplus);
    portal.to_logins = {silence()};
    SemsPeerSettings settings = portal.settings();
    settings.total_timeout = milliseconds(300);
    Site site(settings);
    site.run(1, SemsState::waiting);
    EXPECT_EQ(site.peer.status().cause, "timeout");
    EXPECT_EQ(site.peer.counters().of(SemsFault::unreachable), 1U);
}

TEST(SemsPeer, APortalWithoutATrustedCertificateGetsNoPassword) {
    Portal portal(SemsApi::legacy);
    SemsPeerSettings settings = portal.settings();
    settings.ca_file.clear();
    Site site(settings);
    site.run(1, SemsState::waiting);
    EXPECT_EQ(site.peer.status().cause, "tls");
    EXPECT_TRUE(portal.seen().empty());

    Portal other(SemsApi::legacy, WebSecurity::tls_for_another_host);
    Site elsewhere(other.settings());
    elsewhere.run(1, SemsState::waiting);
    EXPECT_EQ(elsewhere.peer.status().cause, "tls");
    EXPECT_TRUE(other.seen().empty());
}

TEST(SemsPeer, WithoutEncryptionNothingIsSent) {
    Portal portal(SemsApi::legacy, WebSecurity::plain);
    Site site(portal.settings());
    site.run(1, SemsState::waiting);
    EXPECT_EQ(site.peer.status().cause, "bad_request");
    EXPECT_TRUE(portal.seen().empty());
}

TEST(SemsPeer, CredentialsThatOthersCanReadAreNotUsed) {
    Portal portal(SemsApi::semsplus);
    portal.write_credentials("owner@example.org\ngeheim-password\n", 0644);
    Site site(portal.settings());
    site.run(1);
    EXPECT_EQ(site.peer.status().state, SemsState::given_up);
    EXPECT_EQ(site.peer.status().cause, "credentials");
    EXPECT_THAT(site.peer.status().sentence, HasSubstr("chmod 600"));
    EXPECT_TRUE(portal.seen().empty());
}

TEST(SemsPeer, NobodyLogsInBeforeTheClockIsSet) {
    Portal portal(SemsApi::semsplus);
    SemsPeerSettings settings = portal.settings();
    int looks = 0;
    settings.wall_ms = [&]() -> std::optional<std::int64_t> {
        if (++looks < 3) return std::nullopt;
        return 1'800'000'000'000;
    };
    settings.clock_pause = milliseconds(5);
    Site site(settings);
    site.run(1);
    ASSERT_EQ(site.readings.size(), 1U);
    ASSERT_FALSE(site.statuses.empty());
    EXPECT_EQ(site.statuses[0].state, SemsState::waiting);
    EXPECT_EQ(site.statuses[0].cause, "clock");
    EXPECT_EQ(portal.logins(), 1);
}

TEST(SemsPeer, CredentialsOfTheServiceManagerAreUsedWhenNoFileIsNamed) {
    Portal portal(SemsApi::semsplus);
    SemsPeerSettings settings = portal.settings();
    const std::string folder = settings.credentials_file.substr(0, settings.credentials_file.rfind('/'));
    settings.credentials_file.clear();
    ::unsetenv("CREDENTIALS_DIRECTORY");
    const auto without = read_sems_once(settings);
    ASSERT_FALSE(without);
    EXPECT_THAT(without.error().sentence, HasSubstr("LoadCredential=sems:"));
    ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    EXPECT_TRUE(read_sems_once(settings));
    ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST(SemsPeer, StopsAtOnceWhileThePortalIsSilentAndStartsAnew) {
    Portal portal(SemsApi::semsplus);
    portal.to_logins = {silence()};
    Site site(portal.settings());
    site.peer.start();
    while (portal.logins() == 0) site.loop.run_one_for(milliseconds(50));
    const TimePoint before = io::now();
    site.peer.stop();
    EXPECT_EQ(site.peer.status().state, SemsState::closed);
    site.loop.restart();
    site.loop.run_for(patience);
    EXPECT_LT(io::now() - before, seconds(2)) << "nothing is left to do";
    site.loop.restart();
    site.run(1);
    EXPECT_EQ(site.readings.size(), 1U);
}

TEST(SemsPeer, AHandlerMayStopIt) {
    Portal portal(SemsApi::semsplus);
    boost::asio::io_context loop;
    io::HttpClient client(loop);
    std::unique_ptr<SemsPeer> peer;
    int readings = 0;
    peer = std::make_unique<SemsPeer>(loop, client, portal.settings(),
                                      SemsPeerHandlers{[&](const auto&, const auto&) {
                                                           ++readings;
                                                           peer.reset();
                                                       },
                                                       [](const SemsStatus&) {}});
    peer->start();
    loop.run_for(patience);
    EXPECT_EQ(readings, 1);
}

TEST(SemsOnce, GivesOneReadingOrTheFirstThingThatIsWrong) {
    Portal portal(SemsApi::legacy);
    const auto once = read_sems_once(portal.settings());
    ASSERT_TRUE(once) << once.error().sentence;
    EXPECT_EQ(once->readings.battery_current, Milliamps(2000));
    ASSERT_TRUE(once->age);
    EXPECT_LT(*once->age, seconds(20));

    SemsPeerSettings settings = portal.settings();
    settings.station.inverter = "other";
    EXPECT_EQ(read_sems_once(settings).error().cause, "no_inverter");
}

TEST(SemsOnce, OneAnswerOfTheWebPageDoesNotTellItsAge) {
    for (const std::string mark : {"2026-09-23T10:00:00", ""}) {
        Portal portal(SemsApi::semsplus);
        portal.to_requests = {says(Portal::web_reading(mark))};
        const auto once = read_sems_once(portal.settings());
        ASSERT_TRUE(once) << once.error().sentence;
        EXPECT_EQ(once->readings.battery_power, Watts(-500));
        EXPECT_EQ(once->age, std::nullopt);
        EXPECT_EQ(portal.requests(), 1);
    }
}

// After a restart in the evening the portal may still show the morning.
TEST(SemsPeer, DataThatHaveNotChangedSinceTheStartAreNoReading) {
    Portal portal(SemsApi::semsplus);
    const WebAnswer morning = says(Portal::web_reading("2026-09-23T07:55:00"));
    portal.to_requests = {morning, morning, morning, says(Portal::web_reading("2026-09-23T19:05:00"))};
    Site site(portal.settings());
    site.run(1);
    ASSERT_EQ(site.readings.size(), 1U);
    EXPECT_EQ(portal.requests(), 4);
    EXPECT_EQ(site.peer.counters().undated, 3U);
    EXPECT_EQ(site.peer.counters().readings, 1U);
    ASSERT_EQ(site.statuses.size(), 3U);
    EXPECT_EQ(site.statuses[1].state, SemsState::connecting);
    EXPECT_EQ(site.statuses[1].cause, "") << "nothing is wrong yet";
    EXPECT_THAT(site.statuses[1].sentence, HasSubstr("could be hours old"));
    EXPECT_EQ(site.statuses[2].state, SemsState::reading);
}

TEST(SemsPeer, DataThatNeverSayWhenTheyAreFromAreNoReading) {
    Portal portal(SemsApi::semsplus);
    portal.to_requests = {says(Portal::web_reading("")), says(Portal::web_reading(""))};
    Site site(portal.settings());
    site.run(1, SemsState::waiting);
    EXPECT_TRUE(site.readings.empty());
    EXPECT_EQ(site.peer.status().cause, "undated");
    EXPECT_EQ(site.peer.counters().undated, 1U);
}

TEST(SemsPeer, NoSecretIsInAnythingItSays) {
    std::string told;
    for (const SemsApi api : {SemsApi::legacy, SemsApi::semsplus}) {
        for (const WebAnswer& answer :
             {says(R"({"code":"100005","msg":"geheim-password"})"), says(R"({"code":"geheim-token"})"),
              silence(), says("geheim-token"), says("", 302)}) {
            for (const bool at_login : {true, false}) {
                Portal portal(api);
                (at_login ? portal.to_logins : portal.to_requests) = {answer};
                SemsPeerSettings settings = portal.settings();
                settings.total_timeout = milliseconds(200);
                Site site(settings);
                site.run(1, SemsState::waiting);
                for (const SemsStatus& status : site.statuses)
                    told += status.cause + ' ' + status.sentence + '\n';
                ASSERT_TRUE(site.readings.empty());
            }
        }
    }
    EXPECT_THAT(told, Not(HasSubstr("geheim")));
    EXPECT_THAT(told, Not(HasSubstr("owner@")));
    EXPECT_THAT(told, HasSubstr("password"));
}

}  // namespace
}  // namespace jkp::app
