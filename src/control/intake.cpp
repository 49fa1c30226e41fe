// SPDX-License-Identifier: MIT
#include "control/intake.hpp"

namespace jkp::control {
namespace {

template <Direction D>
const SampleBounds<D>& side(const PackBounds& bounds) {
    if constexpr (D == Direction::charge) {
        return bounds.charge;
    } else {
        return bounds.discharge;
    }
}

void remember(Evidence& evidence, const PackBounds& bounds, TimePoint at) {
    evidence.entries[2] = evidence.entries[1];
    evidence.entries[1] = evidence.entries[0];
    evidence.entries[0] = {bounds, at};
    evidence.count = static_cast<std::uint8_t>(std::min<int>(evidence.count + 1, 3));
}

bool same_data(const PackReading& a, const PackReading& b) {
    return a.cells == b.cells && a.voltage == b.voltage && a.current == b.current;
}

void watch_frozen(const Config& config, PackState& pack, const Sample& sample, std::size_t index,
                  Events& events) {
    const bool same = pack.sample && same_data(pack.sample->reading, sample.reading);
    if (!same) pack.unchanged_since = sample.at;
    const bool frozen = sample.at - pack.unchanged_since >= config.age.frozen_after &&
                        magnitude(sample.reading.current) >= config.age.frozen_current;
    if (frozen && !pack.frozen) events.offer({EventCode::frozen_data, static_cast<std::uint8_t>(index)});
    pack.frozen = frozen;
}

void set_thresholds(const Config& config, PackState& pack, const Sample& sample, std::size_t index,
                    Events& events) {
    const PackSettings& settings = sample.reading.settings;
    const Thresholds limits = thresholds(config, settings.cell_over_voltage, settings.cell_under_voltage);
    const auto number = static_cast<std::uint8_t>(index);
    const bool first = pack.valid_samples == 0;
    if (!limits.over_voltage_known && first) events.offer({EventCode::over_voltage_unknown, number});
    if (limits.lowered_by > Millivolts(0) && limits.lowered_by != pack.limits.lowered_by) {
        events.offer({EventCode::thresholds_lowered, number, limits.lowered_by.count()});
    }
    const bool raised = limits.discharge_per_cell > config.voltage.discharge_per_cell;
    if (raised && limits.discharge_per_cell != pack.limits.discharge_per_cell) {
        events.offer({EventCode::discharge_voltage_raised, number, limits.discharge_per_cell.count()});
    }
    pack.limits = limits;
}

MilliampHours known_capacity(const PackConfig& config, const PackState& pack, const Sample& sample) {
    if (config.capacity) return *config.capacity;
    if (sample.reading.capacity) return *sample.reading.capacity;
    return sample.reading.settings.capacity.value_or(pack.capacity);
}

}  // namespace

PackKnowledge knowledge(const Config& config, std::size_t index, const PackState& pack) {
    return {.limits = pack.limits,
            .low_cell_floor = recovery_current(pack.latches, config, index, *pack.sample),
            .soc_range = pack.soc_range,
            .rhat_micro_ohm = pack.rhat_micro_ohm};
}

namespace {

PackBounds judgement(const Config& config, std::size_t index, const PackState& pack) {
    return limiters(config, index, *pack.sample, knowledge(config, index, pack));
}

template <Direction D>
Milliamps curves(const Evidence& evidence, TimePoint at) {
    constexpr auto high = static_cast<std::size_t>(Rule::cell_high_curve);
    constexpr auto low = static_cast<std::size_t>(Rule::cell_low_curve);
    return std::min(trusted<D>(evidence, high, at).value(), trusted<D>(evidence, low, at).value());
}

void pass_gates(const Config& config, PackState& pack) {
    const Sample& sample = *pack.sample;
    const RiseView view{sample.highest.voltage, sample.reading.soc, sample.at};
    pass(pack.charge_gate, config.curves.charge_rise, curves<Direction::charge>(pack.evidence, sample.at),
         view);
    pass(pack.discharge_gate, config.curves.discharge_rise,
         curves<Direction::discharge>(pack.evidence, sample.at), view);
}

void tell_start_frame(StartWait& wait, std::uint8_t number, Events& events) {
    if (!wait.told) events.offer({EventCode::start_frame_held, number});
    wait.told = true;
}

void tell_rejection(const PackConfig& config, PackState& pack, std::uint8_t number, Rejection why,
                    Events& events) {
    ++pack.rejected_samples;
    if (why == Rejection::start_frame) {
        tell_start_frame(pack.validator.start, number, events);
    } else if (why == Rejection::probe_missing) {
        const Probe probe = *missing_probe(config, pack.validator);
        events.offer({EventCode::probe_missing, number, static_cast<std::int32_t>(probe)});
    } else {
        events.offer({EventCode::sample_rejected, number, static_cast<std::int32_t>(why)});
    }
}

template <Direction D>
void tighten(SampleBounds<D>& bounds, const SampleBounds<D>& doubted, Duration later) {
    for (std::size_t i = 0; i < sample_limiters; ++i) {
        if (doubted[i].value() < bounds[i].value()) bounds[i] = aged(doubted[i], -later);
    }
}

// An inverter that ignores its limits drives an impossible current and a cell too high at the same time:
// the cell must be seen. What could loosen (the current, SOC, latches, gates, the age) stays as it was.
bool tighten_by_doubted(const Config& config, std::size_t index, PackState& pack, Sample sample) {
    if (!pack.sample) return false;
    const Sample& known = *pack.sample;
    if (known.highest.voltage > sample.highest.voltage) sample.highest = known.highest;
    if (known.lowest.voltage < sample.lowest.voltage) sample.lowest = known.lowest;
    sample.reading.current = known.reading.current;
    sample.reading.soc = known.reading.soc;
    const auto probes = known.probes;
    pack.sample = sample;
    Evidence::Entry& newest = pack.evidence.entries[0];
    const PackBounds doubted = judgement(config, index, pack);
    tighten(newest.bounds.charge, doubted.charge, sample.at - newest.at);
    tighten(newest.bounds.discharge, doubted.discharge, sample.at - newest.at);
    pack.sample->probes = probes;  // they age as well
    return true;
}

}  // namespace

bool take(const Config& config, PackState& pack, const Arrival& arrival, Events& events) {
    const std::size_t index = arrival.pack;
    const auto number = static_cast<std::uint8_t>(index);
    const auto sample = validate(config, config.packs[index], pack.validator, arrival.reading);
    if (!sample) {
        tell_rejection(config.packs[index], pack, number, sample.error(), events);
        return false;
    }
    if (sample->doubt) {
        tell_rejection(config.packs[index], pack, number, *sample->doubt, events);
        return tighten_by_doubted(config, index, pack, *sample);
    }
    if (pack.validator.start.accepted) events.offer({EventCode::start_frame_accepted, number});
    watch_frozen(config, pack, *sample, index, events);
    set_thresholds(config, pack, *sample, index, events);
    pack.capacity = known_capacity(config.packs[index], pack, *sample);
    pack.rhat_micro_ohm = over_estimate(pack.resistance, config.resistance);
    // The cells of a doubted sample do not belong to its current.
    const bool pair = pack.sample && !pack.sample->doubt;
    if (pair && learn(pack.resistance, config.resistance, pack.capacity, *pack.sample, *sample)) {
        events.offer({EventCode::resistance_learned, number, *pack.resistance.micro_ohm});
    }
    pack.sample = *sample;
    pack.believed_at = sample->at;
    ++pack.valid_samples;
    pack.streak = static_cast<std::uint8_t>(std::min<int>(pack.streak + 1, 2));
    observe(pack.latches, config, index, *sample, pack.limits, events);
    remember(pack.evidence, judgement(config, index, pack), sample->at);
    pass_gates(config, pack);
    return true;
}

void reconsider(const Config& config, std::size_t index, PackState& pack) {
    pack.charge_gate.allowed = std::min(pack.charge_gate.allowed, config.packs[index].max_charge);
    pack.discharge_gate.allowed = std::min(pack.discharge_gate.allowed, config.packs[index].max_discharge);
    if (!pack.sample) return;
    pack.probe_ladders = {};  // one that is no longer named must not go on ageing the bank
    if (missing_probe(config.packs[index], pack.validator)) {
        // A newly named probe has never been seen: the pack is incomplete until it is (rule S5).
        pack.sample.reset();
        pack.evidence = {};
        return;
    }
    const PackSettings& settings = pack.sample->reading.settings;
    pack.limits = thresholds(config, settings.cell_over_voltage, settings.cell_under_voltage);
    pack.capacity = known_capacity(config.packs[index], pack, *pack.sample);
    // Only the newest sample is known well enough to be judged anew. The older judgements stay: they can
    // only tighten it, so a new configuration loosens nothing on the word of one sample.
    pack.evidence.entries[0].bounds = judgement(config, index, pack);
}

template <Direction D>
Bound<D> trusted(const Evidence& evidence, std::size_t limiter, TimePoint now) {
    ensure(evidence.count > 0, "a judged sample");
    const auto at = [&](std::size_t i) {
        const Evidence::Entry& entry = evidence.entries[i];
        return aged(side<D>(entry.bounds)[limiter], now - entry.at);
    };
    Bound<D> newest = at(0);
    Bound<D> second = at(1);  // limits nothing when there is none yet
    if (evidence.count == 3) {
        // The better of the two earlier ones is the median whenever the newest is the highest of all.
        const Bound<D> third = at(2);
        if (third.value() > second.value()) second = third;
    }
    newest.tighten(second);
    return newest;
}

template ChargeBound trusted(const Evidence&, std::size_t, TimePoint);
template DischargeBound trusted(const Evidence&, std::size_t, TimePoint);

bool blocks(Rule rule) {
    switch (rule) {
        case Rule::user_maximum:
        case Rule::soc_window:
        case Rule::bank_maximum:
        case Rule::bank_sum:
        case Rule::rise_rule:
        case Rule::inverter_lost:
        case Rule::peer_charging:
        case Rule::peer_discharging:
        case Rule::peer_unknown:
        case Rule::oscillation:
        case Rule::site_release:
        case Rule::user_current:
        case Rule::command_release:
        case Rule::start:
        case Rule::hold:
        case Rule::ramp:
        case Rule::smallest_useful: return false;
        case Rule::bms_over_current:
        case Rule::cell_high_curve:
        case Rule::cell_low_curve:
        case Rule::battery_temperature:
        case Rule::mosfet_temperature:
        case Rule::mos_off:
        case Rule::bms_alarm:
        case Rule::hard_stop:
        case Rule::cell_high_compensated:
        case Rule::hard_stop_latched:
        case Rule::critical_high:
        case Rule::critical_low:
        case Rule::low_cell_lockout:
        case Rule::latches_unknown:
        case Rule::recovery:
        case Rule::age:
        case Rule::probe_age:
        case Rule::no_pack:
        case Rule::paused: return true;
    }
    broken("a Rule of the list", std::source_location::current());
}

}  // namespace jkp::control
