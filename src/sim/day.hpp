// SPDX-License-Identifier: MIT
// One day of one site, drawn from a seed: batteries, inverter, weather and house. Pure: the same seed is the
// same day everywhere. It knows nothing about the controller.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "core/units.hpp"
#include "sim/inverter.hpp"
#include "sim/pack.hpp"
#include "sim/sun_house.hpp"

namespace jkp::sim {

enum class Conduct : std::uint8_t { obeys, leaks, ignores };  // of the inverter
std::string_view name(Conduct conduct);

struct DayPack {
    PackSpec spec;
    Milliamps maximum;  // Imax of both directions
};

struct Span {
    Duration from{};
    Duration to{};
    [[nodiscard]] bool contains(Duration at) const { return from <= at && at < to; }
};

// Between two values of sun and house.
inline constexpr Duration wish_step = std::chrono::seconds(5);

struct Day {
    std::uint64_t seed = 0;
    std::vector<DayPack> packs;
    Duration poll_period{};
    InverterSpec inverter;
    Conduct conduct = Conduct::obeys;
    Span misconduct;  // when the inverter ignores the limits
    Weather weather = Weather::clear;
    std::vector<SunHouse> power;
    // What sun and house would have the battery do, + charge: the surplus of `power` at the nominal voltage,
    // as far as the inverter's rating goes.
    std::vector<Milliamps> wish;
    // An ideal battery with these maxima is full at least two hours before the surplus ends.
    bool enough_sun = false;

    [[nodiscard]] Milliamps maximum() const;  // of all packs
    [[nodiscard]] double capacity_ah() const;
    [[nodiscard]] double nominal_volts() const;
    [[nodiscard]] Milliamps wish_at(Duration since_midnight) const;
};

Day draw_day(std::uint64_t seed);

// The day with a battery of the same capacity without voltages, limited by the maxima alone.
struct IdealDay {
    double charged_ah = 0.0;
    double discharged_ah = 0.0;
    Duration full_for{};  // with a surplus on offer
};
// `share`: of the maximum that may be charged, for the temperature of the day.
IdealDay ideal(const Day& day, double charge_share = 1.0);

}  // namespace jkp::sim
