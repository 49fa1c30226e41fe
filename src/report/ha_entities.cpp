// SPDX-License-Identifier: MIT
#include "report/ha_entities.hpp"

namespace jkp::report {
namespace {

constexpr auto diagnostic = HaCategory::diagnostic;
constexpr std::string_view sensor = "sensor";
constexpr std::string_view binary = "binary_sensor";
constexpr std::string_view measurement = "measurement";
constexpr std::string_view rising = "total_increasing";

using enum MqttGroup;

constexpr HaEntity voltage(MqttGroup group, std::string_view key, std::string_view label, int precision,
                           HaCategory category = HaCategory::main) {
    return {group, key, label, sensor, "voltage", "V", measurement, precision, category};
}
constexpr HaEntity current(MqttGroup group, std::string_view key, std::string_view label,
                           HaNeeds needs = HaNeeds::nothing) {
    return {group, key, label, sensor, "current", "A", measurement, 1, HaCategory::main, needs};
}
constexpr HaEntity power(MqttGroup group, std::string_view key, std::string_view label,
                         HaNeeds needs = HaNeeds::nothing) {
    return {group, key, label, sensor, "power", "W", measurement, 0, HaCategory::main, needs};
}
constexpr HaEntity energy(MqttGroup group, std::string_view key, std::string_view label, HaNeeds needs) {
    return {group, key, label, sensor, "energy", "kWh", rising, 2, HaCategory::main, needs};
}
constexpr HaEntity charge(MqttGroup group) {
    return {group, "soc_pct", "State of charge", sensor, "battery", "%", measurement, 1};
}
constexpr HaEntity difference(MqttGroup group) {
    return {group, "cell_delta_mv", "Cell difference", sensor, "voltage", "mV", measurement, 0, diagnostic};
}
constexpr HaEntity words(MqttGroup group, std::string_view key, std::string_view label,
                         std::string_view icon = "", HaCategory category = HaCategory::main,
                         HaNeeds needs = HaNeeds::nothing) {
    return {group, key, label, sensor, "", "", "", -1, category, needs, icon};
}
constexpr HaEntity flag(MqttGroup group, std::string_view key, std::string_view label,
                        std::string_view device_class, HaCategory category = HaCategory::main) {
    return {group, key, label, binary, device_class, "", "", -1, category};
}

constexpr HaEntity gateway[] = {
    charge(battery),
    voltage(battery, "voltage_v", "Voltage", 2),
    current(battery, "current_a", "Current"),
    power(battery, "power_w", "Power"),
    {battery, "temperature_c", "Temperature", sensor, "temperature", "°C", measurement, 1},
    energy(battery, "charged_kwh", "Energy charged", HaNeeds::energy),
    energy(battery, "discharged_kwh", "Energy discharged", HaNeeds::energy),
    words(battery, "phase", "Phase", "mdi:battery-sync"),
    {battery, "soh_pct", "State of health", sensor, "", "%", measurement, 1, diagnostic, HaNeeds::nothing,
     "mdi:battery-heart"},
    voltage(battery, "cell_max_v", "Highest cell", 3, diagnostic),
    voltage(battery, "cell_min_v", "Lowest cell", 3, diagnostic),
    difference(battery),
    flag(battery, "charge_enable", "Charging allowed", "", diagnostic),
    flag(battery, "discharge_enable", "Discharging allowed", "", diagnostic),
    words(battery, "data", "Age of the data", "mdi:clock-outline", diagnostic),
    current(limits, "charge_limit_a", "Charge limit"),
    current(limits, "discharge_limit_a", "Discharge limit"),
    words(limits, "charge_reason", "Reason of the charge limit", "mdi:comment-text-outline"),
    words(limits, "discharge_reason", "Reason of the discharge limit", "mdi:comment-text-outline"),
    voltage(limits, "charge_voltage_v", "Charge voltage limit", 1, diagnostic),
    voltage(limits, "discharge_voltage_v", "Discharge voltage limit", 1, diagnostic),
    power(site, "grid_w", "Grid power (+ export)", HaNeeds::grid),
    energy(site, "imported_kwh", "Energy imported", HaNeeds::grid_and_energy),
    energy(site, "exported_kwh", "Energy exported", HaNeeds::grid_and_energy),
    words(site, "grid_state", "Grid meter", "mdi:transmission-tower", diagnostic, HaNeeds::grid),
    power(site, "peer_w", "Second battery power", HaNeeds::peer),
    current(site, "peer_a", "Second battery current", HaNeeds::peer),
    words(site, "peer_state", "Second battery", "mdi:battery-unknown", diagnostic, HaNeeds::peer),
    words(site, "mode", "Coordination", "mdi:scale-balance", diagnostic, HaNeeds::peer),
    flag(site, "oscillation", "Oscillation", "problem", diagnostic),
    flag(can, "transmitting", "Frames to the inverter", "running", diagnostic),
    flag(can, "inverter", "Inverter", "connectivity", diagnostic),
    words(can, "link", "CAN link", "mdi:lan", diagnostic),
    words(can, "mode", "CAN mode", "mdi:lan", diagnostic),
    flag(alarms, "any", "Alarm", "problem"),
    words(alarms, "protections", "Protections", "mdi:shield-alert", diagnostic),
    words(alarms, "warnings", "Warnings", "mdi:alert-outline", diagnostic),
};

constexpr HaEntity one_pack[] = {
    charge(pack),
    voltage(pack, "voltage_v", "Voltage", 2),
    current(pack, "current_a", "Current"),
    power(pack, "power_w", "Power"),
    flag(pack, "problem", "Problem", "problem"),
    voltage(pack, "cell_max_v", "Highest cell", 3, diagnostic),
    voltage(pack, "cell_min_v", "Lowest cell", 3, diagnostic),
    difference(pack),
    {pack, "cycles", "Cycles", sensor, "", "", rising, 0, diagnostic, HaNeeds::nothing, "mdi:counter"},
    flag(pack, "charge_mos", "Charge switch", "", diagnostic),
    flag(pack, "discharge_mos", "Discharge switch", "", diagnostic),
    flag(pack, "balancing", "Balancing", "running", diagnostic),
    words(pack, "alarms", "Alarms of the BMS", "mdi:alert-outline", diagnostic),
    words(pack, "link", "BMS link", "mdi:serial-port", diagnostic),
};

constexpr HaCommand commands[] = {
    {"max_charge_a", "Maximum charge current", "number", "mdi:battery-arrow-up", true},
    {"max_discharge_a", "Maximum discharge current", "number", "mdi:battery-arrow-down", false},
    {"pause", "Pause", "switch", "mdi:pause-circle-outline"},
    {"force_charge", "Force charge", "switch", "mdi:battery-charging"},
    {"full_charge", "Request a full charge", "button", "mdi:battery-charging-100"},
    {"float_hold", "Hold at float", "switch", "mdi:battery-lock"},
};

}  // namespace

std::span<const HaEntity> ha_gateway_entities() {
    return gateway;
}
std::span<const HaEntity> ha_pack_entities() {
    return one_pack;
}
std::span<const HaCommand> ha_commands() {
    return commands;
}

}  // namespace jkp::report
