// SPDX-License-Identifier: MIT
// Sources disagree about the signs of pBat and pGrid, so a sign alone is never believed.
#include <algorithm>
#include <array>
#include <cmath>

#include "goodwe/sems_answer.hpp"
#include "goodwe/sems_json.hpp"
#include "goodwe/sems_text.hpp"

namespace jkp::goodwe {
namespace {

using sems::Json;
using sems::member;
using sems::number_of;

// Of a thing that gives to the house (discharge, import) or takes from it (charge, export).
enum class Direction : std::uint8_t { unknown, gives, takes };

std::optional<double> watts(const Json& data, const char* key) {
    const auto kilowatts = number_of(member(data, key));
    if (!kilowatts || !sems_watts(*kilowatts * 1000)) return std::nullopt;
    return *kilowatts * 1000;
}

// From {"source": ["sink", ...]}. Both ways at once is no direction.
Direction by_flows(const Json& flows, const std::string& what) {
    bool gives = false;
    bool takes = false;
    for (const auto& [source, sinks] : flows.items()) {
        if (!sinks.is_array() || sinks.empty()) continue;
        if (source == what) gives = true;
        takes = takes || std::ranges::any_of(sinks, [&](const Json& sink) { return sink == Json(what); });
    }
    if (gives == takes) return Direction::unknown;
    return gives ? Direction::gives : Direction::takes;
}

struct Powers {
    double battery;  // magnitudes, W
    double grid;
    double pv;
    double load;
};

struct Directions {
    Direction battery = Direction::unknown;
    Direction grid = Direction::unknown;
};

// Tries the four ways to give signs: pv + discharge + import = load + charge + export. A direction is known
// when all ways that fit agree on it.
Directions by_balance(const Powers& p) {
    const double tolerance = std::max(100.0, 0.05 * std::max({p.battery, p.grid, p.pv, p.load}));
    std::array<bool, 2> battery_fits{};
    std::array<bool, 2> grid_fits{};
    for (const std::size_t battery : {0U, 1U}) {
        for (const std::size_t grid : {0U, 1U}) {
            const double rest =
                p.pv + (battery == 0 ? p.battery : -p.battery) + (grid == 0 ? p.grid : -p.grid) - p.load;
            if (std::abs(rest) > tolerance) continue;
            battery_fits[battery] = true;
            grid_fits[grid] = true;
        }
    }
    const auto only = [](const std::array<bool, 2>& fits) {
        if (fits[0] == fits[1]) return Direction::unknown;
        return fits[0] ? Direction::gives : Direction::takes;
    };
    return {only(battery_fits), only(grid_fits)};
}

Directions directions(const Json& data, const std::optional<double>& battery,
                      const std::optional<double>& grid) {
    const Json& flows = member(data, "flows");
    if (flows.is_object() && !flows.empty()) return {by_flows(flows, "pBat"), by_flows(flows, "pGrid")};
    const auto pv = watts(data, "pSystem");
    const auto load = watts(data, "pConsum");
    if (!battery || !grid || !pv || !load || *pv < 0 || *load < 0) return {};
    return by_balance({std::abs(*battery), std::abs(*grid), *pv, *load});
}

// What it takes from the house (charge, export) is +; 0 needs no direction.
std::optional<Watts> taken(const std::optional<double>& value, Direction direction) {
    if (!value) return std::nullopt;
    if (*value == 0) return Watts(0);
    if (direction == Direction::unknown) return std::nullopt;
    return sems_watts(direction == Direction::takes ? std::abs(*value) : -std::abs(*value));
}

std::optional<Watts> not_negative(const std::optional<double>& value) {
    return value && *value >= 0 ? sems_watts(*value) : std::nullopt;
}

}  // namespace

Result<SemsReading, SemsFault> parse_sems_flow(std::string_view body) {
    const auto answer = sems::successful(body);
    if (!answer) return failure(answer.error());
    const Json& data = member(*answer, "data");
    if (data.is_null() || data.empty()) return failure(SemsFault::no_station);
    if (!data.is_object()) return failure(SemsFault::garbage);
    const auto battery = watts(data, "pBat");
    const auto grid = watts(data, "pGrid");
    const Directions known = directions(data, battery, grid);
    SemsReading reading;
    reading.readings.battery_power = taken(battery, known.battery);
    reading.readings.grid = taken(grid, known.grid);
    reading.readings.pv = not_negative(watts(data, "pSystem"));
    reading.readings.load = not_negative(watts(data, "pConsum"));
    reading.readings.soc = sems::percent_of(member(data, "soc"));
    reading.data_mark = sems::text_of(member(data, "refreshTime"));
    return reading;
}

Result<SemsReading, SemsFault> parse_sems_flow_battery(std::string_view body) {
    auto reading = parse_sems_flow(body);
    if (reading && !reading->readings.battery_power) return failure(SemsFault::no_battery);
    return reading;
}

}  // namespace jkp::goodwe
