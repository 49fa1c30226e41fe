// SPDX-License-Identifier: MIT
// Whether a current can flow at all above the least useful one, and the stability of the loop the curves
// close.
#include <array>
#include <cstdio>

#include "config/check.hpp"
#include "config/curve_shape.hpp"

namespace jkp::config {
namespace {

using control::Curve;
using control::LinearCurve;
using control::StepCurve;

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

struct UsefulOf {
    const Settings& settings;
    Findings& findings;

    void need(std::initializer_list<std::string> keys, Milliamps maximum, const std::string& what) const {
        const Milliamps useful = settings.control.smallest_useful;
        if (useful <= maximum) return;
        findings.contradiction(keys, with_value(useful_key, amps_text(useful)) + " must be at most " + what +
                                         ", or no current ever flows");
    }
    void need_maximum(const std::string& key, Milliamps maximum) const {
        need({useful_key, key}, maximum, with_value(key, amps_text(maximum)));
    }
    void need_peak(const std::string& key, const Curve& curve, const std::string& maximum_key,
                   Milliamps maximum) const {
        const Milliamps most = peak(curve, maximum);
        need({useful_key, key, maximum_key}, most,
             "the most that " + key + " allows (" + amps_text(most) + ")");
    }
};

// A recovery is never above a fixed current and a part of the pack's capacity.
void warn_of_useless_recovery(const Settings& settings, Findings& findings) {
    const auto& cells = settings.control.cells;
    const Milliamps useful = settings.control.smallest_useful;
    const std::string below = " is below " + with_value(useful_key, amps_text(useful)) + ": a recovery";
    if (cells.recovery_maximum < useful) {
        const std::string key = "control.cells.recovery_max_a";
        findings.warning({key, useful_key},
                         with_value(key, amps_text(cells.recovery_maximum)) + below + " never charges");
    }
    for (std::size_t i = 0; i < settings.control.packs.size(); ++i) {
        const auto& capacity = settings.control.packs[i].capacity;
        if (!capacity) continue;
        const std::int64_t most = std::int64_t{capacity->count()} * cells.recovery_rate.count() / 1000;
        if (most >= useful.count()) continue;
        findings.warning(pack_key(i, "capacity_ah"), "control.cells.recovery_rate_share of it (" +
                                                         in_unit(double(most), amps) + ")" + below +
                                                         " of this pack never charges");
    }
}

}  // namespace

void check_useful_current(const Settings& settings, Findings& findings) {
    const UsefulOf useful{settings, findings};
    const auto& curves = settings.control.curves;
    for (std::size_t i = 0; i < settings.control.packs.size(); ++i) {
        const auto& pack = settings.control.packs[i];
        const std::string charge = pack_key(i, "max_charge_a");
        const std::string discharge = pack_key(i, "max_discharge_a");
        useful.need_maximum(charge, pack.max_charge);
        useful.need_maximum(discharge, pack.max_discharge);
        useful.need_peak(charge_key, curves.charge_by_highest, charge, pack.max_charge);
        useful.need_peak(refill_key, curves.charge_by_lowest, charge, pack.max_charge);
        useful.need_peak(discharge_key, curves.discharge_by_lowest, discharge, pack.max_discharge);
    }
    warn_of_useless_recovery(settings, findings);
    const auto& bank = settings.control.bank;
    if (bank.max_charge) useful.need_maximum("bank.max_charge_a", *bank.max_charge);
    if (bank.max_discharge) useful.need_maximum("bank.max_discharge_a", *bank.max_discharge);
}

// Without a configured capacity the resistance of the cells is not known here and nothing is said.
void check_stability(const Settings& settings, Findings& findings) {
    const auto& config = settings.control;
    for (std::size_t i = 0; i < config.packs.size(); ++i) {
        const auto& pack = config.packs[i];
        constexpr double reference_ah = 100;
        const double ah = pack.capacity ? double(pack.capacity->count()) / amp_hours.scale : 0;
        const double ohms = ah > 0 ? config.resistance.micro_ohm * 1e-6 * reference_ah / ah : 0;
        check_loop(config.curves.charge_by_highest,
                   {charge_key, pack_key(i, "max_charge_a"), pack.max_charge, ohms}, config, findings);
        check_loop(config.curves.discharge_by_lowest,
                   {discharge_key, pack_key(i, "max_discharge_a"), pack.max_discharge, ohms}, config,
                   findings);
    }
}

}  // namespace jkp::config
