// SPDX-License-Identifier: MIT
// Voltages that the curves must let the battery reach, or must have ended before.
#include "config/check.hpp"
#include "config/curve_shape.hpp"
#include "control/thresholds.hpp"

namespace jkp::config {
namespace {

using control::LinearCurve;

constexpr Millivolts no_over_voltage_in_the_way{10000};

struct Target {
    std::string key;
    Millivolts voltage;
};

// Near its end a linear curve allows less and less: the voltage of its 0 itself is not reached.
bool is_reached(const control::Curve& charge, Millivolts target, double zero) {
    return std::holds_alternative<LinearCurve>(charge) ? target.count() < zero : target.count() <= zero;
}

void check_top(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    const auto& charge = config.curves.charge_by_highest;
    const auto zero = zero_from(corners(charge));
    if (!zero) return;
    const Target targets[] = {{"control.phase.absorb_v", config.phase.absorb_at},
                              {"control.phase.end_highest_v", config.phase.end_highest},
                              {"control.phase.end_v", config.phase.end_voltage}};
    for (const auto& [key, voltage] : targets) {
        if (is_reached(charge, voltage, *zero)) continue;
        const bool steps = std::holds_alternative<control::StepCurve>(charge);
        findings.contradiction({charge_key, key, "control.preset"},
                               with_value(key, volts_text(voltage.count())) + " must be " +
                                   (steps ? "at most " : "below ") + volts_text(*zero) + ", where " +
                                   charge_key + " reaches 0: the battery would never be full");
    }
}

void check_compensated(const Settings& settings, Findings& findings) {
    const auto& rules = settings.control.resistance;
    const auto zero = zero_from(corners(settings.control.curves.charge_by_highest));
    if (!rules.compensate || !zero) return;
    const double fence = *zero + rules.fence_shift.count();
    if (rules.target.count() <= fence) return;
    const std::string key = "control.resistance.target_v";
    const std::string shift = "control.resistance.fence_shift_v";
    findings.contradiction({key, shift, charge_key},
                           with_value(key, volts_text(rules.target.count())) + " must be at most " +
                               volts_text(fence) + ", where " + charge_key + " reaches 0 with " +
                               with_value(shift, volts_text(rules.fence_shift.count())));
}

void check_bottom(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    const auto zero = zero_until(config.curves.discharge_by_lowest);
    if (!zero) return;
    const std::string dvl_key = "control.voltage.discharge_per_cell_v";
    const Millivolts dvl = config.voltage.discharge_per_cell;
    if (dvl.count() > *zero) {
        findings.contradiction({dvl_key, discharge_key}, with_value(dvl_key, volts_text(dvl.count())) +
                                                             " must be at most " + volts_text(*zero) +
                                                             ", down to where " + discharge_key +
                                                             " allows current");
    }
    const std::string rise_key = "control.curves.discharge_rise_highest_below_v";
    const auto& below = config.curves.discharge_rise.highest_below;
    if (below && below->count() <= *zero) {
        findings.contradiction({rise_key, discharge_key}, with_value(rise_key, volts_text(below->count())) +
                                                              " must be above " + volts_text(*zero) +
                                                              ", up to where " + discharge_key +
                                                              " is 0, or the limit never rises again");
    }
}

bool is_written(std::initializer_list<std::string> keys, const Findings& findings) {
    return std::ranges::any_of(keys, [&](const std::string& key) { return findings.has_seen(key); });
}

void warn_of_idle_voltages(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    const std::string cvl = "control.voltage.charge_per_cell_v";
    const std::string empty = "control.soc.empty_v";
    const auto top = zero_from(corners(config.curves.charge_by_highest));
    const auto bottom = zero_until(config.curves.discharge_by_lowest);
    if (top && config.voltage.charge_per_cell.count() > *top && is_written({cvl, charge_key}, findings)) {
        findings.warning({cvl, charge_key},
                         with_value(cvl, volts_text(config.voltage.charge_per_cell.count())) + " is above " +
                             volts_text(*top) + ", where " + charge_key +
                             " reaches 0: the charge voltage never ends a charge");
    }
    if (bottom && config.soc.empty_voltage.count() < *bottom &&
        is_written({empty, discharge_key}, findings)) {
        findings.warning({empty, discharge_key},
                         with_value(empty, volts_text(config.soc.empty_voltage.count())) + " is below " +
                             volts_text(*bottom) + ", up to where " + discharge_key +
                             " is 0: the battery is never found empty");
    }
}

// control::thresholds keeps distances of its own; what it changes must not come as a surprise.
void warn_of_lowered_top(const Settings& settings, Findings& findings) {
    const auto limits = control::thresholds(settings.control, no_over_voltage_in_the_way);
    const std::string key = "control.cells.hard_stop_v";
    if (limits.hard_stop < settings.control.cells.hard_stop) {
        findings.warning(key, with_value(key, volts_text(settings.control.cells.hard_stop.count())) +
                                  " counts as " + volts_text(limits.hard_stop.count()) +
                                  ": it stays 0.02 V below control.cells.latch_v");
    }
    if (limits.lowered_by > Millivolts(0)) {
        findings.warning(key,
                         "so low a stop lowers the charge curve, the charge voltage and the voltages of "
                         "control.phase by " +
                             volts_text(limits.lowered_by.count()));
    }
}

void warn_of_narrow_window(const Settings& settings, Findings& findings) {
    const auto& window = settings.control.soc_window;
    const std::string path = "control.soc_window.";
    const std::string taper = path + "taper_pct";
    const auto warn = [&](const control::SocRange& range, const std::string& season) {
        const Permille width = range.maximum - range.minimum;
        if (width >= window.taper) return;
        const std::string minimum = path + season + "minimum_pct";
        const std::string maximum = path + season + "maximum_pct";
        findings.warning({taper, minimum, maximum},
                         with_value(taper, in_unit(window.taper.count(), percent)) + " is more than from " +
                             minimum + " to " + maximum + " (" + in_unit(width.count(), percent) +
                             "): the full current never flows");
    };
    warn(window.range, "");
    if (window.seasonal()) warn(window.winter(), "winter_");
}

}  // namespace

void check_targets(const Settings& settings, Findings& findings) {
    check_top(settings, findings);
    check_compensated(settings, findings);
    check_bottom(settings, findings);
    warn_of_idle_voltages(settings, findings);
    warn_of_lowered_top(settings, findings);
    warn_of_narrow_window(settings, findings);
}

}  // namespace jkp::config
