// SPDX-License-Identifier: MIT
#include "app/outlet_wiring.hpp"

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "report/history.hpp"

namespace jkp::app {
namespace {

std::optional<double> kwh(std::optional<std::int64_t> mwh) {
    return mwh ? std::optional(static_cast<double>(*mwh) / 1e6) : std::nullopt;
}

// What is in force of the command, as its entity in Home Assistant wants to hear it.
std::string state_text(const report::CommandView& command) {
    if (!is_current(command.kind)) return command.effective.value_or(0) != 0 ? "ON" : "OFF";
    if (!command.effective) return "None";
    std::array<char, 24> text{};
    std::snprintf(text.data(), text.size(), "%.1f", *command.effective / 1000.0);
    return text.data();
}

}  // namespace

MqttBridgeOptions bridge_options(const config::Settings& settings) {
    MqttBridgeOptions options;
    options.energy = settings.history.enabled;
    for (std::size_t i = 0; i < control::command_count; ++i) {
        const auto kind = static_cast<control::CommandKind>(i);
        if (settings.commands.allows(kind)) options.commands.emplace_back(name(kind));
    }
    return options;
}

report::MqttExtras mqtt_extras(const report::Snapshot& snapshot, const std::optional<Energy>& total) {
    report::MqttExtras extras;
    if (total) {
        extras.energy = {kwh(total->charged), kwh(total->discharged), kwh(total->imported),
                         kwh(total->exported)};
    }
    for (const report::CommandView& command : snapshot.commands) {
        if (command.allowed)
            extras.commands.push_back({std::string(name(command.kind)), state_text(command)});
    }
    return extras;
}

std::string event_text(const report::EventRecord& event) {
    report::Json json = report::event_json(event, report::Language::english);
    json["text_de"] = event.text_de;
    return json.dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

}  // namespace jkp::app
