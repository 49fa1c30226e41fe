// SPDX-License-Identifier: MIT
#include "goodwe/sems_text.hpp"

#include <charconv>
#include <cmath>

namespace jkp::goodwe {
namespace {

constexpr double highest_volts = 1000;
constexpr double highest_amps = 500;
constexpr double highest_watts = 200'000;

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::int32_t rounded(double value) {
    return static_cast<std::int32_t>(std::lround(value));
}

// "49.9 V" -> 49.9
std::optional<double> with_unit(std::string_view text, std::string_view unit) {
    text = trimmed(text);
    if (!text.ends_with(unit)) return std::nullopt;
    return parse_sems_number(text.substr(0, text.size() - unit.size()));
}

}  // namespace

std::optional<double> parse_sems_number(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('+')) {
        text.remove_prefix(1);
        if (text.starts_with('-')) return std::nullopt;
    }
    if (text.empty() || text.find_first_not_of("-.0123456789") != std::string_view::npos) return std::nullopt;
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::optional<Millivolts> sems_volts(double volts) {
    if (!(volts >= 0 && volts <= highest_volts)) return std::nullopt;
    return Millivolts(rounded(volts * 1000));
}
std::optional<Milliamps> sems_amps(double amps) {
    if (!(std::abs(amps) <= highest_amps)) return std::nullopt;
    return Milliamps(rounded(amps * 1000));
}
std::optional<Watts> sems_watts(double watts) {
    if (!(std::abs(watts) <= highest_watts)) return std::nullopt;
    return Watts(rounded(watts));
}
std::optional<Permille> sems_percent(double percent) {
    if (!(percent >= 0 && percent <= 100)) return std::nullopt;
    return Permille(rounded(percent * 10));
}

std::optional<SemsBattery> parse_sems_battery(std::string_view text) {
    const std::size_t first = text.find('/');
    const std::size_t second = first == std::string_view::npos ? first : text.find('/', first + 1);
    if (second == std::string_view::npos) return std::nullopt;
    const auto volts = with_unit(text.substr(0, first), "V");
    const auto amps = with_unit(text.substr(first + 1, second - first - 1), "A");
    const auto watts = with_unit(text.substr(second + 1), "W");
    if (!volts || !amps || !watts || *amps * *watts < 0) return std::nullopt;
    const auto voltage = sems_volts(*volts);
    const auto current = sems_amps(*amps);
    const auto power = sems_watts(*watts);
    if (!voltage || !current || !power) return std::nullopt;
    return SemsBattery{*voltage, -*current, -*power};
}

std::optional<Watts> parse_sems_power(std::string_view text) {
    text = trimmed(text);
    if (text.ends_with(')')) {
        const std::size_t open = text.find('(');
        if (open == std::string_view::npos) return std::nullopt;
        const std::string_view unit = text.substr(open + 1, text.size() - open - 2);
        const auto number = parse_sems_number(text.substr(0, open));
        if (!number || (unit != "W" && unit != "kW")) return std::nullopt;
        return sems_watts(unit == "kW" ? *number * 1000 : *number);
    }
    if (const auto kilowatts = with_unit(text, "kW")) return sems_watts(*kilowatts * 1000);
    if (const auto watts = with_unit(text, "W")) return sems_watts(*watts);
    return std::nullopt;
}

std::optional<Permille> parse_sems_percent(std::string_view text) {
    text = trimmed(text);
    if (text.ends_with('%')) text.remove_suffix(1);
    const auto number = parse_sems_number(text);
    return number ? sems_percent(*number) : std::nullopt;
}

}  // namespace jkp::goodwe
