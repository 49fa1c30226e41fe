// SPDX-License-Identifier: MIT
#include "config/check.hpp"

#include <algorithm>
#include <array>

#include "config/keys.hpp"

namespace jkp::config {
namespace {

// The first value must be below (or, where equal is allowed, at most) the second.
struct Order {
    std::string_view lower;
    std::string_view upper;
    bool equal_allowed;
};

constexpr Order orders[] = {
    {"control.cells.hard_stop_v", "control.cells.latch_v", false},
    {"control.cells.latch_v", "control.cells.critical_high_v", false},
    {"control.cells.latch_release_v", "control.cells.hard_stop_v", false},
    {"control.cells.critical_low_v", "control.cells.charge_lockout_v", false},
    {"control.cells.recovery_floor_v", "control.cells.charge_lockout_v", false},
    {"control.cells.critical_high_v", "control.validation.cell_max_v", false},
    {"control.validation.cell_min_v", "control.cells.recovery_floor_v", false},
    {"control.cells.recovery_rise_min", "control.cells.recovery_time_h", true},
    {"control.curves.charge_rise_highest_below_v", "control.cells.hard_stop_v", true},

    {"control.voltage.charge_per_cell_v", "control.cells.hard_stop_v", false},
    {"control.voltage.charge_per_cell_unknown_ovp_v", "control.voltage.charge_per_cell_v", true},
    {"control.voltage.float_per_cell_v", "control.voltage.charge_per_cell_v", false},
    {"control.voltage.discharge_per_cell_v", "control.voltage.float_per_cell_v", false},
    {"control.cells.critical_low_v", "control.voltage.discharge_per_cell_v", false},
    {"control.cells.charge_lockout_v", "control.voltage.discharge_per_cell_v", true},

    {"control.phase.absorb_v", "control.phase.end_certain_v", true},
    {"control.phase.end_highest_v", "control.phase.end_certain_v", true},
    {"control.phase.end_certain_v", "control.cells.hard_stop_v", false},
    {"control.phase.end_v", "control.phase.end_reference_v", false},
    {"control.phase.rebulk_v", "control.phase.absorb_v", false},
    {"control.phase.rebulk_interval_days", "control.phase.full_overdue_days", true},

    {"control.cells.critical_low_v", "control.soc.empty_v", false},
    {"control.soc.low_floor_pct", "control.soc.before_full_pct", false},
    {"control.soc_window.minimum_pct", "control.soc_window.maximum_pct", false},
    {"control.soc_window.winter_minimum_pct", "control.soc_window.winter_maximum_pct", false},
    {"control.resistance.target_v", "control.cells.hard_stop_v", false},

    {"control.age.fresh_s", "control.age.reduce_from_s", true},
    {"control.age.reduce_from_s", "control.age.zero_s", false},
    {"control.age.zero_s", "control.age.lost_s", true},
};

struct Value {
    double count;
    std::string text;  // with its unit
};

std::optional<Value> value_of(std::string_view path, const Settings& settings) {
    const std::size_t dot = path.rfind('.');
    const auto found = std::ranges::find_if(control_keys(), [&](const Key<Settings>& key) {
        return key.table == path.substr(0, dot) && key.name == path.substr(dot + 1);
    });
    ensure(found != control_keys().end(), "an order names known keys");
    const auto& field = std::get<NumberField<Settings>>(found->field);
    const auto count = field.count(settings);
    if (!count) return std::nullopt;
    return Value{*count, decimal(*count / field.unit.scale) + ' ' + std::string(field.unit.word)};
}

std::string seconds_text(Duration duration) {
    return decimal(static_cast<double>(duration.count()) / seconds_.scale) + " s";
}

std::string amps_text(Milliamps current) {
    return decimal(current.count() / amps.scale) + " A";
}

struct CanNeed {
    CanKind kind;
    std::string_view word;
    std::string_view key;
    std::string CanSettings::* value;
};
const std::array<CanNeed, 4> can_needs{{
    {CanKind::socketcan, "socketcan", "interface", &CanSettings::interface},
    {CanKind::slcan, "slcan", "port", &CanSettings::port},
    {CanKind::cannelloni, "cannelloni", "remote", &CanSettings::remote},
    {CanKind::candump, "candump", "file", &CanSettings::file},
}};

}  // namespace

void check(const Settings& settings, Findings& findings) {
    check_order(settings, findings);
    check_packs(settings, findings);
    check_bank(settings, findings);
    check_can(settings, findings);
    check_curves(settings, findings);
    check_stability(settings, findings);
}

void check_order(const Settings& settings, Findings& findings) {
    for (const Order& order : orders) {
        const auto lower = value_of(order.lower, settings);
        const auto upper = value_of(order.upper, settings);
        if (!lower || !upper) continue;
        if (lower->count < upper->count || (order.equal_allowed && lower->count == upper->count)) continue;
        findings.contradiction({std::string(order.lower), std::string(order.upper)},
                               std::string(order.lower) + " (" + lower->text + ") must be " +
                                   (order.equal_allowed ? "at most " : "below ") + std::string(order.upper) +
                                   " (" + upper->text + ")");
    }
}

void check_packs(const Settings& settings, Findings& findings) {
    const auto& age = settings.control.age;
    for (std::size_t i = 0; i < settings.control.packs.size(); ++i) {
        const auto& pack = settings.control.packs[i];
        const auto& link = settings.links[i];
        const std::string path = "pack[" + std::to_string(i) + "].";
        const std::string poll = path + "poll_s (" + seconds_text(pack.poll_period) + ")";
        if (2 * pack.poll_period > age.reduce_from) {
            findings.contradiction({path + "poll_s", "control.age.reduce_from_s"},
                                   "twice " + poll + " must be at most control.age.reduce_from_s (" +
                                       seconds_text(age.reduce_from) +
                                       "), or a single lost answer costs current");
        }
        if (link.fast_poll && link.fast_poll_period > pack.poll_period) {
            const std::string fast = path + "fast_poll_s";
            const std::string period = seconds_text(link.fast_poll_period);
            findings.contradiction({fast, path + "poll_s"},
                                   fast + " (" + period + ") must be at most " + poll);
        }
        const auto check_useful = [&](const std::string& key, Milliamps maximum) {
            if (settings.control.smallest_useful <= maximum) return;
            const std::string limit = path + key;
            const std::string useful = amps_text(settings.control.smallest_useful);
            findings.contradiction({"profile.smallest_useful_a", limit},
                                   "profile.smallest_useful_a (" + useful + ") must be at most " + limit +
                                       " (" + amps_text(maximum) + "), or no current ever flows");
        };
        check_useful("max_charge_a", pack.max_charge);
        check_useful("max_discharge_a", pack.max_discharge);
    }
}

void check_bank(const Settings& settings, Findings& findings) {
    const auto& packs = settings.control.packs;
    const auto key = [](std::size_t i, const char* name) {
        return "pack[" + std::to_string(i) + "]." + name;
    };
    for (std::size_t i = 0; i < packs.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (!settings.links[i].port.empty() && settings.links[i].port == settings.links[j].port) {
                findings.contradiction(
                    {key(i, "port"), key(j, "port")},
                    "two packs cannot share the port " + settings.links[i].port + ": each BMS needs its own");
            }
            if (packs[i].name == packs[j].name) {
                findings.contradiction(
                    {key(i, "name"), key(j, "name")},
                    "two packs have the name " + std::string(packs[i].name.view()) + ": each needs its own");
            }
        }
        if (packs[i].cell_count && packs[0].cell_count && *packs[i].cell_count != *packs[0].cell_count) {
            findings.contradiction({key(i, "cell_count"), key(0, "cell_count")},
                                   "packs in parallel must have equally many cells");
        }
    }
    if (settings.control.bank.quorum > packs.size()) {
        findings.error("bank.quorum", "is above the number of packs (" + std::to_string(packs.size()) + ")");
    }
}

void check_can(const Settings& settings, Findings& findings) {
    constexpr std::array slcan_rates{10000, 20000, 50000, 100000, 125000, 250000, 500000, 800000, 1000000};
    const CanSettings& can = settings.can;
    for (const CanNeed& need : can_needs) {
        const std::string key = "can." + std::string(need.key);
        if (need.kind == can.kind && (can.*need.value).empty()) {
            findings.contradiction({"can.kind", key}, "kind \"" + std::string(need.word) + "\" needs " + key);
        }
        if (need.kind != can.kind && findings.has_seen(key)) {
            findings.warning(key, "is not used: it belongs to kind \"" + std::string(need.word) + "\"");
        }
    }
    if (can.manage_interface && can.kind != CanKind::socketcan) {
        findings.contradiction({"can.manage_interface", "can.kind"},
                               "can.manage_interface works with kind \"socketcan\" only");
    }
    if (can.kind == CanKind::slcan && std::ranges::find(slcan_rates, can.bitrate) == slcan_rates.end()) {
        findings.contradiction(
            {"can.bitrate"},
            "an slcan adapter knows 10000, 20000, 50000, 100000, 125000, 250000, 500000, 800000 "
            "and 1000000 bit/s");
    }
}

}  // namespace jkp::config
