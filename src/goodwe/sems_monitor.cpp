// SPDX-License-Identifier: MIT
#include "goodwe/sems_answer.hpp"
#include "goodwe/sems_json.hpp"
#include "goodwe/sems_text.hpp"

namespace jkp::goodwe {
namespace {

using sems::Json;
using sems::member;
using sems::number_of;
using sems::text_of;

constexpr double offline_status = -1;

std::string first_text(std::initializer_list<const Json*> places) {
    for (const Json* place : places) {
        if (std::string text = text_of(*place); !text.empty()) return text;
    }
    return {};
}

template <class Unit>
std::optional<Unit> quantity(const Json& value, std::optional<Unit> (*checked)(double)) {
    const auto number = number_of(value);
    return number ? checked(*number) : std::nullopt;
}

// The text where it is sent, the numbers only where it is not.
void read_battery(const Json& inverter, Readings& r) {
    const Json& full = member(inverter, "invert_full");
    const std::string text =
        first_text({&member(member(inverter, "d"), "battery"), &member(inverter, "battery")});
    if (!text.empty()) {
        const auto battery = parse_sems_battery(text);
        if (!battery) return;
        r.battery_voltage = battery->voltage;
        r.battery_current = battery->current;
        r.battery_power = battery->power;
        return;
    }
    r.battery_voltage = quantity(member(full, "vbattery1"), &sems_volts);
    if (const auto current = quantity(member(full, "ibattery1"), &sems_amps)) r.battery_current = -*current;
}

std::optional<Permille> first_soc(const Json& inverter) {
    for (const Json* place : {&member(member(inverter, "d"), "soc"), &member(inverter, "soc"),
                              &member(member(inverter, "invert_full"), "soc")}) {
        if (!place->is_null()) return sems::percent_of(*place);
    }
    return std::nullopt;
}

// The portal sends - = import, which is + = export.
std::optional<Watts> grid_of(const Json& full) {
    return quantity(member(full, "pmeter"), &sems_watts);
}

std::optional<std::int64_t> time_of(const Json& full) {
    const auto ms = number_of(member(full, "last_time"));
    constexpr double year_2001 = 978307200e3;
    constexpr double year_2100 = 4102444800e3;
    if (!ms || *ms < year_2001 || *ms > year_2100) return std::nullopt;
    return static_cast<std::int64_t>(*ms);
}

bool is_offline(const Json& inverter) {
    for (const Json* holder : {&inverter, &member(inverter, "invert_full")}) {
        if (number_of(member(*holder, "status")) == offline_status) return true;
    }
    return false;
}

SemsReading read_inverter(const Json& inverter, const Json& station) {
    const Json& full = member(inverter, "invert_full");
    SemsReading reading;
    Readings& r = reading.readings;
    r.serial = std::string_view(first_text({&member(inverter, "sn"), &member(full, "sn")}));
    r.model =
        std::string_view(first_text({&member(full, "model_type"), &member(member(inverter, "d"), "model")}));
    if (!is_offline(inverter)) {
        read_battery(inverter, r);
        r.soc = first_soc(inverter);
        r.grid = grid_of(full);
        r.inverter = quantity(member(full, "pac"), &sems_watts);
        const Json& flow = member(station, "powerflow");
        r.pv = parse_sems_power(text_of(member(flow, "pv")));
        r.load = parse_sems_power(text_of(member(flow, "load")));
    }
    reading.data_ms = time_of(full);
    if (reading.data_ms) reading.data_mark = std::to_string(*reading.data_ms);
    return reading;
}

// The inverters, or why there are none.
Result<Json, SemsFault> station_of(std::string_view body) {
    const auto answer = sems::successful(body);
    if (!answer) return failure(answer.error());
    const Json& data = member(*answer, "data");
    if (data.is_null() || data.empty()) return failure(SemsFault::no_station);
    if (!data.is_object()) return failure(SemsFault::garbage);
    const Json& inverters = member(data, "inverter");
    if (!inverters.is_array() || inverters.empty()) return failure(SemsFault::no_inverter);
    return data;
}

}  // namespace

Result<std::vector<SemsReading>, SemsFault> parse_sems_monitor_all(std::string_view body) {
    const auto station = station_of(body);
    if (!station) return failure(station.error());
    std::vector<SemsReading> readings;
    for (const Json& inverter : station->at("inverter"))
        readings.push_back(read_inverter(inverter, *station));
    return readings;
}

Result<SemsReading, SemsFault> parse_sems_monitor(std::string_view body, std::string_view serial) {
    const auto station = station_of(body);
    if (!station) return failure(station.error());
    const Json* chosen = nullptr;
    const Json& inverters = station->at("inverter");
    for (const Json& inverter : inverters) {
        const std::string its =
            first_text({&member(inverter, "sn"), &member(member(inverter, "invert_full"), "sn")});
        if (serial.empty() ? inverters.size() == 1 : its == serial) chosen = &inverter;
    }
    if (chosen == nullptr) return failure(SemsFault::no_inverter);
    if (is_offline(*chosen)) return failure(SemsFault::offline);
    SemsReading reading = read_inverter(*chosen, *station);
    const Readings& r = reading.readings;
    const bool battery = r.battery_current && r.battery_voltage && *r.battery_voltage > Millivolts(0);
    if (!battery) return failure(SemsFault::no_battery);
    return reading;
}

}  // namespace jkp::goodwe
