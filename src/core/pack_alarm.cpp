// SPDX-License-Identifier: MIT
#include "core/pack_alarm.hpp"

#include "core/ensure.hpp"

namespace jkp {
namespace {

struct Names {
    std::string_view name;
    std::string_view words;
};

Names names(PackAlarm alarm) {
    switch (alarm) {
        case PackAlarm::low_soc: return {"low_soc", "low state of charge"};
        case PackAlarm::mosfet_over_temperature:
            return {"mosfet_over_temperature", "MOSFET over-temperature"};
        case PackAlarm::charge_over_voltage: return {"charge_over_voltage", "charge over-voltage"};
        case PackAlarm::discharge_under_voltage:
            return {"discharge_under_voltage", "discharge under-voltage"};
        case PackAlarm::battery_over_temperature:
            return {"battery_over_temperature", "battery over-temperature"};
        case PackAlarm::charge_over_current: return {"charge_over_current", "charge over-current"};
        case PackAlarm::discharge_over_current: return {"discharge_over_current", "discharge over-current"};
        case PackAlarm::cell_imbalance: return {"cell_imbalance", "cell voltage difference too large"};
        case PackAlarm::box_over_temperature: return {"box_over_temperature", "box over-temperature"};
        case PackAlarm::battery_under_temperature:
            return {"battery_under_temperature", "battery under-temperature"};
        case PackAlarm::cell_over_voltage: return {"cell_over_voltage", "cell over-voltage"};
        case PackAlarm::cell_under_voltage: return {"cell_under_voltage", "cell under-voltage"};
        case PackAlarm::afe_fault_a: return {"afe_fault_a", "measuring chip fault A (309_A)"};
        case PackAlarm::afe_fault_b: return {"afe_fault_b", "measuring chip fault B (309_B)"};
    }
    broken("a PackAlarm of the list", std::source_location::current());
}

}  // namespace

std::string_view name(PackAlarm alarm) {
    return names(alarm).name;
}
std::string_view words(PackAlarm alarm) {
    return names(alarm).words;
}

}  // namespace jkp
