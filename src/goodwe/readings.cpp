// SPDX-License-Identifier: MIT
#include "goodwe/readings.hpp"

#include <algorithm>
#include <array>

#include "core/ensure.hpp"

namespace jkp::goodwe {
namespace {

constexpr std::size_t at_tag = 5;
constexpr std::size_t tag_length = 3;

constexpr std::array<std::string_view, 7> es_tags{"ESU", "EMU", "ESA", "BPS", "BPU", "EMJ", "IJL"};
constexpr std::array<std::string_view, 12> et_tags{"ETU", "ETL", "ETR", "BHN", "EHU", "BHU",
                                                   "EHR", "BTU", "ESN", "AES", "ABP", "EHB"};

template <class T>
void take(T& whole, const T& part) {
    if (part) whole = part;
}
template <std::size_t N>
void take(FixedText<N>& whole, const FixedText<N>& part) {
    if (!part.empty()) whole = part;
}

Watts power(Millivolts voltage, Milliamps current) {
    constexpr std::int64_t per_watt = 1'000'000;
    const std::int64_t product = std::int64_t{voltage.count()} * current.count();
    const std::int64_t half = product < 0 ? -per_watt / 2 : per_watt / 2;
    return Watts(static_cast<std::int32_t>((product + half) / per_watt));
}

}  // namespace

std::string_view name(Family family) {
    switch (family) {
        case Family::es: return "es";
        case Family::et: return "et";
    }
    broken("a Family of the list", std::source_location::current());
}

std::optional<Family> family_of(std::string_view serial) {
    if (serial.size() < at_tag + tag_length) return std::nullopt;
    const std::string_view tag = serial.substr(at_tag, tag_length);
    if (std::ranges::find(es_tags, tag) != es_tags.end()) return Family::es;
    if (std::ranges::find(et_tags, tag) != et_tags.end()) return Family::et;
    return std::nullopt;
}

std::string_view name(BatteryMode mode) {
    switch (mode) {
        case BatteryMode::no_battery: return "no_battery";
        case BatteryMode::standby: return "standby";
        case BatteryMode::discharge: return "discharge";
        case BatteryMode::charge: return "charge";
        case BatteryMode::to_be_charged: return "to_be_charged";
        case BatteryMode::to_be_discharged: return "to_be_discharged";
    }
    broken("a BatteryMode of the list", std::source_location::current());
}

void merge(Readings& whole, const Readings& part) {
    take(whole.model, part.model);
    take(whole.serial, part.serial);
    take(whole.battery_voltage, part.battery_voltage);
    take(whole.battery_current, part.battery_current);
    take(whole.battery_power, part.battery_power);
    take(whole.soc, part.soc);
    take(whole.mode, part.mode);
    take(whole.pv, part.pv);
    take(whole.grid, part.grid);
    take(whole.load, part.load);
    take(whole.backup, part.backup);
    take(whole.inverter, part.inverter);
    take(whole.meter_ok, part.meter_ok);
}

PeerReading peer_reading(const Readings& r) {
    PeerReading peer{
        .current = r.battery_current, .power = r.battery_power, .voltage = r.battery_voltage, .soc = r.soc};
    if (!peer.power && peer.current && peer.voltage) peer.power = power(*peer.voltage, *peer.current);
    return peer;
}

}  // namespace jkp::goodwe
