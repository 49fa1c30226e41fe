// SPDX-License-Identifier: MIT
// A bridge that tells the site of tests/report/mqtt_support.hpp, and takes "ON" and "OFF" for commands.
#pragma once

#include <gtest/gtest.h>

#include "app/mqtt_bridge.hpp"
#include "mqtt/watcher.hpp"
#include "report/mqtt_support.hpp"

namespace jkp::app {

using namespace jkp::testing;

inline config::MqttSettings settings_of(const Broker& broker) {
    config::MqttSettings mqtt;
    mqtt.host = "localhost";
    mqtt.port = broker.port();
    mqtt.prefix = "p";
    mqtt.site = "s";
    return mqtt;
}

struct Bench {
    Loop& loop;
    report::test::MqttSite site;
    std::vector<std::pair<std::string, std::string>> commands;
    std::vector<std::string> states;
    std::vector<std::string> kept;
    std::vector<report::MqttCommandState> commands_told;
    std::string pause = "OFF";
    int tells = 0;
    std::unique_ptr<MqttBridge> bridge;

    Bench(Loop& of, const config::MqttSettings& mqtt, bool at_once = true) : loop(of) {
        for (int i = 0; i < 5; ++i) site.tick();
        if (at_once) start(mqtt);
    }
    void start(const config::MqttSettings& mqtt, std::vector<std::string> allowed = {"pause"},
               MqttKept former = {}) {
        MqttBridgeHandlers handlers;
        handlers.snapshot = [this] {
            ++tells;
            return site.snapshot;
        };
        handlers.config = [this]() -> const control::Config& { return site.config; };
        handlers.extras = [this] {
            return report::MqttExtras{.energy = {}, .commands = commands_told, .peer_soc = {}};
        };
        commands_told.clear();
        for (const std::string& name : allowed) commands_told.push_back({name, pause});
        handlers.command = [this](const std::string& name, const std::string& payload) {
            if (payload != "ON" && payload != "OFF") return MqttAnswer{false, R"({"ok":false})"};
            commands.emplace_back(name, payload);
            pause = payload;
            for (report::MqttCommandState& each : commands_told) each.state = payload;
            return MqttAnswer{true, R"({"ok":true,"effective":1})"};
        };
        handlers.on_state = [this](bool good, const std::string& sentence) {
            states.push_back((good ? "good: " : "bad: ") + sentence);
        };
        handlers.on_kept_command = [this](const std::string& sentence) { kept.push_back(sentence); };
        bridge = std::make_unique<MqttBridge>(loop.context, mqtt,
                                              MqttBridgeOptions{false, std::move(allowed), std::move(former)},
                                              std::move(handlers));
        bridge->start();
    }
    // As a reload does.
    void replace(const config::MqttSettings& mqtt, std::vector<std::string> allowed = {"pause"}) {
        MqttKept former = bridge->kept();
        bridge.reset();
        start(mqtt, std::move(allowed), std::move(former));
    }
    void cycle(int highest = 3330) {
        site.tick(highest);
        bridge->on_cycle(io::now());
    }
    bool up() {
        return loop.until([&] { return bridge->view().state == "up"; });
    }
};

inline constexpr const char* gateway = "homeassistant/device/jk_pylon_s/gateway/config";
inline constexpr const char* pack2 = "homeassistant/device/jk_pylon_s/pack2/config";

inline std::uint64_t count(const MqttBridge& bridge, std::string_view name) {
    for (const report::NamedCount& each : bridge.view().counters) {
        if (each.name == name) return each.count;
    }
    ADD_FAILURE() << "no counter " << name;
    return 0;
}

}  // namespace jkp::app
