// SPDX-License-Identifier: MIT
#include "report/home_assistant.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/ha_entities.hpp"

namespace jkp::report {
namespace {

using nlohmann::ordered_json;

constexpr std::string_view all_ours = "jk_pylon_";

// Home Assistant takes letters, digits, '_' and '-' in the parts of a discovery topic.
std::string id_text(std::string_view text) {
    std::string id(text);
    std::ranges::replace_if(id, [](char c) { return c == '.'; }, '_');
    return id;
}

std::string gateway_id(const HaSettings& settings) {
    return std::string(all_ours) + id_text(settings.site);
}

std::string pack_id(const HaSettings& settings, std::size_t pack) {
    return gateway_id(settings) + "_pack" + std::to_string(pack + 1);
}

std::string config_topic(const HaSettings& settings, const std::string& object) {
    return settings.prefix + "/device/" + gateway_id(settings) + '/' + object + "/config";
}

// A value that is not told any more becomes unavailable, also when the broker still has it.
int expires_s(const HaSettings& settings, MqttGroup group) {
    const Duration interval = settings.groups[static_cast<std::size_t>(group)].interval;
    return std::max(60, static_cast<int>(3 * milliseconds(interval) / 1000));
}

ordered_json entity_json(const HaSettings& settings, const std::string& device, const std::string& folder,
                         const HaEntity& entity) {
    ordered_json json = {{"platform", entity.platform},
                         {"unique_id", device + '_' + std::string(entity.key)},
                         {"name", entity.label},
                         {"state_topic", folder + std::string(entity.key)},
                         {"expire_after", expires_s(settings, entity.group)}};
    const auto add = [&](const char* key, std::string_view value) {
        if (!value.empty()) json[key] = value;
    };
    add("device_class", entity.device_class);
    add("unit_of_measurement", entity.unit);
    add("state_class", entity.state_class);
    add("icon", entity.icon);
    if (entity.precision >= 0) json["suggested_display_precision"] = entity.precision;
    if (entity.category == HaCategory::diagnostic) json["entity_category"] = "diagnostic";
    return json;
}

bool has(const HaSettings& settings, const control::Config& config, HaNeeds needs) {
    const bool grid = config.coordination.expects_grid;
    switch (needs) {
        case HaNeeds::nothing: return true;
        case HaNeeds::grid: return grid;
        case HaNeeds::peer: return config.coordination.expects_peer;
        case HaNeeds::energy: return settings.energy;
        case HaNeeds::grid_and_energy: return grid && settings.energy;
    }
    return false;
}

double most_amps(const control::Config& config, bool charge) {
    const auto& bank = charge ? config.bank.max_charge : config.bank.max_discharge;
    if (bank) return bank->count() / 1000.0;
    Milliamps sum{0};
    for (const control::PackConfig& pack : config.packs) sum += charge ? pack.max_charge : pack.max_discharge;
    return sum.count() / 1000.0;
}

ordered_json command_json(const HaSettings& settings, const control::Config& config,
                          const HaCommand& command) {
    const std::string folder = settings.base + "/command/" + std::string(command.name);
    ordered_json json = {{"platform", command.platform},
                         {"unique_id", gateway_id(settings) + "_command_" + std::string(command.name)},
                         {"name", command.label},
                         {"icon", command.icon},
                         {"command_topic", folder + "/set"},
                         {"qos", 1},
                         {"retain", false}};
    if (command.platform == "button") {
        json["payload_press"] = "ON";
        return json;
    }
    json["state_topic"] = folder + "/state";
    json["optimistic"] = false;
    if (command.platform == "number") {
        json["min"] = 0;
        json["max"] = most_amps(config, command.charge);
        json["step"] = 1;
        json["mode"] = "box";
        json["device_class"] = "current";
        json["unit_of_measurement"] = "A";
    }
    return json;
}

ordered_json availability(const std::vector<std::string>& topics) {
    ordered_json list = ordered_json::array();
    for (const std::string& topic : topics) {
        list.push_back(
            {{"topic", topic}, {"payload_available", "online"}, {"payload_not_available", "offline"}});
    }
    return list;
}

HaDevice finished(const HaSettings& settings, const std::string& object, ordered_json device,
                  const std::vector<std::string>& available, ordered_json components) {
    device["manufacturer"] = "jk-pylon";
    const ordered_json json = {{"device", std::move(device)},
                               {"origin", {{"name", "jk-pylon"}, {"sw_version", settings.version}}},
                               {"availability", availability(available)},
                               {"availability_mode", "all"},
                               {"components", std::move(components)}};
    return {config_topic(settings, object),
            json.dump(-1, ' ', false, ordered_json::error_handler_t::replace)};
}

HaDevice gateway(const HaSettings& settings, const control::Config& config) {
    const std::string id = gateway_id(settings);
    ordered_json components = ordered_json::object();
    for (const HaEntity& entity : ha_gateway_entities()) {
        if (!has(settings, config, entity.needs)) continue;
        const std::string group(name(entity.group));
        const std::string device = id + '_' + group;
        components[group + '_' + std::string(entity.key)] =
            entity_json(settings, device, settings.base + '/' + group + '/', entity);
    }
    for (const HaCommand& command : ha_commands()) {
        if (std::ranges::find(settings.commands, command.name) == settings.commands.end()) continue;
        components["command_" + std::string(command.name)] = command_json(settings, config, command);
    }
    return finished(settings, "gateway",
                    {{"identifiers", {id}},
                     {"name", "Battery " + settings.site},
                     {"model", "JK-BMS to Pylontech CAN"},
                     {"sw_version", settings.version}},
                    {settings.base + "/status"}, std::move(components));
}

bool has_probe(const PackReading& reading, const control::PackConfig& pack, Probe probe) {
    const bool configured = probe == Probe::mosfet
                                ? pack.mosfet_probe
                                : std::ranges::find(pack.battery_probes, probe) != pack.battery_probes.end();
    return configured || reading.temperatures[probe].has_value();
}

HaDevice pack(const HaSettings& settings, const control::Config& config, const PackSnapshot& pack,
              std::size_t index) {
    const std::string id = pack_id(settings, index);
    const std::string folder = settings.base + "/pack/" + pack.name + '/';
    ordered_json components = ordered_json::object();
    const auto add = [&](const HaEntity& entity) {
        components[std::string(entity.key)] = entity_json(settings, id, folder, entity);
    };
    for (const HaEntity& entity : ha_pack_entities()) {
        if (entity.key != "cycles" || pack.reading->cycles) add(entity);
    }
    for (std::size_t i = 0; i < probe_count; ++i) {
        const auto probe = static_cast<Probe>(i);
        if (!has_probe(*pack.reading, config.packs[index], probe)) continue;
        const bool board = probe == Probe::mosfet;
        const std::string key = "temperature_" + std::string(name(probe)) + "_c";
        const std::string label = board ? "Temperature MOSFETs" : "Temperature " + std::string(name(probe));
        add({MqttGroup::pack, key, label, "sensor", "temperature", "°C", "measurement", 1,
             board ? HaCategory::diagnostic : HaCategory::main});
    }
    for (std::size_t cell = 1; cell <= pack.reading->cells.size(); ++cell) {
        const std::string key = mqtt_cell_key(cell);
        const std::string label = "Cell " + key.substr(5, 2);
        add({MqttGroup::pack, key, label, "sensor", "voltage", "V", "measurement", 3,
             HaCategory::diagnostic});
    }
    ordered_json device = {{"identifiers", {id}},
                           {"name", "Battery " + settings.site + ' ' + pack.name},
                           {"model", "JK-BMS"},
                           {"via_device", gateway_id(settings)}};
    if (!pack.reading->firmware.view().empty())
        device["sw_version"] = std::string(pack.reading->firmware.view());
    return finished(settings, "pack" + std::to_string(index + 1), std::move(device),
                    {settings.base + "/status", folder + "available"}, std::move(components));
}

// Of a message that somebody may have written: nothing is expected of it.
ordered_json components_of(const std::string& payload) {
    const ordered_json json = ordered_json::parse(payload, nullptr, false);
    if (!json.is_object() || !json.contains("components") || !json["components"].is_object()) {
        return ordered_json::object();
    }
    return json["components"];
}

}  // namespace

std::vector<HaDevice> ha_devices(const HaSettings& settings, const Snapshot& snapshot,
                                 const control::Config& config) {
    std::vector<HaDevice> devices{gateway(settings, config)};
    for (std::size_t i = 0; i < snapshot.packs.size() && i < config.packs.size(); ++i) {
        if (snapshot.packs[i].reading) devices.push_back(pack(settings, config, snapshot.packs[i], i));
    }
    return devices;
}

std::string ha_filter(const HaSettings& settings) {
    return config_topic(settings, "+");
}

bool ha_current(const HaSettings& settings, std::size_t packs, const std::string& topic) {
    if (topic == config_topic(settings, "gateway")) return true;
    for (std::size_t i = 1; i <= packs; ++i) {
        if (topic == config_topic(settings, "pack" + std::to_string(i))) return true;
    }
    return false;
}

std::optional<std::string> ha_removal(const std::string& former, const HaDevice& now) {
    ordered_json json = ordered_json::parse(now.payload);
    ordered_json& components = json["components"];
    const ordered_json before = components_of(former);
    bool any = false;
    for (const auto& [key, component] : before.items()) {
        if (components.contains(key) || !component.is_object()) continue;
        const auto platform = component.find("platform");
        if (platform == component.end() || !platform->is_string()) continue;
        components[key] = {{"platform", *platform}};
        any = true;
    }
    if (!any) return std::nullopt;
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace jkp::report
