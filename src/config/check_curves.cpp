// SPDX-License-Identifier: MIT
// The shape of each curve and its order against the fixed stops.
#include "config/check.hpp"
#include "config/curve_shape.hpp"

namespace jkp::config {
namespace {

using control::Curve;
using control::LinearCurve;

const std::string hard_stop_key = "control.cells.hard_stop_v";
const std::string critical_low_key = "control.cells.critical_low_v";
const std::string lockout_key = "control.cells.charge_lockout_v";

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
    if (*zero <= config.cells.hard_stop.count()) return;
    findings.contradiction({charge_key, hard_stop_key},
                           charge_key + " reaches 0 at " + volts_text(*zero) + " only: must be at most " +
                               with_value(hard_stop_key, volts_text(config.cells.hard_stop.count())));
}

// Between the two no charge flows and nobody may release it.
void check_refill_curve(const Settings& settings, Findings& findings) {
    const Curve& refill = settings.control.curves.charge_by_lowest;
    if (!is_monotone(corners(refill), Direction::rising)) {
        findings.contradiction({refill_key},
                               "the charge limit must not fall with the voltage of the lowest cell");
    }
    const auto zero = zero_until(refill);
    const Millivolts lockout = settings.control.cells.charge_lockout;
    if (!zero || *zero <= lockout.count()) return;
    findings.contradiction({refill_key, lockout_key},
                           refill_key + " is 0 up to " + volts_text(*zero) + ": must be at most " +
                               with_value(lockout_key, volts_text(lockout.count())) +
                               ", or a cell between the two can neither be charged nor released");
}

void check_discharge_curve(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    const Curve& discharge = config.curves.discharge_by_lowest;
    if (!is_monotone(corners(discharge), Direction::rising)) {
        findings.contradiction({discharge_key},
                               "the discharge limit must not fall with the voltage of the lowest cell");
    }
    const auto zero = zero_until(discharge);
    if (!zero)
        return findings.contradiction({discharge_key}, "the discharge limit must be 0 at the first voltage");
    if (*zero >= config.cells.critical_low.count()) return;
    findings.contradiction({discharge_key, critical_low_key},
                           discharge_key + " is 0 below " + volts_text(*zero) + " only: must be at least " +
                               with_value(critical_low_key, volts_text(config.cells.critical_low.count())));
}

std::string celsius_text(double decicelsius) {
    return in_unit(decicelsius, celsius);
}

void check_shape(const std::string& key, const LinearCurve& curve, Findings& findings) {
    const auto list = corners(curve);
    if (!zero_from(list)) {
        findings.contradiction({key}, "the limit must reach 0 at the last temperature");
    }
    if (!has_one_summit(list)) {
        findings.contradiction({key}, "the limit must not rise again after it has fallen");
    }
    if (peak(curve, Milliamps(1000)) == Milliamps(0)) {
        findings.contradiction({key}, "the limit must not be 0 at every temperature");
    }
}

// A temperature at which a curve still decides must count as measured.
void check_valid_range(const std::string& key, const LinearCurve& curve, const Settings& settings,
                       Findings& findings) {
    const auto& validation = settings.control.validation;
    const std::string highest = "control.validation.temperature_max_c";
    const std::string lowest = "control.validation.temperature_min_c";
    const std::string otherwise = " reaches 0, or a probe there counts as broken";
    const auto hot = zero_from(corners(curve));
    if (hot && validation.temperature_maximum.count() < *hot) {
        findings.contradiction({highest, key},
                               with_value(highest, celsius_text(validation.temperature_maximum.count())) +
                                   " must be at least " + celsius_text(*hot) + ", where " + key + otherwise);
    }
    const auto cold = zero_until(curve);
    if (cold && validation.temperature_minimum.count() > *cold) {
        findings.contradiction({lowest, key},
                               with_value(lowest, celsius_text(validation.temperature_minimum.count())) +
                                   " must be at most " + celsius_text(*cold) + ", where " + key + otherwise);
    }
}

void check_charge_temperature(const Settings& settings, Findings& findings) {
    const std::string key = "control.temperature.charge";
    const std::string recovery_key = "control.cells.recovery_temperature_c";
    const LinearCurve& curve = settings.control.temperature.charge;
    constexpr double just_below_freezing = -1;  // -0.1 degree C
    if (value_at(curve, just_below_freezing) > 0) {
        findings.contradiction({key}, "the charge limit must be 0 below 0 °C");
    }
    const Decicelsius recovery = settings.control.cells.recovery_temperature;
    if (value_at(curve, recovery.count()) > 0) return;
    findings.contradiction({recovery_key, key},
                           "at " + with_value(recovery_key, celsius_text(recovery.count())) + " " + key +
                               " must allow current, or a recovery begins that cannot charge");
}

}  // namespace

void check_curves(const Settings& settings, Findings& findings) {
    check_charge_curve(settings, findings);
    check_refill_curve(settings, findings);
    check_discharge_curve(settings, findings);

    const auto& temperature = settings.control.temperature;
    const std::string mosfet = "control.temperature.mosfet";
    if (!is_monotone(corners(temperature.mosfet), Direction::falling)) {
        findings.contradiction({mosfet}, "the limit must not rise with the temperature");
    }
    const auto check_table = [&](const std::string& key, const LinearCurve& curve) {
        check_shape(key, curve, findings);
        check_valid_range(key, curve, settings, findings);
    };
    check_table("control.temperature.charge", temperature.charge);
    check_table("control.temperature.discharge", temperature.discharge);
    check_table(mosfet, temperature.mosfet);
    check_charge_temperature(settings, findings);
}

}  // namespace jkp::config
