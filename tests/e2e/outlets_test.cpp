// SPDX-License-Identifier: MIT
// What the running program shows to the world, and what it takes from there: HTTP, history, a real broker
// that comes and goes. The bus never notices.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <regex>

#include "e2e/site.hpp"
#include "http/client.hpp"
#include "io/mqtt_client.hpp"
#include "mqtt/broker.hpp"
#include "prometheus/child.hpp"

namespace jkp::e2e {
namespace {

using nlohmann::json;
using pylontech::Limits;
using ::testing::HasSubstr;
namespace web = jkp::testing;

constexpr const char* token = "0123456789abcdef0123456789";

std::uint16_t web_port(Site& site) {
    std::size_t at = std::string::npos;
    const std::string begin = "the dashboard is at http://127.0.0.1:";
    site.until([&] { return (at = site.log().rfind(begin)) != std::string::npos; });
    return at == std::string::npos
               ? std::uint16_t{0}
               : static_cast<std::uint16_t>(std::stoi(site.log().substr(at + begin.size())));
}

std::string get(Site& site, const std::string& target) {
    return web::Client::once(web_port(site), web::Client::get(target)).body;
}

json order(Site& site, const std::string& body, const std::string& with = token) {
    const std::string request =
        "POST /api/v1/commands HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + with +
        "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
        body;
    const web::Reply reply = web::Client::once(web_port(site), request);
    json answer = json::parse(reply.body, nullptr, false);
    answer["status"] = reply.status;
    return answer;
}

std::string secret(Site& site, const std::string& name, const std::string& text) {
    std::ofstream(site.file(name)) << text << '\n';
    ::chmod(site.file(name).c_str(), 0600);
    return site.file(name);
}

// A second client of the broker, on the loop of the site.
class Ear {
  public:
    Ear(World& world, const web::Broker& broker, const std::string& filter)
        : client(world.loop, settings(broker),
                 {.on_connected = nullptr,
                  .on_failure = nullptr,
                  .on_message = [this](const io::MqttArrival& m) {
                      last[m.topic] = m.payload;
                      ++count[m.topic];
                  }}) {
        client.subscribe(filter, 1);
        client.start();
    }
    io::MqttClient client;
    std::map<std::string, std::string> last;
    std::map<std::string, int> count;

  private:
    static io::MqttClientSettings settings(const web::Broker& broker) {
        io::MqttClientSettings s;
        s.host = "127.0.0.1";
        s.port = broker.port();
        s.client_id = "ear";
        s.first_pause = milliseconds(50);
        s.longest_pause = milliseconds(200);
        return s;
    }
};

std::string broker_table(const web::Broker& broker) {
    return "[mqtt]\nhost = \"127.0.0.1\"\nport = " + std::to_string(broker.port()) + "\n";
}

// The longest time between two bursts from frame number `from` on.
Duration longest_gap(const Site& site, std::size_t from) {
    const auto bursts = site.all<Limits>(from);
    Duration longest{};
    for (std::size_t i = 1; i < bursts.size(); ++i) {
        longest = std::max(longest, bursts[i].at - bursts[i - 1].at);
    }
    return longest;
}

// A file system of this process and its children alone, and full; absent without the rights for it.
class FullDisk {
  public:
    explicit FullDisk(std::string place) : place_(std::move(place)) {
        std::filesystem::create_directory(place_);
        mounted_ = ::geteuid() == 0 && ::unshare(CLONE_NEWNS) == 0 &&
                   ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                   ::mount("none", place_.c_str(), "tmpfs", 0, "size=64k") == 0;
        std::ofstream(place_ + "/ballast") << std::string(1 << 20, 'x');
    }
    ~FullDisk() {
        if (mounted_) ::umount2(place_.c_str(), MNT_DETACH);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;
    [[nodiscard]] bool mounted() const { return mounted_; }

  private:
    std::string place_;
    bool mounted_ = false;
};

// How far the 99th of 100 times between two bursts is from the median.
Duration jitter(const Site& site, std::size_t from) {
    const auto bursts = site.all<Limits>(from);
    std::vector<Duration> gaps;
    for (std::size_t i = 1; i < bursts.size(); ++i) gaps.push_back(bursts[i].at - bursts[i - 1].at);
    if (gaps.size() < 20) return Duration::max();
    std::ranges::sort(gaps);
    return gaps[gaps.size() * 99 / 100] - gaps[gaps.size() / 2];
}

constexpr Duration steady = slowness * milliseconds(1300);  // bursts come each second at the latest

TEST(Outlets, TheWebShowsWhatTheBusShows) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const json snapshot = json::parse(get(site, "/api/v1/snapshot"));
    EXPECT_EQ(snapshot["battery"]["charge"]["limit_a"], charge_a(*site.last<Limits>()));
    EXPECT_EQ(snapshot["writable"], false);
    EXPECT_EQ(snapshot["commands"].size(), 6U);
    EXPECT_THAT(get(site, "/metrics"), HasSubstr("jk_pylon_charge_limit_amperes"));
    EXPECT_THAT(get(site, "/api/v1/events?lang=de"), HasSubstr("Erste vollständige Messwerte"));
    EXPECT_THAT(get(site, "/"), HasSubstr("<!doctype html>"));
}

// A test of promtool in which the samples of this text stay as they are for an hour, and no alert may fire.
std::string quiet_test(const std::string& metrics, const std::string& rules) {
    std::string test = "rule_files: [rules.yml]\nevaluation_interval: 1m\ntests:\n  - interval: 15s\n";
    test += "    input_series:\n      - {series: 'up{job=\"jk-pylon\"}', values: '1x240'}\n";
    std::istringstream lines(metrics);
    for (std::string line; std::getline(lines, line);) {
        const std::size_t end = line.rfind(' ');
        if (line.starts_with('#') || end == std::string::npos) continue;
        test += "      - {series: '" + line.substr(0, end) + "', values: '" +
                std::to_string(std::stod(line.substr(end))) + "x240'}\n";
    }
    test += "    alert_rule_test:\n";
    const std::regex alert("- alert: (\\w+)");
    for (std::sregex_iterator it(rules.begin(), rules.end(), alert), last; it != last; ++it)
        test += "      - {eval_time: 50m, alertname: " + (*it)[1].str() + "}\n";
    return test;
}

TEST(Outlets, EveryHealthyLinkIsUpInTheMetricsAndGoodInTheSnapshotAndNoAlertFires) {
    World world;
    web::Broker broker;
    Site site(world);
    SiteConfig config;
    config.more = broker_table(broker) + "[notify]\nenabled = true\nurl_file = \"" +
                  secret(site, "hook", "http://127.0.0.1:" + std::to_string(web::free_port())) + "\"\n";
    site.write_config(config);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_log("mqtt: ")) << site.log();
    json snapshot;
    const auto all_good = [&] {
        snapshot = json::parse(get(site, "/api/v1/snapshot"));
        const json& outlets = snapshot["outlets"];
        return std::ranges::all_of(outlets, [](const json& link) { return link["good"] == true; });
    };
    ASSERT_TRUE(site.until(all_good)) << snapshot["outlets"];
    EXPECT_EQ(snapshot["outlets"].size(), 4U) << snapshot["outlets"];
    EXPECT_EQ(snapshot["packs"][0]["link"]["good"], true);
    EXPECT_EQ(snapshot["can"]["link"]["good"], true);

    const std::string metrics = get(site, "/metrics");
    const std::string up = "jk_pylon_link_up{kind=\"";
    for (const char* outlet : {"history", "mqtt", "notify", "web"})
        EXPECT_THAT(metrics, HasSubstr(up + "outlet\",link=\"" + outlet + "\"} 1\n"));
    EXPECT_THAT(metrics, HasSubstr(up + "pack\",link=\"bank\"} 1\n"));
    EXPECT_THAT(metrics, HasSubstr(up + "can\",link=\"" + site.file("can") + "\"} 1\n"));

    const std::string promtool = "/usr/bin/promtool";
    if (!web::is_installed(promtool)) GTEST_SKIP() << promtool << " is not installed";
    const std::string rules = contents(JKP_SOURCE_DIR "/packaging/prometheus/jk-pylon.rules.yml");
    std::ofstream(site.file("rules.yml")) << rules;
    std::ofstream(site.file("quiet.yml")) << quiet_test(metrics, rules);
    web::Child check({promtool, "test", "rules", site.file("quiet.yml")});
    EXPECT_EQ(check.exit_code(seconds(60)), 0) << check.output();
}

TEST(Outlets, AReloadTakesTheNewTokenAndTheNewAddressFromFilesThatWereChanged) {
    World world;
    Site site(world);
    const std::string hook = secret(site, "hook", "too open");
    ::chmod(hook.c_str(), 0644);
    SiteConfig config;
    config.more = "[web]\nport = 0\nwrite_token_file = \"" + secret(site, "token", token) +
                  "\"\n[commands]\nallow = [\"pause\"]\n[notify]\nenabled = true\nurl_file = \"" + hook +
                  "\"\n";
    site.write_config(config);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ASSERT_TRUE(site.until_log("nobody is notified")) << site.log();
    const auto notified = [&] {
        const json snapshot = json::parse(get(site, "/api/v1/snapshot"), nullptr, false);
        for (const json& link : snapshot.value("outlets", json::array())) {
            if (link["name"] == "notify") return link["good"] == true;
        }
        return false;
    };
    EXPECT_FALSE(notified());
    secret(site, "hook", "http://127.0.0.1:" + std::to_string(web::free_port()));
    secret(site, "token", std::string(token) + "-new");
    site.child->signal(SIGHUP);
    ASSERT_TRUE(site.until_log("the dashboard is at", 2)) << site.log();
    EXPECT_TRUE(site.until(notified)) << site.log();
    EXPECT_EQ(order(site, R"({"command":"pause","value":true})")["status"], 401) << "the old one";
    EXPECT_EQ(order(site, R"({"command":"pause","value":true})", std::string(token) + "-new")["status"], 200);
}

TEST(Outlets, AnOrderOverHttpNeedsTheTokenAndThePermissionAndIsOnTheBusAtOnce) {
    World world;
    Site site(world);
    const std::string file = secret(site, "token", token);
    SiteConfig config;
    config.more =
        "[web]\nport = 0\nwrite_token_file = \"" + file + "\"\n[commands]\nallow = [\"max_charge_a\"]\n";
    site.write_config(config);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    EXPECT_EQ(order(site, R"({"command":"max_charge_a","value":20})", "wrong-token-of-some-length")["status"],
              401);
    EXPECT_EQ(order(site, R"({"command":"pause","value":true})")["status"], 403);
    const json answer = order(site, R"({"command":"max_charge_a","value":20})");
    EXPECT_EQ(answer["status"], 200);
    EXPECT_EQ(answer["effective"], 20.0);
    ASSERT_TRUE(site.until_limits(20, 60)) << site.log();
    EXPECT_TRUE(site.until_log("command max_charge_a 20.0 A by http 127.0.0.1")) << site.log();
    EXPECT_THAT(site.log(), ::testing::Not(HasSubstr(token)));
}

TEST(Outlets, HistoryAndTheNumbersOfEventsGoOnAfterARestart) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const json before = json::parse(get(site, "/api/v1/events"));
    ASSERT_FALSE(before["events"].empty());
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended());
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const json after = json::parse(get(site, "/api/v1/events?limit=500"));
    EXPECT_GT(after["events"].front()["id"], before["events"].front()["id"]);
    EXPECT_EQ(after["events"].back()["id"], 1);
    const Answer events = site.run({"events", "--file", site.file("history.db")});
    EXPECT_EQ(events.exit_code, 0) << events.errors;
    EXPECT_THAT(events.output, HasSubstr("first complete reading"));
}

TEST(Outlets, D14ABrokerThatIsAbsentDiesOrHangsChangesNothingOnTheBus) {
    World world;
    web::Broker broker({.started = false});
    Site site(world, {.more = broker_table(broker)});
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    std::size_t from = site.frames.size();
    world.pass(seconds(3));
    EXPECT_LE(longest_gap(site, from), steady) << "absent";

    broker.start();
    Ear ear(world, broker, "jk-pylon/home/#");
    const TimePoint back = io::now();
    ASSERT_TRUE(site.until([&] { return ear.last["jk-pylon/home/limits/charge_limit_a"] == "60.0"; }))
        << site.log();
    EXPECT_LE(io::now() - back, slowness * seconds(5)) << "whole within 5 s";
    EXPECT_EQ(ear.last["jk-pylon/home/status"], "online");

    from = site.frames.size();
    broker.kill();
    world.pass(seconds(3));
    EXPECT_LE(longest_gap(site, from), steady) << "dead";
    broker.start();
    const TimePoint again = io::now();
    ear.last.clear();
    ASSERT_TRUE(site.until([&] { return ear.last["jk-pylon/home/limits/charge_limit_a"] == "60.0"; }))
        << site.log();
    EXPECT_LE(io::now() - again, slowness * seconds(5));

    from = site.frames.size();
    broker.pause();
    world.pass(seconds(5));
    EXPECT_LE(longest_gap(site, from), steady) << "hung";
    broker.resume();
    site.child->signal(SIGTERM);
    EXPECT_TRUE(site.until_ended());
}

TEST(Outlets, TenWatchersOfLiveValuesCostLittleAndDelayNothing) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    std::vector<std::unique_ptr<web::Client>> watchers;
    for (int i = 0; i < 10; ++i) {
        watchers.push_back(std::make_unique<web::Client>(web_port(site)));
        watchers.back()->send(web::Client::get("/api/v1/live", "Accept: text/event-stream\r\n"));
    }
    const std::size_t from = site.frames.size();
    const double before = site.child->cpu_seconds();
    world.pass(seconds(5));
    EXPECT_LE(longest_gap(site, from), steady);
    EXPECT_THAT(watchers.back()->read_until("event: snapshot"), HasSubstr("event: snapshot"));
    const long resident_kb = site.child->status_number("VmRSS");
    RecordProperty("resident_kb", static_cast<int>(resident_kb));
    if (slowness == 1) {
        EXPECT_LT(resident_kb, 24 * 1024);
        EXPECT_LT(site.child->cpu_seconds() - before, 0.5) << "of 5 s, with a poll each 250 ms";
    }
    EXPECT_LE(site.child->status_number("Threads"), slowness == 1 ? 4 : 5)
        << "the loop, the state file, writer and reader of the history";
}

TEST(Outlets, D14TenClientsADeadBrokerAndAFullDiskChangeNoTiming) {
    World world;
    const std::uint16_t nobody = web::free_port();
    Site site(world);
    const FullDisk disk(site.file("disk"));
    if (!disk.mounted()) GTEST_SKIP() << "needs root for a small tmpfs";
    SiteConfig config;
    config.more = "[web]\nenabled = false\n[history]\nenabled = false\n";
    site.write_config(config);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    std::size_t from = site.frames.size();
    world.pass(seconds(10));
    const Duration alone = jitter(site, from);
    site.child->signal(SIGTERM);
    ASSERT_TRUE(site.until_ended());

    config.more = "[web]\nport = 0\n[history]\nfile = \"" + site.file("disk/history.db") +
                  "\"\n[mqtt]\nhost = \"127.0.0.1\"\nport = " + std::to_string(nobody) + "\n";
    site.write_config(config);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    std::vector<std::unique_ptr<web::Client>> watchers;
    for (int i = 0; i < 10; ++i) {
        watchers.push_back(std::make_unique<web::Client>(web_port(site)));
        watchers.back()->send(web::Client::get("/api/v1/live", "Accept: text/event-stream\r\n"));
    }
    EXPECT_TRUE(site.until_log("history: ")) << site.log();
    from = site.frames.size();
    world.pass(seconds(10));
    const Duration loaded = jitter(site, from);
    RecordProperty("alone_ms", static_cast<int>(jkp::milliseconds(alone)));
    RecordProperty("loaded_ms", static_cast<int>(jkp::milliseconds(loaded)));
    EXPECT_LE(loaded, alone + slowness * milliseconds(50)) << site.log();
}

TEST(Outlets, AnOrderOverMqttIsAnsweredOnceAndOneThatTheBrokerKeptIsRefused) {
    World world;
    web::Broker broker;
    Site site(world, {.more = broker_table(broker) + "[commands]\nallow = [\"pause\"]\n"});
    Ear ear(world, broker, "jk-pylon/home/command/#");
    ASSERT_TRUE(site.until([&] { return ear.client.connected(); }));
    const std::string set = "jk-pylon/home/command/pause/set";
    ear.client.publish({set, "ON", 1, true});  // kept by the broker, before anybody listens
    ASSERT_TRUE(site.until([&] { return ear.count[set] == 1; }));
    site.start();
    const std::string result = "jk-pylon/home/command/pause/result";
    ASSERT_TRUE(site.until([&] { return ear.count[result] == 1; })) << site.log();
    EXPECT_EQ(json::parse(ear.last[result])["ok"], false);
    EXPECT_TRUE(site.until_log("mosquitto_pub -r -n -t '" + set)) << site.log();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    ear.client.publish({set, "ON", 1, false});
    ASSERT_TRUE(site.until_limits(0, 0)) << site.log();
    ASSERT_TRUE(site.until([&] { return ear.count[result] == 2; }));
    EXPECT_EQ(json::parse(ear.last[result])["ok"], true);
    const std::string other = "jk-pylon/home/command/everything/";
    ear.client.publish({other + "set", R"({"command":"pause","value":false})", 1, false});
    ASSERT_TRUE(site.until([&] { return ear.count[other + "result"] == 1; }))
        << "the topic names the command";
    EXPECT_EQ(json::parse(ear.last[other + "result"])["ok"], false);
    world.pass(seconds(1));
    EXPECT_EQ(ear.count[result], 2);
    EXPECT_EQ(charge_a(*site.last<Limits>()), 0);
}

TEST(Outlets, AFloodOfCommandsOverMqttDelaysNothingAndHidesNoPause) {
    World world;
    web::Broker broker({.more = "max_queued_messages 0\n"});
    Site site(world, {.more = broker_table(broker) + "[commands]\nallow = [\"pause\", \"max_charge_a\"]\n"});
    Ear ear(world, broker, "jk-pylon/home/command/+/state");
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    const std::string state = "jk-pylon/home/command/pause/state";
    ASSERT_TRUE(site.until([&] { return ear.last[state] == "OFF"; })) << site.log();
    const std::size_t from = site.frames.size();
    const double before = site.child->cpu_seconds();
    // No more in one go than our client keeps for a broker.
    for (int part = 0; part < 5; ++part) {
        for (int i = 0; i < 600; ++i) {
            // Each of the second kind tightens what the one before ordered.
            const int tenths = 500 - (part * 600 + i) / 10;
            const std::string amps = std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10);
            ear.client.publish({"jk-pylon/home/command/pause/set", "junk", 1, false, io::MqttKeep::every});
            ear.client.publish(
                {"jk-pylon/home/command/max_charge_a/set", amps, 1, false, io::MqttKeep::every});
        }
        const std::uint64_t sent = ear.client.counters().sent;
        ASSERT_TRUE(site.until([&] { return ear.client.counters().sent >= sent + 1000; }));
    }
    // As somebody would who sees that nothing happens.
    ASSERT_TRUE(site.until([&] {
        ear.client.publish({"jk-pylon/home/command/pause/set", "ON", 1, false});
        return charge_a(*site.last<Limits>()) == 0;
    })) << site.log();
    const double cost = site.child->cpu_seconds() - before;
    RecordProperty("cpu_ms", static_cast<int>(1000 * cost));
    if (slowness == 1) {
        EXPECT_LT(cost, 1.0) << "of 6000 messages";
    }
    EXPECT_LE(longest_gap(site, from), steady);
    ASSERT_TRUE(site.until([&] { return ear.last[state] == "ON"; })) << site.log();
}

}  // namespace
}  // namespace jkp::e2e
