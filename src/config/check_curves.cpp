// SPDX-License-Identifier: MIT
// Shape of the curves, their order against the fixed stops, and the stability of the loop they close.
#include <cmath>
#include <cstdio>
#include <limits>
#include <vector>

#include "config/check.hpp"
#include "config/fields.hpp"

namespace jkp::config {
namespace {

using control::Curve;
using control::LinearCurve;
using control::StepCurve;

// The curve as (x, y) corners in ascending x; a step curve begins with what holds below its first step.
struct Corner {
    double x;
    double y;
};

std::vector<Corner> corners(const Curve& curve) {
    std::vector<Corner> list;
    if (const auto* linear = std::get_if<LinearCurve>(&curve)) {
        for (const auto& point : linear->points)
            list.push_back({double(point.x), double(point.share.count())});
        return list;
    }
    const auto& steps = std::get<StepCurve>(curve);
    list.push_back({-std::numeric_limits<double>::infinity(), double(steps.below.count())});
    for (const auto& step : steps.steps) list.push_back({double(step.x), double(step.limit.count())});
    return list;
}

enum class Direction : std::uint8_t { falling, rising };

bool is_monotone(const std::vector<Corner>& list, Direction direction) {
    for (std::size_t i = 1; i < list.size(); ++i) {
        const double change = list[i].y - list[i - 1].y;
        if (direction == Direction::falling ? change > 0 : change < 0) return false;
    }
    return true;
}

// Where a falling curve reaches 0 and stays there; nothing when it never does.
std::optional<double> zero_from(const std::vector<Corner>& list) {
    if (list.back().y != 0) return std::nullopt;
    std::size_t i = list.size() - 1;
    while (i > 0 && list[i - 1].y == 0) --i;
    return list[i].x;
}

// Up to where a rising curve is 0: for steps the voltage at which the first current is allowed.
std::optional<double> zero_until(const Curve& curve) {
    const auto list = corners(curve);
    if (list.front().y != 0) return std::nullopt;
    std::size_t i = 0;
    while (i + 1 < list.size() && list[i + 1].y == 0) ++i;
    const bool steps = std::holds_alternative<StepCurve>(curve);
    return steps && i + 1 < list.size() ? list[i + 1].x : list[i].x;
}

std::string volts_text(double millivolts) {
    return decimal(millivolts / volts.scale) + " V";
}

double value_at(const LinearCurve& curve, double x) {
    const auto list = corners(curve);
    if (x <= list.front().x) return list.front().y;
    for (std::size_t i = 1; i < list.size(); ++i) {
        if (x > list[i].x) continue;
        return std::lerp(list[i - 1].y, list[i].y, (x - list[i - 1].x) / (list[i].x - list[i - 1].x));
    }
    return list.back().y;
}

const std::string charge_key = "control.curves.charge_by_highest";
const std::string refill_key = "control.curves.charge_by_lowest";
const std::string discharge_key = "control.curves.discharge_by_lowest";

void check_charge_curve(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    const auto list = corners(config.curves.charge_by_highest);
    if (!is_monotone(list, Direction::falling)) {
        findings.contradiction({charge_key},
                               "the charge limit must not rise with the voltage of the highest cell");
    }
    const auto zero = zero_from(list);
    if (!zero)
        return findings.contradiction({charge_key}, "the charge limit must reach 0 at the last voltage");
    if (*zero > config.cells.hard_stop.count()) {
        findings.contradiction({charge_key, "control.cells.hard_stop_v"},
                               "the charge limit reaches 0 at " + volts_text(*zero) +
                                   " only: must be at most control.cells.hard_stop_v (" +
                                   volts_text(config.cells.hard_stop.count()) + ")");
    }
    const auto must_be_reached = [&](const std::string& key, Millivolts target) {
        if (target.count() <= *zero) return;
        findings.contradiction({charge_key, key, "control.preset"},
                               key + " (" + volts_text(target.count()) + ") is above " + volts_text(*zero) +
                                   ", where the charge limit is 0 already: the battery would never be full");
    };
    must_be_reached("control.phase.absorb_v", config.phase.absorb_at);
    must_be_reached("control.phase.end_highest_v", config.phase.end_highest);
}

void check_low_curves(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    if (!is_monotone(corners(config.curves.charge_by_lowest), Direction::rising)) {
        findings.contradiction({refill_key},
                               "the charge limit must not fall with the voltage of the lowest cell");
    }
    const Curve& discharge = config.curves.discharge_by_lowest;
    if (!is_monotone(corners(discharge), Direction::rising)) {
        findings.contradiction({discharge_key},
                               "the discharge limit must not fall with the voltage of the lowest cell");
    }
    const auto zero = zero_until(discharge);
    if (!zero)
        return findings.contradiction({discharge_key}, "the discharge limit must be 0 at the first voltage");
    if (*zero < config.cells.critical_low.count()) {
        findings.contradiction({discharge_key, "control.cells.critical_low_v"},
                               "the discharge limit is 0 below " + volts_text(*zero) +
                                   " only: must be at least control.cells.critical_low_v (" +
                                   volts_text(config.cells.critical_low.count()) + ")");
    }
}

void check_temperature_curves(const Settings& settings, Findings& findings) {
    const auto& temperature = settings.control.temperature;
    constexpr double just_below_freezing = -1;  // -0.1 degree C
    if (value_at(temperature.charge, just_below_freezing) > 0) {
        findings.contradiction({"control.temperature.charge"}, "the charge limit must be 0 below 0 °C");
    }
    const auto must_end_at_zero = [&](const std::string& key, const LinearCurve& curve) {
        if (!zero_from(corners(curve))) {
            findings.contradiction({key}, "the limit must reach 0 at the last temperature");
        }
    };
    must_end_at_zero("control.temperature.charge", temperature.charge);
    must_end_at_zero("control.temperature.discharge", temperature.discharge);
    must_end_at_zero("control.temperature.mosfet", temperature.mosfet);
    if (!is_monotone(corners(temperature.mosfet), Direction::falling)) {
        findings.contradiction({"control.temperature.mosfet"},
                               "the limit must not rise with the temperature");
    }
}

// Share of the maximum per volt.
double steepest_slope(const LinearCurve& curve) {
    double steepest = 0;
    const auto list = corners(curve);
    for (std::size_t i = 1; i < list.size(); ++i) {
        const double share_change = std::abs(list[i].y - list[i - 1].y) / share.scale;
        steepest = std::max(steepest, share_change * volts.scale / (list[i].x - list[i - 1].x));
    }
    return steepest;
}

std::string two_decimals(double number) {
    std::array<char, 32> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.2f", number);
    return buffer.data();
}

struct Loop {
    std::string curve_key;
    std::string maximum_key;
    Milliamps maximum;
    double ohms;
};

void check_loop(const Curve& curve, const Loop& loop, const control::Config& config, Findings& findings) {
    constexpr Duration shortest_hold = std::chrono::seconds(10);
    const std::string key = findings.has_seen(loop.curve_key) ? loop.curve_key : loop.maximum_key;
    if (std::holds_alternative<StepCurve>(curve)) {
        if (config.dynamics.rise_hold < shortest_hold) {
            findings.warning(
                "control.dynamics.rise_hold_s",
                "steps in " + loop.curve_key + " need at least 10 s, or the limit jumps to and fro");
        }
        return;
    }
    const double slope = steepest_slope(std::get<LinearCurve>(curve));
    const double gain = loop.maximum.count() / amps.scale * slope * loop.ohms;
    if (gain < 1) return;
    findings.warning(
        key, "the loop gain of " + loop.curve_key + " is " + two_decimals(gain) + " (maximum x steepest " +
                 two_decimals(slope) + " per volt x " + two_decimals(loop.ohms * 1e3) +
                 " mOhm): at 1 or more the current can hunt; make the curve flatter or the maximum "
                 "smaller");
}

}  // namespace

void check_curves(const Settings& settings, Findings& findings) {
    check_charge_curve(settings, findings);
    check_low_curves(settings, findings);
    check_temperature_curves(settings, findings);
}

// Without a configured capacity the resistance of the cells is not known here and nothing is said.
void check_stability(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    for (std::size_t i = 0; i < config.packs.size(); ++i) {
        const auto& pack = config.packs[i];
        const std::string path = "pack[" + std::to_string(i) + "].";
        constexpr double reference_ah = 100;
        const double ah = pack.capacity ? double(pack.capacity->count()) / amp_hours.scale : 0;
        const double ohms = ah > 0 ? config.resistance.micro_ohm * 1e-6 * reference_ah / ah : 0;
        check_loop(config.curves.charge_by_highest,
                   {charge_key, path + "max_charge_a", pack.max_charge, ohms}, config, findings);
        check_loop(config.curves.discharge_by_lowest,
                   {discharge_key, path + "max_discharge_a", pack.max_discharge, ohms}, config, findings);
    }
}

}  // namespace jkp::config
