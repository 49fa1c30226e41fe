// SPDX-License-Identifier: MIT
#include "control/limiters.hpp"

#include "control/bms_alarms.hpp"
#include "control/resistance.hpp"
#include "control/soc_window.hpp"

namespace jkp::control {
namespace {

struct View {
    const Config& config;
    const PackConfig& pack;
    std::uint8_t index;
    const Sample& sample;
    const PackKnowledge& known;
};

template <Direction D>
Milliamps maximum(const View& v) {
    return D == Direction::charge ? v.pack.max_charge : v.pack.max_discharge;
}

Reason because(const View& v, Rule rule) {
    return {.rule = rule, .pack = v.index};
}

Reason because_cell(const View& v, Rule rule, const CellExtreme& cell) {
    return {.rule = rule,
            .input = Input::cell,
            .pack = v.index,
            .index = cell.number,
            .value = cell.voltage.count()};
}

template <Direction D>
Bound<D> user_maximum(const View& v) {
    return {maximum<D>(v), because(v, Rule::user_maximum)};
}

template <Direction D>
Bound<D> unlimited(const View& v, Rule rule) {
    return {maximum<D>(v), because(v, rule)};
}

template <Direction D>
Bound<D> bms_over_current(const View& v) {
    const PackSettings& settings = v.sample.reading.settings;
    const auto& setting =
        D == Direction::charge ? settings.charge_over_current : settings.discharge_over_current;
    if (!setting) return unlimited<D>(v, Rule::bms_over_current);
    Reason reason = because(v, Rule::bms_over_current);
    reason.input = Input::current;
    reason.value = setting->count();
    return {std::min(scaled(*setting, v.config.over_current_share), maximum<D>(v)), reason};
}

bool compensates(const View& v) {
    return v.config.resistance.compensate && v.known.rhat_micro_ohm;
}

template <Direction D>
Bound<D> cell_high_compensated(const View& v) {
    if (D == Direction::discharge || !compensates(v)) return unlimited<D>(v, Rule::cell_high_compensated);
    return {compensated_limit(v.config.resistance, v.sample, v.known.limits.lowered_by,
                              *v.known.rhat_micro_ohm, maximum<D>(v)),
            because_cell(v, Rule::cell_high_compensated, v.sample.highest)};
}

template <Direction D>
Bound<D> soc_window(const View& v) {
    const Permille soc = v.sample.reading.soc;
    const Permille share = D == Direction::charge
                               ? charge_share_at(v.config.soc_window, v.known.soc_range, soc)
                               : discharge_share_at(v.config.soc_window, v.known.soc_range, soc);
    Reason reason = because(v, Rule::soc_window);
    reason.input = Input::soc;
    reason.value = soc.count();
    return {scaled(maximum<D>(v), share), reason};
}

template <Direction D>
Bound<D> cell_high_curve(const View& v) {
    if (D == Direction::discharge) return unlimited<D>(v, Rule::cell_high_curve);
    std::int32_t x = v.sample.highest.voltage.count() + v.known.limits.lowered_by.count();
    // Behind the compensated limit the curve is only the fence.
    if (compensates(v)) x -= v.config.resistance.fence_shift.count();
    return {evaluate(v.config.curves.charge_by_highest, x, maximum<D>(v)),
            because_cell(v, Rule::cell_high_curve, v.sample.highest)};
}

template <Direction D>
Bound<D> cell_low_curve(const View& v) {
    const Curve& curve =
        D == Direction::charge ? v.config.curves.charge_by_lowest : v.config.curves.discharge_by_lowest;
    std::int32_t x = v.sample.lowest.voltage.count();
    if (D == Direction::discharge) x -= v.known.limits.raised_by.count();
    Milliamps value = evaluate(curve, x, maximum<D>(v));
    if (D == Direction::charge) value = std::max(value, v.known.low_cell_floor);
    return {value, because_cell(v, Rule::cell_low_curve, v.sample.lowest)};
}

template <Direction D>
Bound<D> by_probe(const View& v, Rule rule, const LinearCurve& curve, Probe probe) {
    const auto& value = v.sample.probe(probe);
    ensure(value.has_value(), "a validated sample knows its probes");
    return {evaluate(curve, value->value.count(), maximum<D>(v)),
            Reason{.rule = rule,
                   .input = Input::temperature,
                   .pack = v.index,
                   .index = static_cast<std::uint8_t>(probe),
                   .value = value->value.count(),
                   .age = v.sample.at - value->at}};
}

template <Direction D>
Bound<D> battery_temperature(const View& v) {
    const LinearCurve& curve =
        D == Direction::charge ? v.config.temperature.charge : v.config.temperature.discharge;
    Bound<D> result = unlimited<D>(v, Rule::battery_temperature);
    for (const Probe probe : v.pack.battery_probes) {
        result.tighten(by_probe<D>(v, Rule::battery_temperature, curve, probe));
    }
    return result;
}

template <Direction D>
Bound<D> mosfet_temperature(const View& v) {
    if (!v.pack.mosfet_probe) return unlimited<D>(v, Rule::mosfet_temperature);
    return by_probe<D>(v, Rule::mosfet_temperature, v.config.temperature.mosfet, Probe::mosfet);
}

template <Direction D>
Bound<D> mos_off(const View& v) {
    const bool on = D == Direction::charge ? v.sample.reading.charge_mos : v.sample.reading.discharge_mos;
    return {on ? maximum<D>(v) : Milliamps(0), because(v, Rule::mos_off)};
}

template <Direction D>
Bound<D> bms_alarm(const View& v) {
    for (const AlarmEffect& effect : alarm_effects) {
        const bool blocks = D == Direction::charge ? effect.blocks_charge : effect.blocks_discharge;
        if (!blocks || !v.sample.reading.alarms.has(effect.alarm)) continue;
        return {Milliamps(0), Reason{.rule = Rule::bms_alarm,
                                     .input = Input::alarm,
                                     .pack = v.index,
                                     .index = static_cast<std::uint8_t>(effect.alarm)}};
    }
    return unlimited<D>(v, Rule::bms_alarm);
}

template <Direction D>
Bound<D> hard_stop(const View& v) {
    const bool stop = D == Direction::charge &&
                      v.sample.highest.voltage >= v.known.limits.hard_stop - v.config.cells.hard_stop_margin;
    return {stop ? Milliamps(0) : maximum<D>(v), because_cell(v, Rule::hard_stop, v.sample.highest)};
}

template <Direction D>
SampleBounds<D> all(const View& v) {
    return {user_maximum<D>(v),
            bms_over_current<D>(v),
            cell_high_curve<D>(v),
            cell_low_curve<D>(v),
            battery_temperature<D>(v),
            mosfet_temperature<D>(v),
            mos_off<D>(v),
            bms_alarm<D>(v),
            hard_stop<D>(v),
            soc_window<D>(v),
            cell_high_compensated<D>(v)};
}

}  // namespace

PackBounds limiters(const Config& config, std::size_t pack, const Sample& sample,
                    const PackKnowledge& knowledge) {
    const View view{config, config.packs[pack], static_cast<std::uint8_t>(pack), sample, knowledge};
    return {all<Direction::charge>(view), all<Direction::discharge>(view)};
}

}  // namespace jkp::control
