// SPDX-License-Identifier: MIT
// The entities of Home Assistant, one row each: which value is shown how.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "report/mqtt_values.hpp"

namespace jkp::report {

enum class HaCategory : std::uint8_t { main, diagnostic };
enum class HaNeeds : std::uint8_t { nothing, grid, peer, energy, grid_and_energy };

struct HaEntity {
    MqttGroup group;
    std::string_view key;    // last part of the value's topic
    std::string_view label;  // as a person sees it
    std::string_view platform = "sensor";
    std::string_view device_class = "";
    std::string_view unit = "";
    std::string_view state_class = "";
    int precision = -1;  // digits shown; -1 = not a number
    HaCategory category = HaCategory::main;
    HaNeeds needs = HaNeeds::nothing;
    std::string_view icon = "";
};

std::span<const HaEntity> ha_gateway_entities();
std::span<const HaEntity> ha_pack_entities();  // without cells and probes, whose number depends on the pack

struct HaCommand {
    std::string_view name;
    std::string_view label;
    std::string_view platform;  // number (A), switch or button
    std::string_view icon;
    bool charge = true;  // number: whose maximum
};
std::span<const HaCommand> ha_commands();

}  // namespace jkp::report
