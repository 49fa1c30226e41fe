// SPDX-License-Identifier: MIT
#pragma once

#include <string>
#include <vector>

#include "core/bytes.hpp"
#include "pylontech/codec.hpp"

namespace jkp::pylontech {

// "351#1402C012C012C201"
inline CanFrame frame_of(const std::string& text) {
    const auto mark = text.find('#');
    const std::vector<std::uint8_t> bytes = bytes_from_hex(text.substr(mark + 1)).value();
    ensure(bytes.size() <= 8, "a classic frame");
    CanFrame frame;
    frame.id = static_cast<std::uint32_t>(std::stoul(text.substr(0, mark), nullptr, 16));
    frame.extended = mark > 3;
    frame.size = static_cast<std::uint8_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), frame.data.begin());
    return frame;
}

inline std::string text_of(const CanFrame& frame) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string id;
    for (const int shift : {8, 4, 0}) id.push_back(digits[(frame.id >> shift) & 15U]);
    return id + "#" + hex_from_bytes(frame.bytes());
}

template <class Kind>
Kind as(const CanFrame& frame) {
    const auto message = decode(frame);
    ensure(message && std::holds_alternative<Kind>(*message), "the expected kind of message");
    return std::get<Kind>(*message);
}

// Puts a decoded burst together again.
inline BatteryReport report_of(const Burst& burst) {
    BatteryReport r;
    const auto alarms = as<Alarms>(burst[0]);
    const auto limits = as<Limits>(burst[1]);
    const auto soc = as<StateOfCharge>(burst[2]);
    const auto measured = as<Measurements>(burst[3]);
    const auto requests = as<Requests>(burst[4]);
    r.protections = alarms.protections;
    r.alarms = alarms.alarms;
    r.modules = alarms.modules;
    r.charge_voltage = limits.charge_voltage;
    r.charge_current_limit = limits.charge_current_limit;
    r.discharge_current_limit = limits.discharge_current_limit;
    r.discharge_voltage = limits.discharge_voltage.value();
    r.soc = soc.soc;
    r.soh = soc.soh;
    r.voltage = measured.voltage;
    r.current = measured.current;
    r.temperature = measured.temperature;
    r.charge_enable = requests.charge_enable;
    r.discharge_enable = requests.discharge_enable;
    r.force_charge_1 = requests.force_charge_1;
    r.force_charge_2 = requests.force_charge_2;
    r.full_charge = requests.full_charge;
    return r;
}

}  // namespace jkp::pylontech
