// SPDX-License-Identifier: MIT
#include "report/decode_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace jkp::report {
namespace {

std::string fixed(double value, int digits) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

// A number of the object with its unit, or "unknown".
std::string amount(const Json& value, int digits, const char* unit) {
    return value.is_number() ? fixed(value.get<double>(), digits) + " " + unit : "unknown";
}

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.resize(width, ' ');
    return text;
}

std::string in_words(const Json& names) {
    std::string text;
    for (const Json& name : names) text += (text.empty() ? "" : ", ") + name.get<std::string>();
    std::ranges::replace(text, '_', ' ');
    return text.empty() ? "none" : text;
}

std::string direction(double amperes) {
    if (amperes == 0) return "idle";
    return amperes > 0 ? "charging" : "discharging";
}

std::string on_off(const Json& value) {
    return value.get<bool>() ? "on" : "off";
}

std::string error_line(const Json& json) {
    return "error: " + json.at("error").get<std::string>() + "\n";
}

std::string cells_text(const std::vector<int>& cells) {
    const auto [low, high] = std::ranges::minmax_element(cells);
    const auto which = [&](auto cell) {
        return fixed(*cell / 1000.0, 3) + " V (cell " + std::to_string(cell - cells.begin() + 1) + ")";
    };
    std::string text = std::to_string(cells.size()) + ", lowest " + which(low) + ", highest " + which(high) +
                       ", difference " + std::to_string(*high - *low) + " mV";
    constexpr std::size_t per_line = 4;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i % per_line == 0) text += "\n ";
        const std::string number = std::to_string(i + 1);
        text +=
            std::string(number.size() < 2 ? 4 : 3, ' ') + number + "  " + fixed(cells[i] / 1000.0, 3) + " V";
    }
    return text;
}

std::string limits_text(const Json& f) {
    std::string text = "charge up to " + amount(f.at("charge_voltage_v"), 1, "V") + " with at most " +
                       amount(f.at("charge_current_limit_a"), 1, "A") + ", discharge ";
    if (f.contains("discharge_voltage_v"))
        text += "down to " + amount(f.at("discharge_voltage_v"), 1, "V") + " ";
    return text + "with at most " + amount(f.at("discharge_current_limit_a"), 1, "A");
}

std::string requests_text(const Json& f) {
    std::string text =
        "charge " + on_off(f.at("charge_enable")) + ", discharge " + on_off(f.at("discharge_enable"));
    if (f.at("force_charge_1").get<bool>()) text += ", asks for charge now (1)";
    if (f.at("force_charge_2").get<bool>()) text += ", asks for charge soon (2)";
    if (f.at("full_charge").get<bool>()) text += ", asks for a full charge";
    return text;
}

std::string fields_text(const std::string& name, const Json& f) {
    if (name == "limits") return limits_text(f);
    if (name == "soc") {
        return "state of charge " + amount(f.at("soc_pct"), 0, "%") + ", health " +
               amount(f.at("soh_pct"), 0, "%");
    }
    if (name == "measurements") {
        return amount(f.at("voltage_v"), 2, "V") + ", " + amount(f.at("current_a"), 1, "A") + " (" +
               direction(f.at("current_a").get<double>()) + "), " + amount(f.at("temperature_c"), 1, "C");
    }
    if (name == "alarms") {
        return "protections: " + in_words(f.at("protections")) + "; alarms: " + in_words(f.at("alarms")) +
               "; " + std::to_string(f.at("modules").get<int>()) + " modules, manufacturer \"" +
               f.at("manufacturer").get<std::string>() + "\"";
    }
    if (name == "requests") return requests_text(f);
    if (name == "battery_name") return "\"" + f.at("name").get<std::string>() + "\"";
    return name == "inverter_alive" ? "the inverter is there" : "not a Pylontech frame";
}

}  // namespace

std::string reading_text(const Json& r) {
    if (!r.at("ok").get<bool>()) return error_line(r);
    const Json& t = r.at("temperatures_c");
    const std::string cycles =
        r.at("cycles").is_number() ? std::to_string(r.at("cycles").get<unsigned>()) : "unknown";
    const auto row = [](const char* label, const std::string& text) {
        return "  " + padded(label, 14) + text + "\n";
    };
    return "JK pack, protocol " + r.at("protocol").get<std::string>() + ", firmware \"" +
           r.at("firmware").get<std::string>() + "\"\n" +  //
           row("voltage", amount(r.at("voltage_v"), 2, "V")) +
           row("current",
               amount(r.at("current_a"), 2, "A") + ", " + direction(r.at("current_a").get<double>())) +
           row("charge", amount(r.at("soc_pct"), 0, "%") + " of " + amount(r.at("capacity_ah"), 0, "Ah") +
                             ", " + cycles + " cycles") +
           row("cells", cells_text(r.at("cells_mv").get<std::vector<int>>())) +
           row("temperatures", "MOSFET " + amount(t.at("mos"), 0, "C") + ", sensor 1 " +
                                   amount(t.at("t1"), 0, "C") + ", sensor 2 " + amount(t.at("t2"), 0, "C")) +
           row("switches", "charge " + on_off(r.at("charge_mos")) + ", discharge " +
                               on_off(r.at("discharge_mos")) + ", balancing " + on_off(r.at("balancing"))) +
           row("alarms", in_words(r.at("alarms")));
}

std::string can_frame_text(const Json& frame) {
    if (!frame.at("ok").get<bool>()) return error_line(frame);
    const auto name = frame.at("name").get<std::string>();
    return padded(frame.at("id").get<std::string>(), 8) + "  " + padded(name, 14) + "  " +
           fields_text(name, frame.at("fields")) + "\n";
}

}  // namespace jkp::report
