// SPDX-License-Identifier: MIT
// Another configuration disturbs only what it changes.
#include "app/site_sources.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <fstream>

#include "io/clock.hpp"
#include "meter/encode_speedwire.hpp"

namespace jkp::app {
namespace {

using boost::asio::ip::udp;
const auto loopback = boost::asio::ip::address_v4::loopback();

std::uint16_t free_port() {
    boost::asio::io_context context;
    return udp::socket(context, udp::endpoint(loopback, 0)).local_endpoint().port();
}

class AdoptedSources : public testing::Test {
  protected:
    // Nobody listens at port 1.
    AdoptedSources() {
        settings.meter.kind = config::MeterKind::sma;
        settings.meter.interface = "lo";
        settings.meter.port = free_port();
        settings.peer_json.url = "http://127.0.0.1:1/";
        settings.peer_json.power = "/power";
        settings.peer_json.positive = config::JsonSign::in;
        settings.portal.station = "station";
        settings.portal.base_url = "https://127.0.0.1:1/";
        settings.portal.credentials_file = secret("sems", "");
    }
    static std::string secret(const std::string& name, const std::string& text) {
        const std::string path = testing::TempDir() + "site_sources_" + name;
        std::ofstream(path) << text;
        EXPECT_EQ(::chmod(path.c_str(), 0600), 0);
        return path;
    }
    void make() {
        SiteHandlers handlers;
        handlers.on_grid = [](const Stamped<GridReading>&) {};
        handlers.on_peer = [](control::PeerSource, const Stamped<PeerReading>&) {};
        handlers.on_state = [this](const std::string& source, bool, const std::string& sentence) {
            told.push_back(source + ": " + sentence);
        };
        sources.emplace(loop, settings, std::move(handlers));
        sources->start();
    }
    template <class Condition>
    bool until(Condition holds) {
        const TimePoint deadline = io::now() + std::chrono::seconds(10);
        while (!holds() && io::now() < deadline) {
            loop.restart();
            loop.run_one_for(std::chrono::milliseconds(20));
        }
        return holds();
    }
    [[nodiscard]] std::uint64_t count(const std::string& source, std::string_view name) const {
        for (const report::LinkView& view : sources->views()) {
            if (view.name != source) continue;
            for (const report::NamedCount& each : view.counters) {
                if (each.name == name) return each.count;
            }
        }
        ADD_FAILURE() << source << " has no " << name;
        return 0;
    }
    [[nodiscard]] std::size_t times(std::string_view part) const {
        return static_cast<std::size_t>(std::ranges::count_if(
            told, [&](const std::string& line) { return line.find(part) != std::string::npos; }));
    }
    void send_reading() {
        udp::socket socket(loop, udp::v4());
        socket.send_to(
            boost::asio::buffer(meter::encode_speedwire(meter::simulated_reading({.serial = 3'000'000'042,
                                                                                  .ticker_ms = ticker += 1000,
                                                                                  .grid = Watts(500),
                                                                                  .imported = {},
                                                                                  .exported = {}}))),
            udp::endpoint(loopback, static_cast<std::uint16_t>(settings.meter.port)));
    }

    boost::asio::io_context loop;
    config::Settings settings;
    std::optional<SiteSources> sources;
    std::vector<std::string> told;
    std::uint32_t ticker = 0;
};

TEST_F(AdoptedSources, OneThatIsCorrectedLeavesTheOthersAlone) {
    make();
    ASSERT_TRUE(until([this] { return send_reading(), count("meter", "readings") > 0; }));
    ASSERT_TRUE(until([this] { return count("json", "unanswered") == 1; }));
    settings.peer_json.power = "/battery/power";
    sources->adopt(settings);
    EXPECT_GT(count("meter", "readings"), 0U) << "the meter that was found is kept";
    EXPECT_EQ(count("json", "unanswered"), 0U) << "this one begins anew";
    EXPECT_TRUE(until([this] { return count("json", "unanswered") == 1; }));
}

TEST_F(AdoptedSources, OneThatIsTakenOutIsGoneAndMayComeBack) {
    make();
    const auto portal = settings.portal;
    settings.portal = {};
    sources->adopt(settings);
    EXPECT_EQ(sources->views().size(), 2U);
    settings.portal = portal;
    sources->adopt(settings);
    EXPECT_EQ(sources->views().size(), 3U);
}

TEST_F(AdoptedSources, APortalThatWasGivenUpIsTriedAgainWithEachAdoption) {
    make();
    ASSERT_TRUE(until([this] { return times("sems: ") == 1; }));
    EXPECT_EQ(count("sems", "logins"), 0U) << told.front();
    secret("sems", "owner@example.org\nsecret-word\n");
    sources->adopt(settings);
    EXPECT_TRUE(until([this] { return count("sems", "logins") == 1; }));
    ASSERT_TRUE(until([this] { return count("sems", "faults") == 1; }));
    sources->adopt(settings);
    EXPECT_EQ(count("sems", "logins"), 1U) << "it was not given up, and is not disturbed";
}

TEST_F(AdoptedSources, TheSecretFileIsReadAnewWithEachAdoption) {
    settings.peer_json.auth = config::JsonAuth::bearer;
    settings.peer_json.secret_file = secret("token", "");
    make();
    ASSERT_TRUE(until([this] { return times("json: ") == 1; }));
    EXPECT_EQ(count("json", "requests"), 0U);
    secret("token", "secret-word\n");
    sources->adopt(settings);
    EXPECT_TRUE(until([this] { return count("json", "requests") == 1; }));
}

}  // namespace
}  // namespace jkp::app
