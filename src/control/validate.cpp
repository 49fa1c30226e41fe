// SPDX-License-Identifier: MIT
#include "control/validate.hpp"

#include <cstdlib>

namespace jkp::control {
namespace {

constexpr Permille start_surprise{50};  // from more than 5 % no pack falls to 0 between two readings

bool cells_possible(const Validation& rules, const Cells& cells) {
    return !cells.empty() && std::all_of(cells.begin(), cells.end(), [&](Millivolts cell) {
        return cell >= rules.cell_minimum && cell <= rules.cell_maximum;
    });
}

bool sum_agrees(const Validation& rules, const PackReading& reading) {
    std::int64_t sum = 0;
    for (const Millivolts cell : reading.cells) sum += cell.count();
    const std::int64_t pack = reading.voltage.count();
    return std::abs(sum - pack) * 1000 <= pack * rules.sum_tolerance.count();
}

bool current_possible(const Validation& rules, const PackSettings& settings, Milliamps current) {
    const Milliamps largest = std::max(settings.charge_over_current.value_or(Milliamps(0)),
                                       settings.discharge_over_current.value_or(Milliamps(0)));
    if (largest == Milliamps(0)) return true;  // the BMS has not told what it can measure
    const std::int64_t bound = std::int64_t{largest.count()} * rules.over_current_factor.count() / 1000;
    return std::abs(std::int64_t{current.count()}) <= bound;
}

bool looks_like_start(const Config& config, const PackReading& reading) {
    const bool cells_healthy = lowest_cell(reading.cells).voltage >= config.cells.charge_lockout;
    return reading.soc == Permille(0) && reading.cycles == 0U && cells_healthy;
}

template <class T>
void remember(std::optional<T>& known, const std::optional<T>& seen) {
    if (seen) known = seen;
}

// A lower setting tightens and counts at once; a higher one counts as far as it was told twice in a row.
template <class T>
void believe(std::optional<T>& known, std::optional<T>& told, const std::optional<T>& seen) {
    if (!seen) return;
    known = known ? std::min(*seen, std::max(*known, told.value_or(*seen))) : *seen;
    told = seen;
}

// At the bottom a higher setting tightens.
void believe_low(std::optional<Millivolts>& known, std::optional<Millivolts>& told,
                 const std::optional<Millivolts>& seen) {
    if (!seen) return;
    known = known ? std::max(*seen, std::min(*known, told.value_or(*seen))) : *seen;
    told = seen;
}

constexpr Millivolts highest_under_voltage{3200};  // above it there is nothing left to discharge

void believe(const Validation& rules, Validator& memory, const PackSettings& seen) {
    PackSettings& known = memory.settings;
    PackSettings& told = memory.told;
    const auto& ovp = seen.cell_over_voltage;
    if (ovp && *ovp >= rules.cell_minimum && *ovp <= rules.cell_maximum) {
        believe(known.cell_over_voltage, told.cell_over_voltage, ovp);
    }
    believe(known.charge_over_current, told.charge_over_current, seen.charge_over_current);
    believe(known.discharge_over_current, told.discharge_over_current, seen.discharge_over_current);
    if (seen.cell_under_voltage <= highest_under_voltage) {
        believe_low(known.cell_under_voltage, told.cell_under_voltage, seen.cell_under_voltage);
    }
    remember(known.capacity, seen.capacity);
}

void remember_probes(const Validation& rules, Validator& memory, const Stamped<PackReading>& reading) {
    for (std::size_t i = 0; i < probe_count; ++i) {
        const auto& value = reading.value.temperatures[static_cast<Probe>(i)];
        if (value && *value >= rules.temperature_minimum && *value <= rules.temperature_maximum) {
            memory.probes[i] = ProbeValue{*value, reading.at};
        }
    }
}

std::optional<Rejection> fault(const Config& config, const PackConfig& pack, const Validator& memory,
                               const PackReading& reading) {
    const Validation& rules = config.validation;
    const auto expected = pack.cell_count ? pack.cell_count : memory.cell_count;
    if (expected && *expected != reading.cells.size()) return Rejection::cell_count;
    if (!cells_possible(rules, reading.cells)) return Rejection::cell_voltage;
    if (!sum_agrees(rules, reading)) return Rejection::cell_sum;
    return std::nullopt;
}

// What the cells show is believable, and yet the reading cannot be right.
std::optional<Rejection> doubt(const Validation& rules, const Validator& memory, const PackReading& reading) {
    if (reading.soc < Permille(0) || reading.soc > Permille(1000)) return Rejection::soc;
    PackSettings settings = memory.settings;
    remember(settings.charge_over_current, reading.settings.charge_over_current);
    remember(settings.discharge_over_current, reading.settings.discharge_over_current);
    if (!current_possible(rules, settings, reading.current)) return Rejection::current;
    return std::nullopt;
}

// A BMS that has just started reports SOC 0 for a while; passing it on would cut the inverter off. A new
// pack that really is empty says the same for ever, so the patience is bounded.
bool held_as_start(const Config& config, Validator& memory, const Stamped<PackReading>& reading) {
    const Duration patience = config.validation.start_hold_off;
    StartWait& wait = memory.start;
    if (memory.nearly_empty || !looks_like_start(config, reading.value)) {
        wait = {};
        return false;
    }
    // After a silence the BMS may have started once more.
    if (!wait.since || reading.at - wait.last >= patience) wait = {.since = reading.at};
    wait.last = reading.at;
    wait.accepted = reading.at - *wait.since >= patience;
    return !wait.accepted;
}

bool nearly_empty(const PackReading& reading) {
    return reading.soc <= start_surprise && reading.cycles.value_or(0) == 0;
}

}  // namespace

CellExtreme highest_cell(const Cells& cells) {
    const auto* const it = std::max_element(cells.begin(), cells.end());
    return {*it, static_cast<std::uint8_t>(it - cells.begin() + 1)};
}

CellExtreme lowest_cell(const Cells& cells) {
    const auto* const it = std::min_element(cells.begin(), cells.end());
    return {*it, static_cast<std::uint8_t>(it - cells.begin() + 1)};
}

std::optional<Probe> missing_probe(const PackConfig& pack, const Validator& memory) {
    const auto missing = [&](Probe p) { return !memory.probes[static_cast<std::size_t>(p)]; };
    for (const Probe p : pack.battery_probes) {
        if (missing(p)) return p;
    }
    if (pack.mosfet_probe && missing(Probe::mosfet)) return Probe::mosfet;
    return std::nullopt;
}

Result<Sample, Rejection> validate(const Config& config, const PackConfig& pack, Validator& memory,
                                   const Stamped<PackReading>& reading) {
    if (const auto why = fault(config, pack, memory, reading.value)) return failure(*why);
    const auto doubted = doubt(config.validation, memory, reading.value);
    Validator seen = memory;
    if (!doubted) {
        const bool wait = held_as_start(config, memory, reading);
        seen.start = memory.start;
        if (wait) return failure(Rejection::start_frame);
    }

    seen.nearly_empty = nearly_empty(reading.value);
    seen.cell_count = static_cast<std::uint8_t>(reading.value.cells.size());
    believe(config.validation, seen, reading.value.settings);
    remember_probes(config.validation, seen, reading);
    if (!doubted) memory = seen;
    if (missing_probe(pack, seen)) return failure(Rejection::probe_missing);

    Sample sample{.reading = reading.value,
                  .at = reading.at,
                  .highest = highest_cell(reading.value.cells),
                  .lowest = lowest_cell(reading.value.cells),
                  .probes = seen.probes,
                  .doubt = doubted};
    sample.reading.settings = seen.settings;
    return sample;
}

std::string_view name(Rejection rejection) {
    switch (rejection) {
        case Rejection::cell_voltage: return "cell_voltage";
        case Rejection::cell_sum: return "cell_sum";
        case Rejection::cell_count: return "cell_count";
        case Rejection::soc: return "soc";
        case Rejection::current: return "current";
        case Rejection::start_frame: return "start_frame";
        case Rejection::probe_missing: return "probe_missing";
    }
    broken("a Rejection of the list", std::source_location::current());
}

}  // namespace jkp::control
