// SPDX-License-Identifier: MIT
// What the sun gives and what the house takes over a day, without memory: the same seed and instant give the
// same value, however often it is asked. In any unit; the caller scales.
#pragma once

#include <cstdint>
#include <string_view>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::sim {

enum class Weather : std::uint8_t { clear, cloudy, dull };
std::string_view name(Weather weather);

// At one instant, on the AC side; both count from 0 upwards.
struct SunHouse {
    Watts sun;
    Watts house;
    bool operator==(const SunHouse&) const = default;
};

// 0..1: of the peak, by the time since midnight.
double clear_sky(Duration at);
// The share of a clear sky that comes through.
double sky(std::uint64_t seed, Weather weather, Duration at);

// Base load, a fridge and appliances that switch: some for minutes, some for an hour.
struct House {
    std::uint64_t seed = 0;
    double base = 0.0;
    double appliance = 0.0;

    [[nodiscard]] double load(Duration at) const;

  private:
    [[nodiscard]] double switched(Duration at, Duration slot, double strength, std::uint64_t channel) const;
};

}  // namespace jkp::sim
