// SPDX-License-Identifier: MIT
#include "app/requests.hpp"

#include <nlohmann/json.hpp>

#include "report/status_json.hpp"
#include "report/words.hpp"

namespace jkp::app {
namespace {

using nlohmann::json;

std::string refuse(const std::string& why) {
    return json{{"ok", false}, {"error", why}}.dump();
}
std::string text_at(const json& request, const char* key) {
    const auto it = request.find(key);
    return it != request.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

std::string known_packs(const control::Config& config) {
    std::string list;
    for (const control::PackConfig& pack : config.packs) {
        list += (list.empty() ? "" : ", ") + std::string(pack.name.view());
    }
    return list;
}

// Without a name the only pack is meant; with several a name is needed.
std::optional<std::size_t> pack_of(const json& request, const control::Config& config) {
    const std::string wanted = text_at(request, "pack");
    if (wanted.empty() && config.packs.size() == 1) return 0;
    for (std::size_t i = 0; i < config.packs.size(); ++i) {
        if (config.packs[i].name.view() == wanted) return i;
    }
    return std::nullopt;
}

std::string act(const json& request, const std::string& command, RequestContext& c) {
    const auto pack = pack_of(request, c.config);
    if (!pack) return refuse("name one of the packs: " + known_packs(c.config));
    const std::string pack_name(c.config.packs[*pack].name.view());
    if (command == "recover" && text_at(request, "confirm") != pack_name) {
        return refuse("recovery needs a typed confirmation: repeat the pack's name, " + pack_name);
    }
    const auto result =
        command == "ack" ? c.controller.acknowledge(*pack, c.now) : c.controller.recover(*pack, c.now);
    if (!result) return refuse(report::describe(result.error()));
    c.changed = true;
    c.attribute(pack_name + ": " + (command == "ack" ? "fault acknowledged" : "recovery charge released"));
    return json{{"ok", true}, {"pack", pack_name}}.dump();
}

// The same door as for MQTT and HTTP; it tells the control cycle by itself.
std::string order(const json& request, const RequestContext& c) {
    const auto it = request.find("order");
    if (it == request.end() || !c.command) return refuse("there is nothing to order");
    const std::string text = it->dump(-1, ' ', false, json::error_handler_t::replace);
    return answer_json(c.command({.outlet = Outlet::local, .from = c.from, .text = text}));
}

}  // namespace

std::string answer_request(std::string_view text, RequestContext& context) {
    const json request = json::parse(text, nullptr, false);
    if (!request.is_object()) return refuse("not a JSON object");
    const std::string command = text_at(request, "command");
    if (command == "status") return report::status_json(context.snapshot(), context.config);
    // It would be in no control cycle, and the next start would not know it.
    if (context.stopping)
        return refuse("the gateway is stopping and takes nothing any more; ask again when it runs");
    if (command == "ack" || command == "recover") return act(request, command, context);
    if (command == "order") return order(request, context);
    return refuse("unknown command; there are status, ack, recover and order");
}

}  // namespace jkp::app
