// SPDX-License-Identifier: MIT
// Pairs of numbers of [control] that must stand in a certain order.
#include <algorithm>
#include <span>

#include "config/check.hpp"
#include "config/keys.hpp"

namespace jkp::config {
namespace {

// The first value must be below (or, where equal is allowed, at most) the second.
struct Order {
    std::string_view lower;
    std::string_view upper;
    bool equal_allowed;
    std::string_view otherwise = "";  // what would happen, where the names do not say it
};

constexpr std::string_view never_full = "or the battery is never found full";
constexpr std::string_view never_rises = "or the limit never rises again";
constexpr std::string_view no_hysteresis = "or the limit comes and goes with each value";
constexpr std::string_view no_overlap = "or no charge is in both ranges while the date is not known";

constexpr Order orders[] = {
    {"control.cells.hard_stop_v", "control.cells.latch_v", false},
    {"control.cells.latch_v", "control.cells.critical_high_v", false},
    {"control.cells.latch_release_v", "control.cells.hard_stop_v", false},
    {"control.cells.critical_low_v", "control.cells.charge_lockout_v", false},
    {"control.cells.recovery_floor_v", "control.cells.charge_lockout_v", false},
    {"control.cells.critical_high_v", "control.validation.cell_max_v", false,
     "or the reading is refused before it is a fault"},
    {"control.validation.cell_min_v", "control.cells.recovery_floor_v", false},
    {"control.validation.cell_min_v", "control.cells.critical_low_v", false,
     "or the reading is refused before it is a fault"},
    {"control.cells.recovery_rise_min", "control.cells.recovery_time_h", true},
    {"control.curves.charge_rise_highest_below_v", "control.cells.hard_stop_v", true},
    {"control.curves.charge_rise_soc_above_pct", "control.soc_window.maximum_pct", false, never_rises},
    {"control.curves.charge_rise_soc_above_pct", "control.soc_window.winter_maximum_pct", false, never_rises},
    {"control.curves.discharge_rise_soc_above_pct", "control.soc_window.maximum_pct", false, never_rises},
    {"control.curves.discharge_rise_soc_above_pct", "control.soc_window.winter_maximum_pct", false,
     never_rises},

    {"control.voltage.charge_per_cell_v", "control.cells.hard_stop_v", false},
    {"control.voltage.charge_per_cell_unknown_ovp_v", "control.voltage.charge_per_cell_v", true},
    {"control.voltage.float_per_cell_v", "control.voltage.charge_per_cell_v", false},
    {"control.voltage.float_per_cell_v", "control.phase.absorb_v", true},
    {"control.voltage.discharge_per_cell_v", "control.voltage.float_per_cell_v", false},
    {"control.voltage.discharge_per_cell_v", "control.voltage.charge_per_cell_unknown_ovp_v", false},
    {"control.cells.charge_lockout_v", "control.voltage.discharge_per_cell_v", true},

    {"control.phase.absorb_v", "control.voltage.charge_per_cell_v", true, never_full},
    {"control.phase.end_highest_v", "control.voltage.charge_per_cell_v", true, never_full},
    {"control.phase.end_v", "control.voltage.charge_per_cell_v", true, never_full},
    {"control.phase.absorb_v", "control.phase.end_certain_v", true},
    {"control.phase.end_highest_v", "control.phase.end_certain_v", true},
    {"control.phase.end_certain_v", "control.cells.hard_stop_v", false},
    {"control.phase.end_v", "control.phase.end_reference_v", false},
    {"control.phase.end_time_s", "control.phase.absorb_max_min", false, never_full},
    {"control.phase.rebulk_v", "control.phase.absorb_v", false},
    {"control.phase.rebulk_v", "control.voltage.float_per_cell_v", false,
     "or charging begins again while the battery floats"},
    {"control.phase.rebulk_interval_days", "control.phase.full_overdue_days", true},

    {"control.cells.critical_low_v", "control.soc.empty_v", false},
    {"control.soc_window.minimum_pct", "control.soc_window.maximum_pct", false},
    {"control.soc_window.winter_minimum_pct", "control.soc_window.winter_maximum_pct", false},
    {"control.soc_window.minimum_pct", "control.soc_window.winter_maximum_pct", false, no_overlap},
    {"control.soc_window.winter_minimum_pct", "control.soc_window.maximum_pct", false, no_overlap},

    {"control.coordination.charging_leave_a", "control.coordination.charging_enter_a", false, no_hysteresis},
    {"control.coordination.discharging_leave_a", "control.coordination.discharging_enter_a", false,
     no_hysteresis},
    {"control.coordination.surplus_w", "control.coordination.large_surplus_w", false},
    {"control.coordination.quick_hold_s", "control.coordination.leave_hold_s", true},
    {"control.coordination.rise_a_per_s", "control.coordination.large_rise_a_per_s", true},
    {"control.coordination.charging_enter_a", "control.coordination.peer_max_a", false},
    {"control.coordination.discharging_enter_a", "control.coordination.peer_max_a", false},
    {"control.coordination.large_surplus_w", "control.coordination.grid_max_w", false},
    {"control.oscillation.crossing_w", "control.oscillation.swing_w", false,
     "or neither side of the smallest swing is found"},
    {"control.oscillation.shortest_period_s", "control.oscillation.longest_period_s", false},

    {"control.age.fresh_s", "control.age.reduce_from_s", true},
    {"control.age.reduce_from_s", "control.age.zero_s", false},
    {"control.age.zero_s", "control.age.lost_s", true},
};

constexpr Order orders_of_compensation[] = {
    {"control.resistance.target_v", "control.cells.hard_stop_v", false},
    {"control.phase.absorb_v", "control.resistance.target_v", true, never_full},
    {"control.phase.end_highest_v", "control.resistance.target_v", true, never_full},
};

struct Value {
    double count;
    std::string text;  // with its unit
};

std::optional<Value> value_of(std::string_view path, const Settings& settings) {
    const std::size_t dot = path.rfind('.');
    const auto keys = settings_keys();
    const auto found = std::ranges::find_if(keys, [&](const Key<Settings>* key) {
        return key->table == path.substr(0, dot) && key->name == path.substr(dot + 1);
    });
    ensure(found != keys.end(), "an order names known keys");
    const auto& field = std::get<NumberField<Settings>>((*found)->field);
    const auto count = field.count(settings);
    if (!count) return std::nullopt;
    return Value{*count, in_unit(*count, field.unit)};
}

std::string sentence(const Order& order, const Value& lower, const Value& upper) {
    std::string text = with_value(std::string(order.lower), lower.text) + " must be " +
                       (order.equal_allowed ? "at most " : "below ") +
                       with_value(std::string(order.upper), upper.text);
    if (!order.otherwise.empty()) text += ", " + std::string(order.otherwise);
    return text;
}

void check_each(std::span<const Order> list, const Settings& settings, Findings& findings) {
    for (const Order& order : list) {
        const auto lower = value_of(order.lower, settings);
        const auto upper = value_of(order.upper, settings);
        if (!lower || !upper) continue;
        if (lower->count < upper->count || (order.equal_allowed && lower->count == upper->count)) continue;
        findings.contradiction({std::string(order.lower), std::string(order.upper)},
                               sentence(order, *lower, *upper));
    }
}

}  // namespace

void check_order(const Settings& settings, Findings& findings) {
    check_each(orders, settings, findings);
    if (settings.control.resistance.compensate) check_each(orders_of_compensation, settings, findings);
}

}  // namespace jkp::config
