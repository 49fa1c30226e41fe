// SPDX-License-Identifier: MIT
// Meters and inverters that are heard at a broker, and the check of a broker by hand.
#include "app/mqtt_source.hpp"

#include <gmock/gmock.h>

#include <chrono>

#include "app/mqtt_once.hpp"
#include "app/site_sources.hpp"
#include "config/load.hpp"
#include "mqtt/watcher.hpp"

namespace jkp::app {
namespace {

using namespace jkp::testing;
using ::testing::HasSubstr;
using ::testing::SizeIs;

meter::GridRule rule(bool with_time = false) {
    meter::GridRule rule{
        .power = {.plus = read_json_sum("/p").value(), .scale = -1, .minimum = -5e4, .maximum = 5e4}};
    if (with_time) rule.common.time = read_json_path("/time").value();
    return rule;
}

std::string seconds_ago(int seconds) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    return std::to_string(now.count() - 1000 * seconds);
}

struct Source {
    Source(Loop& loop, const Broker& broker, const meter::GridRule& rule, Duration silent_after = 30s) {
        JsonSourceHandlers handlers;
        handlers.on_grid = [this](const Stamped<GridReading>& r) { readings.push_back(r); };
        handlers.on_state = [this](bool good, const std::string& s) {
            states.push_back((good ? "+" : "-") + s);
        };
        source = std::make_unique<MqttSource>(
            loop.context,
            MqttSourceSettings{settings_for(broker, "source"), "house/meter", rule, silent_after},
            std::move(handlers));
        source->start();
    }
    std::vector<Stamped<GridReading>> readings;
    std::vector<std::string> states;
    std::unique_ptr<MqttSource> source;
};

TEST(Source, DeliversWhatTheTopicTellsAndCountsTheRest) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "none");
    Source us(loop, broker, rule());
    ASSERT_TRUE(loop.until([&] {
        watcher.say("house/meter", R"({"p":690})");
        return !us.readings.empty();
    }));
    EXPECT_EQ(us.readings[0].value.power, Watts(-690));
    EXPECT_LT(io::now() - us.readings[0].at, 5s);
    EXPECT_TRUE(us.source->hears());
    const std::size_t before = us.readings.size();
    for (const char* bad : {R"({"p":"unavailable"})", "", "off", R"({"q":1})"})
        watcher.say("house/meter", bad);
    ASSERT_TRUE(loop.until([&] { return us.source->counters().unusable == 4; }));
    const auto& counters = us.source->counters();
    EXPECT_EQ(counters.requests, counters.readings + counters.unusable);
    EXPECT_GE(us.readings.size(), before);
    EXPECT_EQ(counters.of(meter::JsonError::no_value), 1U);
}

TEST(Source, AKeptValueWithoutATimeOfItsOwnDoesNotCount) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "house/#");
    watcher.say("house/meter", R"({"p":690})", true);
    ASSERT_TRUE(watcher.sees("house/meter", R"({"p":690})"));
    Source us(loop, broker, rule());
    ASSERT_TRUE(loop.until([&] { return us.source->counters().kept == 1; }));
    EXPECT_THAT(us.readings, SizeIs(0));
    watcher.say("house/meter", R"({"p":100})", true);
    ASSERT_TRUE(loop.until([&] { return !us.readings.empty(); }))
        << "it is new when it comes while we listen";
    EXPECT_EQ(us.readings[0].value.power, Watts(-100));
}

TEST(Source, AKeptValueThatTellsItsTimeIsAsOldAsItSays) {
    Loop loop;
    const Broker broker;
    Watcher watcher(loop, broker, "house/#");
    const std::string old = R"({"p":690,"time":)" + seconds_ago(100) + "}";
    watcher.say("house/meter", old, true);
    ASSERT_TRUE(watcher.sees("house/meter", old));
    Source us(loop, broker, rule(true));
    ASSERT_TRUE(loop.until([&] { return !us.readings.empty(); }));
    EXPECT_GE(io::now() - us.readings[0].at, 99s);
    EXPECT_LE(io::now() - us.readings[0].at, 130s);
}

TEST(Source, SilenceIsToldWithItsReason) {
    Loop loop;
    Broker broker;
    Source silent(loop, broker, rule(), 100ms);
    ASSERT_TRUE(loop.until([&] { return !silent.states.empty(); }));
    EXPECT_THAT(silent.states[0], HasSubstr("-Nothing is heard of topic house/meter at localhost:"));
    Watcher watcher(loop, broker, "none");
    ASSERT_TRUE(loop.until([&] {
        watcher.say("house/meter", R"({"p":"x"})");
        return silent.states.size() > 1;
    }));
    EXPECT_THAT(silent.states[1], HasSubstr("/p"));
    broker.kill();
    ASSERT_TRUE(loop.until([&] { return silent.states.back().find("Cannot reach") != std::string::npos; }));
    EXPECT_FALSE(silent.source->hears());
}

TEST(Source, TheSiteHearsMeterAndSecondBatteryAtTheBroker) {
    Loop loop;
    const Broker broker;
    const auto settings = config::load(
        "[[pack]]\nport = \"/dev/ttyUSB0\"\nmax_charge_a = 60\nmax_discharge_a = 60\n"
        "[mqtt]\nhost = \"localhost\"\nport = " +
            std::to_string(broker.port()) +
            "\n[meter]\nkind = \"json\"\n[meter.json]\ntopic = \"evcc/site/grid/power\"\npower = \"plain\"\n"
            "positive = \"import\"\n[peer.json]\ntopic = \"evcc/site/battery/power\"\npower = \"plain\"\n"
            "positive = \"discharge\"\n",
        "site.toml");
    ASSERT_TRUE(settings) << config::format(settings.error());
    std::optional<Watts> grid;
    std::optional<PeerReading> peer;
    SiteSources sources(loop.context, *settings,
                        {.on_grid = [&](const auto& reading) { grid = reading.value.power; },
                         .on_peer =
                             [&](control::PeerSource source, const auto& reading) {
                                 EXPECT_EQ(source, control::PeerSource::json);
                                 peer = reading.value;
                             },
                         .on_state = [](const auto&, bool, const auto&) {}});
    sources.start();
    Watcher watcher(loop, broker, "none");
    ASSERT_TRUE(loop.until([&] {
        watcher.say("evcc/site/grid/power", "320.5");
        watcher.say("evcc/site/battery/power", "-1500");
        return grid && peer;
    }));
    EXPECT_EQ(grid, Watts(-321));
    EXPECT_EQ(peer->power, Watts(1500));
    const auto views = sources.views();
    ASSERT_THAT(views, SizeIs(2));
    EXPECT_EQ(views[0].name, "meter");
    EXPECT_EQ(views[0].state, "good");
    EXPECT_EQ(views[1].name, "json");
    config::Settings other = *settings;
    other.mqtt.port = free_port();
    sources.adopt(other);
    EXPECT_EQ(sources.views()[0].state, "unknown") << "made anew for the other broker";
}

TEST(Once, AMessageGoesThereAndBack) {
    const Broker broker;
    const auto took = mqtt_once(settings_for(broker), "p/s", 30s);
    ASSERT_TRUE(took) << took.error().sentence;
    EXPECT_LT(*took, 30s);
}

TEST(Once, SaysWhatFailed) {
    const Broker nobody({.started = false});
    const auto refused = mqtt_once(settings_for(nobody), "p/s", 30s);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().cause, "connect");

    const Broker strict({.user = "me", .password = "secret"});
    const auto login = mqtt_once(settings_for(strict), "p/s", 30s);
    ASSERT_FALSE(login);
    EXPECT_EQ(login.error().cause, "login");

    Broker hung;
    hung.pause();
    const auto silent = mqtt_once(settings_for(hung), "p/s", 500ms);
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().cause, "patience");
}

TEST(Once, SaysThatTheAccessListForbidsIt) {
    Broker broker({.started = false});
    const std::string list = broker.secret("acl", "topic readwrite other/#\n");
    Broker forbidding({.more = "acl_file " + list + "\n"});
    const auto took = mqtt_once(settings_for(forbidding), "p/s", 2s);
    ASSERT_FALSE(took);
    EXPECT_EQ(took.error().cause, "read_back");
    EXPECT_THAT(took.error().sentence, HasSubstr("access list"));
}

}  // namespace
}  // namespace jkp::app
