// SPDX-License-Identifier: MIT
// One connection to the broker, to see whether the configuration is right.
#include <iostream>
#include <nlohmann/json.hpp>

#include "app/mqtt_once.hpp"
#include "app/mqtt_wiring.hpp"
#include "app/run.hpp"
#include "cli/commands.hpp"

namespace jkp::cli {
namespace {

using nlohmann::ordered_json;

int tell(const ordered_json& object, const std::string& words, bool json, int code) {
    if (json) {
        std::cout << object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) << '\n';
    } else if (code == good) {
        std::cout << words << '\n';
    } else {
        std::cerr << "jk-pylon: " << words << '\n';
    }
    return code;
}

int fail(const app::MqttOnceFault& fault, bool json, int code) {
    return tell({{"ok", false}, {"error", fault.sentence}, {"cause", fault.cause}}, fault.sentence, json,
                code);
}

// The broker answered and refuses, or it could not be asked at all.
int code_of(const std::string& cause) {
    return cause == "login" || cause == "refused" || cause == "read_back" ? bad : unable;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

config::MqttSettings typed(const MqttOptions& options) {
    config::MqttSettings mqtt;
    mqtt.host = options.host;
    if (options.port != 0) mqtt.port = options.port;
    mqtt.username = options.username;
    mqtt.password_file = options.password_file;
    mqtt.tls = options.tls;
    mqtt.ca_file = options.ca_file;
    mqtt.cert_file = options.cert_file;
    mqtt.key_file = options.key_file;
    if (options.protocol == "5") mqtt.protocol = config::MqttProtocol::v5;
    return mqtt;
}

int ask(const config::MqttSettings& mqtt, const MqttOptions& options) {
    // The daemon may be running: another client id, or the broker would throw it out.
    const auto settings = app::mqtt_client_settings(mqtt, "-check");
    const auto took = app::mqtt_once(settings, app::mqtt_base(mqtt),
                                     std::chrono::milliseconds(static_cast<long>(options.patience_s * 1000)));
    if (!took) return fail(took.error(), options.json, code_of(took.error().cause));
    return tell({{"ok", true}, {"broker", settings.broker()}, {"there_and_back_ms", took->count()}},
                "Success: the broker " + settings.broker() +
                    " accepts the connection; a test message came back after " +
                    std::to_string(took->count()) + " ms.",
                options.json, good);
}

}  // namespace

int mqtt(const MqttOptions& options) {
    if (!options.host.empty()) return ask(typed(options), options);
    const auto settings = app::load_settings(options.config);
    if (!settings) return fail({"configuration", joined(settings.error().lines)}, options.json, unable);
    if (!settings->mqtt.enabled()) {
        return fail({"configuration",
                     options.config + ": [mqtt] has no host, so there is no MQTT. Write host = \"...\": the "
                                      "name or address of the broker."},
                    options.json, unable);
    }
    return ask(settings->mqtt, options);
}

}  // namespace jkp::cli
