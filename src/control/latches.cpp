// SPDX-License-Identifier: MIT
#include "control/latches.hpp"

#include <utility>

namespace jkp::control {
namespace {

constexpr Millivolts recovered_at{2900};  // where the by-lowest-cell curve allows a useful current again
constexpr Millivolts low_fault_over_at{3000};
// Less is what noise and the charging current itself add to a cell that takes no charge.
constexpr Millivolts recovery_rise{10};

// Counts up to the threshold and no further; false starts again.
bool confirmed(std::uint8_t& samples, bool holds) {
    samples = holds ? static_cast<std::uint8_t>(std::min<int>(samples + 1, latch_samples)) : std::uint8_t{0};
    return samples >= latch_samples;
}

// For how long every cell has been below the release of the hard stop.
Duration calm_for(const PackLatches& l, const Sample& sample) {
    return l.below_release.first ? sample.at - *l.below_release.first : Duration{};
}

Event event(EventCode code, std::size_t pack, Millivolts value) {
    return {code, static_cast<std::uint8_t>(pack), value.count()};
}

void observe_high(PackLatches& l, const Config& config, std::size_t pack, const Sample& sample,
                  const Thresholds& limits, Events& events) {
    const Millivolts h = sample.highest.voltage;
    const bool latched = confirmed(l.high_samples, h >= limits.latch);
    const bool critical = confirmed(l.critical_samples, h >= config.cells.critical_high);
    if (latched && !l.hard_stop) {
        l.hard_stop = true;
        events.offer(event(EventCode::hard_stop_latched, pack, h));
    }
    if (critical && l.high != HighFault::blocked) {
        l.high = HighFault::blocked;
        events.offer(event(EventCode::critical_high, pack, h));
    }
    const Duration calm =
        l.below_release.observe(h < limits.latch_release, sample.at, config.age.reduce_from);
    if (calm < config.cells.latch_release_time) return;
    if (l.hard_stop) {
        l.hard_stop = false;
        events.offer(event(EventCode::hard_stop_released, pack, h));
    }
    if (l.high == HighFault::blocked) {
        l.high = HighFault::awaiting_operator;
        events.offer(event(EventCode::critical_high_discharge_freed, pack, h));
    }
}

void observe_low(PackLatches& l, const Config& config, std::size_t pack, const Sample& sample,
                 Events& events) {
    const Millivolts low = sample.lowest.voltage;
    if (confirmed(l.low_samples, low <= config.cells.critical_low) && !l.low) {
        l.low = true;
        events.offer(event(EventCode::critical_low, pack, low));
    }
    if (confirmed(l.lockout_samples, low < config.cells.charge_lockout) && !l.lockout) {
        l.lockout = true;
        events.offer(event(EventCode::low_cell_lockout, pack, low));
    }
}

void end_recovery(PackLatches& l, std::size_t pack, Millivolts lowest, Events& events) {
    l.recovery.reset();
    events.offer(event(EventCode::recovery_ended, pack, lowest));
}

void observe_recovery(PackLatches& l, const Config& config, std::size_t pack, const Sample& sample,
                      Events& events) {
    const Millivolts low = sample.lowest.voltage;
    const Duration well = l.low_recovered.observe(low >= recovered_at, sample.at, config.age.reduce_from);
    if (!l.recovery) return;
    if (low >= l.recovery->lowest_at_start + recovery_rise) l.recovery->risen = true;
    if (well >= config.cells.latch_release_time) {
        l.recovery.reset();
        l.lockout = false;
        events.offer(event(EventCode::recovery_succeeded, pack, low));
    } else if (low < config.cells.recovery_floor) {
        end_recovery(l, pack, low, events);
    }
}

std::optional<Decicelsius> coldest(const PackConfig& pack, const Sample& sample) {
    std::optional<Decicelsius> result;
    for (const Probe probe : pack.battery_probes) {
        const Decicelsius value = sample.probe(probe)->value;
        result = result ? std::min(*result, value) : value;
    }
    return result;
}

bool warm_enough(const Config& config, const PackConfig& pack, const Sample& sample) {
    const auto cold = coldest(pack, sample);
    return cold && *cold >= config.cells.recovery_temperature;
}

MilliampHours capacity_of(const PackConfig& pack, const Sample& sample) {
    if (pack.capacity) return *pack.capacity;
    if (sample.reading.capacity) return *sample.reading.capacity;
    return sample.reading.settings.capacity.value_or(MilliampHours(0));
}

Reason because(Rule rule, std::size_t pack, const CellExtreme& cell) {
    return {.rule = rule,
            .input = Input::cell,
            .pack = static_cast<std::uint8_t>(pack),
            .index = cell.number,
            .value = cell.voltage.count()};
}

}  // namespace

Duration Since::observe(bool holds, TimePoint at, Duration gap) {
    const bool continues = holds && last && at - *last <= gap;
    if (!continues) first = holds ? std::optional(at) : std::nullopt;
    last = holds ? std::optional(at) : std::nullopt;
    return first ? at - *first : Duration{};
}

void observe(PackLatches& latches, const Config& config, std::size_t pack, const Sample& sample,
             const Thresholds& limits, Events& events) {
    observe_high(latches, config, pack, sample, limits, events);
    observe_low(latches, config, pack, sample, events);
    observe_recovery(latches, config, pack, sample, events);
}

void expire(PackLatches& latches, const Config& config, std::size_t pack, TimePoint now, Events& events) {
    if (!latches.recovery) return;
    const Duration lasted = now - latches.recovery->started;
    const bool useless = !latches.recovery->risen && lasted >= config.cells.recovery_rise_time;
    if (useless || lasted >= config.cells.recovery_time) {
        end_recovery(latches, pack, latches.recovery->lowest_at_start, events);
    }
}

Milliamps recovery_current(const PackLatches& latches, const Config& config, std::size_t pack,
                           const Sample& sample) {
    if (!latches.recovery) return Milliamps(0);
    const bool allowed = sample.lowest.voltage >= config.cells.recovery_floor &&
                         warm_enough(config, config.packs[pack], sample) && sample.reading.charge_mos;
    if (!allowed) return Milliamps(0);
    const std::int64_t by_capacity =
        capacity_of(config.packs[pack], sample).count() * config.cells.recovery_rate.count() / 1000;
    return Milliamps(static_cast<std::int32_t>(
        std::min<std::int64_t>(by_capacity, config.cells.recovery_maximum.count())));
}

void add_bounds(const PackLatches& l, const Config& config, std::size_t pack, const Sample& sample,
                Bounds<Direction::charge>& charge, Bounds<Direction::discharge>& discharge) {
    const Milliamps none{0};
    if (l.hard_stop) charge.push_back({none, because(Rule::hard_stop_latched, pack, sample.highest)});
    if (l.high != HighFault::none)
        charge.push_back({none, because(Rule::critical_high, pack, sample.highest)});
    if (l.high == HighFault::blocked) {
        discharge.push_back({none, because(Rule::critical_high, pack, sample.highest)});
    }
    if (l.low) discharge.push_back({none, because(Rule::critical_low, pack, sample.lowest)});
    if (l.unknown) {
        charge.push_back({none, because(Rule::latches_unknown, pack, sample.highest)});
        discharge.push_back({none, because(Rule::latches_unknown, pack, sample.lowest)});
    }
    if (!l.lockout) return;
    const Rule rule = l.recovery ? Rule::recovery : Rule::low_cell_lockout;
    charge.push_back({recovery_current(l, config, pack, sample), because(rule, pack, sample.lowest)});
}

Result<void, Refusal> acknowledge(PackLatches& latches, const Config& config, const Sample& sample) {
    if (!latches.fault()) return failure(Refusal::nothing_to_acknowledge);
    const bool high_over = latches.unknown ? calm_for(latches, sample) >= config.cells.latch_release_time
                                           : latches.high != HighFault::blocked;
    const bool low_over = !latches.low || latches.unknown || sample.lowest.voltage >= low_fault_over_at;
    if (!high_over || !low_over || sample.highest.voltage >= config.cells.critical_high) {
        return failure(Refusal::still_critical);
    }
    // What the cells cannot rule out stays: one that is low may have been at fault or locked out. Refusing
    // the acknowledgement instead would leave no way to charge it.
    const bool was_unknown = std::exchange(latches.unknown, false);
    latches.high = HighFault::none;
    latches.low = was_unknown && sample.lowest.voltage < low_fault_over_at;
    latches.lockout = latches.lockout || (was_unknown && sample.lowest.voltage < recovered_at);
    return {};
}

Result<void, Refusal> recover(PackLatches& latches, const Config& config, const PackConfig& pack,
                              const Sample& sample, TimePoint now) {
    if (!latches.lockout) return failure(Refusal::nothing_to_recover);
    if (latches.recovery) return failure(Refusal::already_recovering);
    if (sample.lowest.voltage < config.cells.recovery_floor) return failure(Refusal::below_floor);
    if (!warm_enough(config, pack, sample)) return failure(Refusal::too_cold);
    if (!sample.reading.charge_mos) return failure(Refusal::charge_mos_off);
    latches.recovery = Recovery{.started = now, .lowest_at_start = sample.lowest.voltage};
    return {};
}

std::string_view name(Refusal refusal) {
    switch (refusal) {
        case Refusal::nothing_to_acknowledge: return "nothing_to_acknowledge";
        case Refusal::still_critical: return "still_critical";
        case Refusal::nothing_to_recover: return "nothing_to_recover";
        case Refusal::already_recovering: return "already_recovering";
        case Refusal::no_data: return "no_data";
        case Refusal::below_floor: return "below_floor";
        case Refusal::too_cold: return "too_cold";
        case Refusal::charge_mos_off: return "charge_mos_off";
        case Refusal::no_such_pack: return "no_such_pack";
    }
    broken("a Refusal of the list", std::source_location::current());
}

}  // namespace jkp::control
