// SPDX-License-Identifier: MIT
#include "app/json_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <mutex>
#include <optional>

#include "io/clock.hpp"
#include "io/http_client.hpp"
#include "web_server/web_server.hpp"

namespace jkp::app {
namespace {

using namespace std::chrono_literals;
using jkp::testing::WebAnswer;
using jkp::testing::WebRequest;
using jkp::testing::WebSecurity;
using jkp::testing::WebServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

meter::GridRule rule() {
    return {.power = {.plus = read_json_sum("/p").value(), .scale = -1, .minimum = -5e4, .maximum = 5e4}};
}

std::int64_t wall_ms() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// A device that says `body` until it is told otherwise.
class Device {
  public:
    explicit Device(WebSecurity security = WebSecurity::plain)
        : server([this](const WebRequest&) { return now(); }, security) {}
    void says(const std::string& body, int status = 200, bool hang = false) {
        const std::scoped_lock lock(mutex_);
        answer_ = {};
        answer_.body = body;
        answer_.status = status;
        answer_.hang = hang;
    }

  private:
    WebAnswer now() {
        const std::scoped_lock lock(mutex_);
        return answer_;
    }
    std::mutex mutex_;
    WebAnswer answer_;

  public:
    WebServer server;
};

struct Bench {
    explicit Bench(JsonSourceSettings wanted = {}, WebSecurity security = WebSecurity::plain)
        : device(security) {
        device.says(R"({"p":690})");
        settings = std::move(wanted);
        settings.url = device.server.url("/status?x=1");
        settings.poll_period = 20ms;
        if (security == WebSecurity::tls) settings.ca_file = device.server.ca_file();
        if (std::holds_alternative<meter::GridRule>(settings.rule) &&
            std::get<meter::GridRule>(settings.rule).power.plus.empty()) {
            settings.rule = rule();
        }
    }
    void start() {
        JsonSourceHandlers handlers;
        handlers.on_grid = [this](const Stamped<GridReading>& r) { readings.push_back(r); };
        handlers.on_peer = [this](const Stamped<PeerReading>& r) { batteries.push_back(r); };
        handlers.on_state = [this](bool hears, const std::string& why) {
            states.push_back(hears);
            sentence = why;
        };
        source.emplace(loop, client, settings, std::move(handlers));
        source->start();
    }
    template <class Condition>
    bool until(Condition holds) {
        const TimePoint deadline = io::now() + 10s;
        while (!holds() && io::now() < deadline) {
            loop.restart();
            loop.run_one_for(20ms);
        }
        return holds();
    }
    bool until_readings(std::size_t count) {
        return until([&] { return readings.size() >= count; });
    }

    boost::asio::io_context loop;
    io::HttpClient client{loop};
    Device device;
    JsonSourceSettings settings;
    std::vector<Stamped<GridReading>> readings;
    std::vector<Stamped<PeerReading>> batteries;
    std::vector<bool> states;
    std::string sentence;
    std::optional<JsonSource> source;
};

TEST(JsonSource, PollsTheAddressAndDeliversThePower) {
    Bench bench;
    const TimePoint before = io::now();
    bench.start();
    ASSERT_TRUE(bench.until_readings(21));
    EXPECT_EQ(bench.readings[0].value.power, Watts(-690));
    EXPECT_GE(bench.readings[0].at, before);
    EXPECT_LE(bench.readings[20].at, io::now());
    EXPECT_GE(bench.readings[20].at - bench.readings[0].at, 100ms)
        << "one each 10 ms, although the first may have come late";
    EXPECT_THAT(bench.states, ElementsAre(true));
    EXPECT_THAT(bench.sentence, HasSubstr("answers"));
    EXPECT_TRUE(bench.source->hears());
    EXPECT_EQ(bench.device.server.requests().at(0).target, "/status?x=1");
    EXPECT_EQ(bench.device.server.requests().at(0).method, "GET");
}

TEST(JsonSource, DeliversTheBatteryOfASecondInverter) {
    JsonSourceSettings settings;
    settings.rule = meter::PeerRule{.power = rule().power};
    Bench bench(settings);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.batteries.empty(); }));
    EXPECT_EQ(bench.batteries[0].value.power, Watts(-690));
    EXPECT_TRUE(bench.readings.empty());
}

TEST(JsonSource, TheTimeOfTheSourceMakesAValueAsOldAsItIs) {
    Bench bench;
    meter::GridRule with_time = rule();
    with_time.common.time = read_json_path("/t");
    bench.settings.rule = with_time;
    bench.device.says(R"({"p":1,"t":)" + std::to_string(wall_ms() - 7000) + "}");
    bench.start();
    ASSERT_TRUE(bench.until_readings(1));
    EXPECT_GE(bench.readings[0].age(io::now()), 6900ms);
    EXPECT_LE(bench.readings[0].age(io::now()), 30s);
}

TEST(JsonSource, AClockThatIsAheadIsToldAndItsValuesAreNotUsed) {
    Bench bench;
    meter::GridRule with_time = rule();
    with_time.common.time = read_json_path("/t");
    bench.settings.rule = with_time;
    bench.device.says(R"({"p":1,"t":)" + std::to_string(wall_ms() + 3'600'000) + "}");
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.states.empty(); }));
    EXPECT_TRUE(bench.readings.empty());
    EXPECT_THAT(bench.sentence, HasSubstr("s ahead of ours"));
    EXPECT_EQ(bench.source->counters().wrong_clock, 1U);
}

TEST(JsonSource, AValueThatStandsStillAgesAlthoughTheClockOfTheDeviceIsAhead) {
    Bench bench;
    meter::GridRule with_time = rule();
    with_time.common.time = read_json_path("/t");
    bench.settings.rule = with_time;
    bench.device.says(R"({"p":1,"t":)" + std::to_string(wall_ms() + 30'000) + "}");
    bench.start();
    ASSERT_TRUE(bench.until_readings(4));
    const Duration later = bench.readings.back().at - bench.readings.front().at;
    EXPECT_LE(later, 5ms) << "the same value was measured at the same time";
}

// D4: nothing is invented, nothing waits, and it goes on when the device is back.
TEST(JsonSource, D4WhatCannotBeUsedIsCountedAndNeverDelivered) {
    Bench bench;
    bench.settings.silent_after = 0ms;
    bench.start();
    ASSERT_TRUE(bench.until_readings(1));
    bench.device.says(R"({"p":"unavailable"})");
    ASSERT_TRUE(bench.until([&] { return bench.source->counters().of(meter::JsonError::no_value) >= 1; }));
    EXPECT_FALSE(bench.source->hears());
    EXPECT_THAT(bench.sentence, HasSubstr("at /p is \"unavailable\": the source has no value now"));
    const std::size_t before = bench.readings.size();
    bench.device.says("<html>busy</html>", 503);
    ASSERT_TRUE(bench.until([&] { return bench.source->counters().bad_status >= 1; }));
    EXPECT_EQ(bench.readings.size(), before);
    bench.device.says(R"({"p":5})");
    ASSERT_TRUE(bench.until_readings(before + 1));
    EXPECT_EQ(bench.readings.back().value.power, Watts(-5));
    EXPECT_TRUE(bench.source->hears());
}

TEST(JsonSource, D4ADeviceThatAcceptsAndSaysNothingBlocksNothing) {
    Bench bench;
    bench.settings.timeout = 100ms;
    bench.device.says("", 200, true);
    bench.start();
    int turns = 0;
    ASSERT_TRUE(bench.until([&] { return ++turns > 1 && bench.source->counters().unanswered >= 1; }));
    EXPECT_TRUE(bench.readings.empty());
    EXPECT_FALSE(bench.source->hears());
    EXPECT_GT(turns, 2) << "the loop goes on";
}

TEST(JsonSource, NobodyAtTheAddressIsTold) {
    Bench bench;
    bench.settings.url = "http://127.0.0.1:1/";
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.states.empty(); }));
    EXPECT_THAT(bench.states, ElementsAre(false));
    EXPECT_THAT(bench.sentence, HasSubstr("127.0.0.1:1"));
}

TEST(JsonSource, AShortFailureIsNoChangeOfState) {
    Bench bench;
    bench.start();
    ASSERT_TRUE(bench.until_readings(1));
    bench.device.says("", 500);
    ASSERT_TRUE(bench.until([&] { return bench.source->counters().bad_status >= 2; }));
    EXPECT_THAT(bench.states, ElementsAre(true));
}

TEST(JsonSource, ABearerTokenComesFromAFileAndIsNeverTold) {
    io::testing::TemporaryFolder folder;
    std::ofstream(folder.file("token")) << "s3cret-token\n";
    ::chmod(folder.file("token").c_str(), 0600);
    JsonSourceSettings settings;
    settings.auth = JsonSourceAuth::bearer;
    settings.secret_file = folder.file("token");
    Bench bench(settings, WebSecurity::tls);
    bench.start();
    ASSERT_TRUE(bench.until_readings(1)) << bench.sentence;
    EXPECT_EQ(bench.device.server.requests().at(0).header("Authorization"), "Bearer s3cret-token");
    bench.device.says("", 401);
    bench.source.reset();
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.states.back(); }));
    EXPECT_THAT(bench.sentence, HasSubstr("not allowed; look at auth and secret_file"));
    EXPECT_THAT(bench.sentence, Not(HasSubstr("s3cret")));
    const std::size_t asked = bench.device.server.requests().size();
    const TimePoint end = io::now() + 200ms;
    bench.until([&] { return io::now() >= end; });
    EXPECT_EQ(bench.device.server.requests().size(), asked) << "a device that refuses is left alone";
}

TEST(JsonSource, ASecretThatOthersCanReadIsNotUsed) {
    io::testing::TemporaryFolder folder;
    std::ofstream(folder.file("token")) << "s3cret-token\n";
    ::chmod(folder.file("token").c_str(), 0644);
    JsonSourceSettings settings;
    settings.auth = JsonSourceAuth::bearer;
    settings.secret_file = folder.file("token");
    Bench bench(settings);
    bench.start();
    ASSERT_TRUE(bench.until([&] { return !bench.states.empty(); }));
    EXPECT_THAT(bench.sentence, HasSubstr("Run chmod 600"));
    EXPECT_TRUE(bench.device.server.requests().empty());
}

TEST(JsonSource, MayBeStoppedStartedAndLetGoOfInsideItsHandler) {
    Bench bench;
    bench.start();
    ASSERT_TRUE(bench.until_readings(1));
    bench.source->stop();
    EXPECT_FALSE(bench.source->hears());
    bench.source->start();
    ASSERT_TRUE(bench.until_readings(2));
    std::optional<JsonSource> own;
    own.emplace(
        bench.loop, bench.client, bench.settings,
        JsonSourceHandlers{.on_grid = [&](const auto&) { own.reset(); }, .on_peer = {}, .on_state = {}});
    own->start();
    EXPECT_TRUE(bench.until([&] { return !own; }));
}

}  // namespace
}  // namespace jkp::app
