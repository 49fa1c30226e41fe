// SPDX-License-Identifier: MIT
#include "report/meter_text.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "meter/speedwire.hpp"

namespace jkp::report {
namespace {

std::string fixed(double value, int digits) {
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%.*f", digits, value);
    return text.data();
}

std::string amount(const Json& value, int digits, const char* unit) {
    return value.is_number() ? fixed(value.get<double>(), digits) + ' ' + unit : "unknown";
}

std::string row(const char* label, const std::string& text) {
    std::string name = label;
    name.resize(14, ' ');
    return "  " + name + text + '\n';
}

// Empty for a reading.
std::string instead_of_a_reading(const Json& object) {
    if (!object.at("ok").get<bool>()) return "error: " + object.at("error").get<std::string>() + '\n';
    if (object.contains("ignored")) return "ignored: " + object.at("ignored").get<std::string>() + '\n';
    return {};
}

std::string phase_rows(const Json& phases) {
    std::string text;
    for (std::size_t i = 0; i < phases.size(); ++i) {
        const Json& phase = phases[i];
        text += row(("L" + std::to_string(i + 1)).c_str(), grid_words(phase.at("w")) + ", " +
                                                               amount(phase.at("a"), 2, "A") + ", " +
                                                               amount(phase.at("v"), 1, "V"));
    }
    return text;
}

std::string firmware_words(const Json& firmware) {
    return firmware.is_string() ? "firmware " + firmware.get<std::string>() : "firmware unknown";
}

}  // namespace

std::string grid_words(const Json& watts) {
    if (!watts.is_number()) return "unknown";
    const double power = watts.get<double>();
    if (power == 0) return "0.0 W";
    return fixed(std::abs(power), 1) + (power > 0 ? " W export" : " W import");
}

std::string meter_text(const Json& r) {
    if (const std::string other = instead_of_a_reading(r); !other.empty()) return other;
    return meter::device_name(r.at("susy").get<std::uint16_t>()) + ", serial " +
           std::to_string(r.at("serial").get<std::uint32_t>()) + ", " + firmware_words(r.at("firmware")) +
           '\n' + row("grid", grid_words(r.at("grid_w"))) + phase_rows(r.at("phases")) +
           row("frequency", amount(r.at("frequency_hz"), 2, "Hz")) +
           row("counters", "import " + amount(r.at("import_kwh"), 1, "kWh") + ", export " +
                               amount(r.at("export_kwh"), 1, "kWh"));
}

std::string meter_line(const Json& r) {
    if (const std::string other = instead_of_a_reading(r); !other.empty()) return other;
    std::string text =
        std::to_string(r.at("serial").get<std::uint32_t>()) + "  " + grid_words(r.at("grid_w"));
    const Json& phases = r.at("phases");
    for (std::size_t i = 0; i < phases.size(); ++i) {
        text += (i == 0 ? "  (L" : ", L") + std::to_string(i + 1) + ' ' + grid_words(phases[i].at("w"));
    }
    return text + ")\n";
}

}  // namespace jkp::report
