// SPDX-License-Identifier: MIT
#include "report/remedy.hpp"

#include <source_location>

#include "core/ensure.hpp"
#include "report/words.hpp"

namespace jkp::report {
namespace {

using control::Config;
using control::Direction;
using control::Input;
using control::Reason;
using control::Rule;

// A stretch of x, open at its ends where a border is missing.
struct Stretch {
    std::optional<std::int32_t> from;
    std::optional<std::int32_t> to;
};

std::optional<Border> way_to(const Stretch& stretch, std::int32_t x) {
    if (stretch.from && x < *stretch.from) return Border{*stretch.from, false};
    if (stretch.to && x >= *stretch.to) return Border{*stretch.to, true};
    return std::nullopt;
}

template <class Wanted>
Stretch stretch_of(const control::StepCurve& curve, Wanted wanted) {
    Stretch result;
    bool inside = wanted(curve.below);
    for (const control::Step& step : curve.steps) {
        const bool now = wanted(step.limit);
        if (now && !inside) result = {step.x, std::nullopt};
        if (!now && inside) result.to = step.x;
        inside = now;
    }
    return result;
}

Stretch free_stretch(const control::LinearCurve& curve) {
    Permille best{0};
    for (const auto& point : curve.points) best = std::max(best, point.share);
    const auto is_best = [&](const control::CurvePoint& p) { return p.share == best; };
    const auto* const first = std::find_if(curve.points.begin(), curve.points.end(), is_best);
    const auto* last = first;
    while (last + 1 != curve.points.end() && is_best(last[1])) ++last;
    Stretch result;
    if (first != curve.points.begin()) result.from = first->x;
    // Exactly at the last point nothing is taken away yet.
    if (last + 1 != curve.points.end()) result.to = last->x + 1;
    return result;
}

Stretch free_stretch(const control::StepCurve& curve) {
    Milliamps best = curve.below;
    for (const auto& step : curve.steps) best = std::max(best, step.limit);
    return stretch_of(curve, [best](Milliamps limit) { return limit == best; });
}

Stretch open_stretch(const control::LinearCurve& curve) {
    Stretch result;
    bool open = false;
    for (const auto& point : curve.points) {
        if (point.share > Permille(0)) {
            open = true;
        } else if (!open) {
            result.from = point.x + 1;
        } else if (!result.to) {
            result.to = point.x;
        }
    }
    return result;
}

Stretch open_stretch(const control::StepCurve& curve) {
    return stretch_of(curve, [](Milliamps limit) { return limit > Milliamps(0); });
}

// What one explanation is about.
struct Case {
    const Reason& reason;
    Milliamps limit;
    bool charge;
    const control::Rise& rise;
    const PackSnapshot* pack;
    const Config& config;

    [[nodiscard]] Millivolts lowered_by() const { return pack ? pack->thresholds.lowered_by : Millivolts(0); }
    [[nodiscard]] std::string pack_name() const { return pack ? pack->name : std::string("the pack"); }
    [[nodiscard]] std::string direction() const { return charge ? "charge" : "discharge"; }
};

template <class Unit>
std::string on_the_better_side(const Border& border, Unit unit) {
    return (border.below ? "below " : "at or above ") + unit(border.x);
}

template <class Unit>
std::string by_curve(const Case& c, const control::Curve& curve, std::int32_t x, const char* what,
                     Unit unit) {
    std::string text;
    const auto open = open_border(curve, x);
    const auto free = free_border(curve, x);
    if (open && c.limit == Milliamps(0)) {
        text = "more than 0 A once " + std::string(what) + " is " + on_the_better_side(*open, unit);
    }
    if (free) {
        text += std::string(text.empty() ? "no limit once " : "; no limit once ") +
                (text.empty() ? what : "it") + " is " + on_the_better_side(*free, unit);
    }
    return text;
}

std::string by_high_cell(const Case& c) {
    const bool fence = c.config.resistance.compensate && c.pack && c.pack->compensated;
    const Millivolts shift = c.lowered_by() - (fence ? c.config.resistance.fence_shift : Millivolts(0));
    return by_curve(c, c.config.curves.charge_by_highest, c.reason.value + shift.count(), "the cell",
                    [shift](std::int32_t x) { return cell_volts(Millivolts(x) - shift); });
}

std::string by_low_cell(const Case& c) {
    const auto& curves = c.config.curves;
    return by_curve(c, c.charge ? curves.charge_by_lowest : curves.discharge_by_lowest, c.reason.value,
                    "the cell", [](std::int32_t x) { return cell_volts(Millivolts(x)); });
}

std::string by_temperature(const Case& c, const control::LinearCurve& curve) {
    return by_curve(c, curve, c.reason.value, "it", [](std::int32_t x) { return celsius(Decicelsius(x)); });
}

std::string by_soc(const Case& c) {
    if (!c.pack) return {};
    const auto& range = c.pack->soc_range;
    const Permille taper = c.config.soc_window.taper;
    return c.charge ? "no limit at " + percent(range.maximum - taper) + " and below"
                    : "no limit at " + percent(range.minimum + taper) + " and above";
}

std::string by_rise_rule(const Case& c) {
    const auto& rule = c.charge ? c.config.curves.charge_rise : c.config.curves.discharge_rise;
    std::string text;
    const auto also = [&](const std::string& part) { text += (text.empty() ? "" : " and ") + part; };
    if (rule.hold > Duration{}) {
        also(std::to_string(rule.hold / control::minutes(1)) + " min after its last reduction");
    }
    if (rule.highest_below) also("with the highest cell below " + cell_volts(*rule.highest_below));
    if (rule.soc_above) also("with the SOC above " + percent(*rule.soc_above));
    return text;
}

std::string below_for_a_while(Millivolts voltage, const control::CellLimits& cells) {
    return "every cell below " + cell_volts(voltage) + " for " + seconds_text(cells.latch_release_time);
}

std::string by_critical_high(const Case& c) {
    const Millivolts release = c.pack ? c.pack->thresholds.latch_release : c.config.cells.latch_release;
    const std::string until = below_for_a_while(release, c.config.cells);
    return c.charge ? until + ", then `jk-pylon ack` after a look at the cells" : until;
}

std::string by_recovery(const Case& c) {
    return "a slow charge until the cell has recovered; it ends " +
           std::to_string(c.config.cells.recovery_time / control::minutes(1)) + " min after its release";
}

std::string in_a_while(const control::Rise& rise) {
    return rise.wait > Duration{} ? "in " + seconds_text(rise.wait) + " at the earliest" : "";
}

std::string rising(const Case& c) {
    const control::Dynamics& rules = c.config.dynamics;
    if (c.reason.rule == Rule::hold && c.rise.wait <= Duration{}) {
        return "at least " + percent(rules.rise_from) + " of the maximum more, allowed for " +
               seconds_text(rules.rise_window) + "; now " + amps(c.rise.target) + " are allowed";
    }
    const std::string target = "rises to " + amps(c.rise.target);
    const std::string when = in_a_while(c.rise);
    return when.empty() ? target + " if nothing changes" : target + " " + when;
}

std::string starting(const Case& c) {
    const std::string readings =
        std::to_string(c.config.dynamics.start_samples) + " valid readings of every pack";
    const std::string when = in_a_while(c.rise);
    return readings + (when.empty() ? "" : ", " + when);
}

std::string by_peer(const Case& c, Milliamps leave) {
    const auto& rules = c.config.coordination;
    const std::string less = "the second battery " + std::string(c.charge ? "discharges" : "charges") +
                             " with less than " + amps(leave) + " for " + seconds_text(rules.leave_hold);
    if (!c.charge) return less;
    return less + ", or more than " + std::to_string(rules.surplus.count()) +
           " W are left over at the meter beyond what it gives";
}

std::string by_oscillation(const Case& c) {
    return "the power at the meter is calm for " + std::to_string(c.config.oscillation.hold_periods) +
           " periods; then a half more each time";
}

std::string by_release(const Case& c) {
    const auto& rules = c.config.coordination;
    return "rises by " + amps(rules.rise_per_second) + " per second, by " +
           amps(rules.large_rise_per_second) + " with more than " +
           std::to_string(rules.large_surplus.count()) +
           " W at the meter, each time the answer to the step before was seen";
}

std::string words_for(const Case& c) {
    switch (c.reason.rule) {
        case Rule::user_maximum:
            return "max_" + c.direction() + "_a of [[pack]] " + c.pack_name() + " in the configuration";
        case Rule::bms_over_current:
            return "a higher over-current setting in the JK app, if cells and cables allow it";
        case Rule::cell_high_curve: return by_high_cell(c);
        case Rule::cell_low_curve: return by_low_cell(c);
        case Rule::battery_temperature:
            return by_temperature(c, c.charge ? c.config.temperature.charge : c.config.temperature.discharge);
        case Rule::mosfet_temperature: return by_temperature(c, c.config.temperature.mosfet);
        case Rule::mos_off:
            return "the BMS switches " + c.direction() +
                   " on again; see its alarms and switches in the JK app";
        case Rule::bms_alarm: return "the BMS takes its alarm back; see its cause in the JK app";
        case Rule::hard_stop:
            return "every cell below " +
                   cell_volts((c.pack ? c.pack->thresholds.hard_stop : c.config.cells.hard_stop) -
                              c.config.cells.hard_stop_margin);
        case Rule::soc_window: return by_soc(c);
        case Rule::cell_high_compensated:
            return "the cell, without the voltage that the current adds, further below " +
                   cell_volts(c.config.resistance.target - c.lowered_by());
        case Rule::hard_stop_latched:
            return below_for_a_while(c.pack ? c.pack->thresholds.latch_release : c.config.cells.latch_release,
                                     c.config.cells);
        case Rule::critical_high: return by_critical_high(c);
        case Rule::critical_low: return "the cell recovers, then `jk-pylon ack` after a look at the cells";
        case Rule::low_cell_lockout:
            return "find the cause, then `jk-pylon recover --pack " + c.pack_name() + "`";
        case Rule::latches_unknown:
            return below_for_a_while(c.pack ? c.pack->thresholds.latch_release : c.config.cells.latch_release,
                                     c.config.cells) +
                   ", then `jk-pylon ack` after a look at the cells";
        case Rule::recovery: return by_recovery(c);
        case Rule::rise_rule: return by_rise_rule(c);
        case Rule::age:
            return "a valid reading of " + c.pack_name() + "; see its cable and `jk-pylon status`";
        case Rule::probe_age:
            return "a valid value of this probe; check it, or take it out of temperature_sensors";
        case Rule::no_pack: return "a pack that answers";
        case Rule::bank_maximum: return "max_" + c.direction() + "_a of [bank] in the configuration";
        case Rule::bank_sum: return "more of a single pack; see the limits of each";
        case Rule::inverter_lost:
            return "the inverter is heard again (0x305); check the CAN cable and the inverter";
        case Rule::peer_charging: return by_peer(c, c.config.coordination.charging_leave);
        case Rule::peer_discharging: return by_peer(c, c.config.coordination.discharging_leave);
        case Rule::peer_unknown:
            return "a value of the second battery; see its inverter, the network and `jk-pylon status`";
        case Rule::oscillation: return by_oscillation(c);
        case Rule::site_release: return by_release(c);
        case Rule::user_current:
            return "another value or the end of the command max_" + c.direction() +
                   "_a; see `jk-pylon command`";
        case Rule::paused: return "the end of the command pause; see `jk-pylon command`";
        case Rule::command_release:
            return "rises by at most " + amps(c.config.dynamics.rise_per_second) + " per second, " +
                   seconds_text(c.config.dynamics.rise_hold) + " after the last change of a command";
        case Rule::start: return starting(c);
        case Rule::hold:
        case Rule::ramp: return rising(c);
        case Rule::smallest_useful:
            return amps(c.config.smallest_useful) + " would have to be allowed, the least the inverter can " +
                   "hold; now it would be " + amps(c.rise.target);
    }
    broken("a Rule of the list", std::source_location::current());
}

}  // namespace

std::optional<Border> free_border(const control::Curve& curve, std::int32_t x) {
    return std::visit([x](const auto& shape) { return way_to(free_stretch(shape), x); }, curve);
}

std::optional<Border> open_border(const control::Curve& curve, std::int32_t x) {
    return std::visit([x](const auto& shape) { return way_to(open_stretch(shape), x); }, curve);
}

template <Direction D>
std::string remedy(const control::Bound<D>& bound, const control::Rise& rise,
                   const std::vector<PackSnapshot>& packs, const Config& config) {
    const Reason& reason = bound.reason();
    const PackSnapshot* const pack = reason.pack < packs.size() ? &packs[reason.pack] : nullptr;
    return words_for({reason, bound.value(), D == Direction::charge, rise, pack, config});
}

template std::string remedy(const control::ChargeBound&, const control::Rise&,
                            const std::vector<PackSnapshot>&, const Config&);
template std::string remedy(const control::DischargeBound&, const control::Rise&,
                            const std::vector<PackSnapshot>&, const Config&);

}  // namespace jkp::report
