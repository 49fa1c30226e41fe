// SPDX-License-Identifier: MIT
// Snapshot -> one value per MQTT topic, below PREFIX/SITE. docs/mqtt.md lists them; they are a contract.
// Signs as everywhere: battery + = charge, grid + = export. What is not known is told as "None", never as 0
// and never left standing at its last value.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/snapshot.hpp"

namespace jkp::report {

enum class MqttGroup : std::uint8_t { battery, pack, site, can, limits, alarms };
inline constexpr std::size_t mqtt_group_count = 6;
std::string_view name(MqttGroup group);

inline constexpr std::string_view mqtt_unknown = "None";

// In kWh since the battery was first seen; only ever rising. Absent: not known.
struct MqttEnergy {
    std::optional<double> charged;
    std::optional<double> discharged;
    std::optional<double> imported;
    std::optional<double> exported;
};

// What a command is set to now: "60.0", "ON", "OFF" or "None".
struct MqttCommandState {
    std::string name;
    std::string state;
};

// What the snapshot does not hold.
struct MqttExtras {
    MqttEnergy energy;
    std::vector<MqttCommandState> commands;  // those that are allowed
    std::optional<Permille> peer_soc;
};

struct MqttValue {
    MqttGroup group = MqttGroup::battery;
    std::string topic;
    std::string payload;
    std::optional<double> number;  // absent: a text, told at each change
    double dead_band = 0;          // a number is told when it moved by so much; 0 = at each change
};

// Every value of now; `base` is PREFIX/SITE.
std::vector<MqttValue> mqtt_values(const Snapshot& snapshot, const control::Config& config,
                                   const MqttExtras& extras, const std::string& base);

// The topics of the program that this one replaces, with its meanings and signs.
std::vector<MqttValue> mqtt_compat_values(const Snapshot& snapshot, const MqttExtras& extras);

// All topics that a pack of this name may have had.
std::vector<std::string> mqtt_pack_topics(const std::string& base, const std::string& pack);

// "cell_07_v", from 1
std::string mqtt_cell_key(std::size_t number);

}  // namespace jkp::report
