// SPDX-License-Identifier: MIT
#include "report/goodwe_text.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace jkp::report {
namespace {

std::string tenths(double value) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.1f", value);
    return text.data();
}

std::string row(const char* label, const std::string& text) {
    if (text.empty()) return {};
    std::string name = label;
    name.resize(14, ' ');
    return "  " + name + text + '\n';
}

void append(std::string& list, const std::string& text) {
    list += (list.empty() ? "" : ", ") + text;
}

// The sign in words.
std::string direction(double value, const char* positive, const char* negative) {
    if (value == 0) return "";
    return std::string(" ") + (value > 0 ? positive : negative);
}

std::string battery(const Json& r) {
    std::string text;
    if (const Json& volts = r.at("battery_v"); volts.is_number()) {
        append(text, tenths(volts.get<double>()) + " V");
    }
    if (const Json& amps = r.at("battery_a"); amps.is_number()) {
        const double value = amps.get<double>();
        append(text, tenths(std::abs(value)) + " A" + direction(value, "charging", "discharging"));
    }
    if (const Json& soc = r.at("soc_pct"); soc.is_number()) {
        append(text, std::to_string(soc.get<int>()) + " %");
    }
    return text;
}

std::string mode(const Json& value) {
    if (!value.is_string()) return {};
    auto text = value.get<std::string>();
    std::ranges::replace(text, '_', ' ');
    return text;
}

std::string watts(const Json& value) {
    return value.is_number() ? std::to_string(value.get<int>()) + " W" : "";
}

std::string grid(const Json& value) {
    if (!value.is_number()) return {};
    const int power = value.get<int>();
    return std::to_string(std::abs(power)) + " W" + direction(power, "exporting", "importing");
}

std::string who(const Json& r) {
    std::string text = "GoodWe";
    if (r.at("model").is_string()) text += ' ' + r.at("model").get<std::string>();
    if (r.at("serial").is_string()) text += ", serial " + r.at("serial").get<std::string>();
    return text + '\n';
}

}  // namespace

std::string goodwe_text(const Json& r) {
    if (!r.at("ok").get<bool>()) return "error: " + r.at("error").get<std::string>() + '\n';
    return who(r) + row("battery", battery(r)) + row("mode", mode(r.at("mode"))) +
           row("panels", watts(r.at("pv_w"))) + row("grid", grid(r.at("grid_w"))) +
           row("load", watts(r.at("load_w")));
}

}  // namespace jkp::report
