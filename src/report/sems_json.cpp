// SPDX-License-Identifier: MIT
#include "report/sems_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "goodwe/sems_answer.hpp"
#include "goodwe/sems_json.hpp"
#include "goodwe/sems_text.hpp"
#include "report/goodwe_json.hpp"

namespace jkp::report {
namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

Json fault_json(goodwe::SemsFault fault) {
    Json json = error_json(goodwe::describe(fault));
    json["cause"] = goodwe::name(fault);
    return json;
}

std::vector<Json> readings_of(std::string_view body) {
    std::vector<Json> objects;
    switch (goodwe::content_of(body)) {
        case goodwe::SemsContent::login:
            return {error_json("a login answer: it holds a token and no readings")};
        case goodwe::SemsContent::none: return {fault_json(goodwe::SemsFault::no_station)};
        case goodwe::SemsContent::flow: {
            const auto reading = goodwe::parse_sems_flow(body);
            return {reading ? sems_json(reading->readings) : fault_json(reading.error())};
        }
        case goodwe::SemsContent::monitor: {
            const auto readings = goodwe::parse_sems_monitor_all(body);
            if (!readings) return {fault_json(readings.error())};
            for (const goodwe::SemsReading& reading : *readings)
                objects.push_back(sems_json(reading.readings));
        }
    }
    return objects;
}

std::vector<Json> decode_answer(std::string_view body) {
    if (const auto fault = goodwe::refusal_in(body)) return {fault_json(*fault)};
    return readings_of(body);
}

// A list may hold the answers themselves or objects around them with the answer in "body".
std::vector<Json> decode_list(const goodwe::sems::Json& list) {
    std::vector<Json> objects;
    for (const goodwe::sems::Json& item : list) {
        const goodwe::sems::Json& inner = goodwe::sems::member(item, "body");
        const std::string body = (inner.is_null() ? item : inner).dump();
        std::ranges::move(decode_answer(body), std::back_inserter(objects));
    }
    return objects;
}

std::string_view unquoted(std::string_view line) {
    if (line.size() >= 2 && line.front() == '"' && line.back() == '"') return line.substr(1, line.size() - 2);
    return line;
}

Json line_json(std::string_view line, std::size_t number) {
    const auto battery = goodwe::parse_sems_battery(unquoted(line));
    if (!battery) {
        return error_json("line " + std::to_string(number) +
                          ": neither an answer in JSON nor a battery as in 49.9V/0.8A/40W");
    }
    goodwe::Readings readings;
    readings.battery_voltage = battery->voltage;
    readings.battery_current = battery->current;
    readings.battery_power = battery->power;
    return sems_json(readings);
}

std::vector<Json> decode_lines(std::string_view text) {
    std::vector<Json> objects;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
        objects.push_back(line_json(line, number));
    }
    return objects;
}

std::string amount(const Json& value) {
    if (value.is_string()) return value.get<std::string>();
    if (value.is_number_integer()) return value.dump();
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value.get<double>());
    return text.data();
}

struct Row {
    const char* key;
    const char* label;
    const char* unit;
};
constexpr std::array<Row, 10> rows{{{"model", "model", ""},
                                    {"serial", "serial", ""},
                                    {"battery_v", "battery voltage", "V"},
                                    {"battery_a", "battery current", "A (+ = charging)"},
                                    {"battery_w", "battery power", "W (+ = charging)"},
                                    {"soc_pct", "state of charge", "%"},
                                    {"mode", "mode", ""},
                                    {"pv_w", "photovoltaics", "W"},
                                    {"grid_w", "grid", "W (+ = export)"},
                                    {"load_w", "house", "W"}}};

}  // namespace

Json sems_json(const goodwe::Readings& readings) {
    Json json = goodwe_json(readings);
    json["battery_w"] = readings.battery_power ? Json(readings.battery_power->count()) : Json(nullptr);
    return json;
}

std::vector<Json> decode_sems_text(std::string_view text) {
    const std::string_view content = trimmed(text);
    if (content.starts_with('{')) return decode_answer(content);
    if (!content.starts_with('[')) return decode_lines(text);
    const auto list = goodwe::sems::parsed(content);
    return list ? decode_list(*list) : std::vector{fault_json(goodwe::SemsFault::garbage)};
}

std::string sems_text(const Json& object) {
    if (!object.at("ok").get<bool>()) return "error: " + object.at("error").get<std::string>() + '\n';
    std::string text;
    for (const Row& row : rows) {
        const Json& value = object.at(row.key);
        if (value.is_null()) continue;
        std::string label = row.label;
        label.resize(18, ' ');
        text += label + amount(value) + (*row.unit == '\0' ? "" : " ") + row.unit + '\n';
    }
    return text.empty() ? "nothing known\n" : text;
}

}  // namespace jkp::report
