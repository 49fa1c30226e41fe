// SPDX-License-Identifier: MIT
// A loop that runs until something is so, and a second client that sees what the broker passes on.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <vector>

#include "io/clock.hpp"
#include "io/mqtt_client.hpp"
#include "mqtt/broker.hpp"

namespace jkp::testing {

using namespace std::chrono_literals;

class Loop {
  public:
    template <class Condition>
    bool until(Condition condition, std::chrono::milliseconds deadline = 30s) {
        const TimePoint end = io::now() + deadline;
        while (!condition()) {
            if (io::now() > end) return false;
            if (context.stopped()) context.restart();
            context.run_one_for(20ms);
        }
        return true;
    }
    boost::asio::io_context context{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard{context.get_executor()};
};

inline io::MqttClientSettings settings_for(const Broker& broker, const std::string& id = "test") {
    io::MqttClientSettings settings;
    settings.host = "localhost";
    settings.port = broker.port();
    settings.client_id = id;
    settings.first_pause = 50ms;
    settings.longest_pause = 200ms;
    settings.most_unhandled = 100'000;  // the tests look at everything
    return settings;
}

class Watcher {
  public:
    Watcher(Loop& loop, const Broker& broker, const std::string& filter, const std::string& id = "watcher")
        : loop_(loop),
          client(loop.context, settings_for(broker, id),
                 {.on_connected = [this] { ++connections; },
                  .on_failure = nullptr,
                  .on_message = [this](const io::MqttArrival& m) { take(m); }}) {
        client.subscribe(filter, 1);
        client.start();
        EXPECT_TRUE(ready());
    }
    // The broker has answered everything up to now.
    bool ready() {
        if (!loop_.until([&] { return client.connected(); })) return false;
        const std::string mark = "watcher/" + std::to_string(++marks_);
        client.subscribe("watcher/#", 1);
        return loop_.until([&] {
            if (last.contains(mark)) return true;
            client.publish({mark, "x", 1, false});
            return false;
        });
    }
    void say(const std::string& topic, const std::string& payload, bool retain = false) {
        client.publish({topic, payload, 1, retain, io::MqttKeep::every});
    }
    bool sees(const std::string& topic, const std::string& payload, std::chrono::milliseconds in = 30s) {
        return loop_.until([&] { return last.contains(topic) && last.at(topic).payload == payload; }, in);
    }
    [[nodiscard]] std::vector<std::string> payloads(const std::string& topic) const {
        std::vector<std::string> found;
        for (const io::MqttArrival& each : all) {
            if (each.topic == topic) found.push_back(each.payload);
        }
        return found;
    }
    void forget() {
        all.clear();
        last.clear();
    }

    std::vector<io::MqttArrival> all;
    std::map<std::string, io::MqttArrival> last;
    int connections = 0;

  private:
    void take(const io::MqttArrival& message) {
        last.insert_or_assign(message.topic, message);
        if (!message.topic.starts_with("watcher/")) all.push_back(message);
    }
    Loop& loop_;
    int marks_ = 0;

  public:
    io::MqttClient client;
};

}  // namespace jkp::testing
