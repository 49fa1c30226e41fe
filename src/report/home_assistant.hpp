// SPDX-License-Identifier: MIT
// Discovery payloads of Home Assistant: one device for the gateway and one for each pack, each in one message
// (device-based discovery, Home Assistant 2024.12 and later). Devices and entities are known by the site and
// by the position of the pack: another name of a pack changes names only.
// Source: home-assistant.io, "MQTT discovery" and the pages of the MQTT platforms.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "report/mqtt_plan.hpp"

namespace jkp::report {

struct HaSettings {
    std::string prefix = "homeassistant";
    std::string base;  // PREFIX/SITE of the values
    std::string site;
    std::string version;
    MqttGroupRules groups;
    bool energy = false;                // the energy counters are there
    std::vector<std::string> commands;  // the allowed ones, by their names
};

struct HaDevice {
    std::string topic;
    std::string payload;
};

// Those that can be described by now: a pack from its first reading on.
std::vector<HaDevice> ha_devices(const HaSettings& settings, const Snapshot& snapshot,
                                 const control::Config& config);

// The filter of the topics of all our devices, those of former configurations too.
std::string ha_filter(const HaSettings& settings);
// Whether the topic may belong to a device of this configuration: the gateway or a pack that is configured.
bool ha_current(const HaSettings& settings, std::size_t packs, const std::string& topic);

// What takes the entities out of Home Assistant that a former message at the topic described and `now` does
// not: to be published before `now`. Absent: there are none.
std::optional<std::string> ha_removal(const std::string& former, const HaDevice& now);

}  // namespace jkp::report
