// SPDX-License-Identifier: MIT
// command: what may be ordered of the running daemon, over its local socket. The daemon judges; here words
// become JSON.
#include <charconv>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/failure.hpp"

namespace jkp::cli {
namespace {

using nlohmann::ordered_json;

// "20" -> 20, "on" -> true, "off" -> null. What is neither goes as it is; the daemon says what is allowed.
ordered_json value_of(const std::string& text) {
    if (text == "off") return nullptr;
    if (text.empty() || text == "on") return true;
    double number = 0;
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, number);
    if (error == std::errc{} && end == last) return number;
    return text;
}

std::string value_text(const ordered_json& value) {
    if (value.is_null()) return "-";
    if (value.is_boolean()) return value.get<bool>() ? "on" : "off";
    char text[40];
    std::snprintf(text, sizeof text, "%.1f A", value.get<double>());
    return text;
}

std::string seconds_text(const ordered_json& value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.0f s", value.get<double>());
    return text;
}

void show(const ordered_json& c) {
    std::string text = value_text(c["effective"]);
    if (!c["value"].is_null()) {
        if (c["effective"] != c["value"]) text += " (ordered: " + value_text(c["value"]) + ")";
        text += ", " + seconds_text(c["since_s"]) + " ago by " + c["who"].get<std::string>();
        if (!c["expires_s"].is_null()) text += ", ends in " + seconds_text(c["expires_s"]);
    }
    if (c["allowed"] == false) text += "  (not over MQTT and HTTP)";
    std::printf("%-16s  %s\n", c["command"].get<std::string>().c_str(), text.c_str());
}

int list(const std::string& socket, bool json) {
    const auto answer = ask_daemon(socket, {{"command", "status"}}, json);
    if (!answer) return answer.error();
    const ordered_json commands = answer->value("commands", ordered_json::array());
    for (const ordered_json& command : commands) {
        if (json) {
            std::cout << command.dump() << '\n';
        } else {
            show(command);
        }
    }
    return good;
}

}  // namespace

int command(const std::string& socket, const OrderOptions& o) {
    if (o.name.empty()) return list(socket, o.json);
    ordered_json order = {{"command", o.name}, {"value", value_of(o.value)}};
    if (o.expires_s > 0) order["expires_s"] = o.expires_s;
    const auto answer = ask_daemon(socket, {{"command", "order"}, {"order", order}}, o.json);
    if (!answer) return answer.error();
    const bool accepted = (*answer)["ok"] == true;
    if (o.json) {
        std::cout << answer->dump() << '\n';
    } else if (!accepted) {
        std::cerr << "jk-pylon: refused: " << answer->value("error", "no cause was given") << '\n';
    } else {
        const ordered_json& effective = (*answer)["effective"];
        const std::string reason = answer->value("reason", "");
        std::cout << o.name << ": " << (effective.is_null() ? "ended" : value_text(effective))
                  << ((*answer)["expires_s"].is_null() ? ""
                                                       : ", ends in " + seconds_text((*answer)["expires_s"]))
                  << (reason.empty() ? "" : "; " + reason) << '\n';
    }
    return accepted ? good : bad;
}

}  // namespace jkp::cli
