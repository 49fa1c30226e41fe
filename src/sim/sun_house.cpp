// SPDX-License-Identifier: MIT
#include "sim/sun_house.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <source_location>

#include "core/ensure.hpp"
#include "sim/noise.hpp"

namespace jkp::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

// 0..1, without jumps: two neighbouring values of a grid of random ones, and what lies between.
double wander(std::uint64_t seed, Duration at, Duration grid, std::uint64_t channel) {
    const auto slot = static_cast<std::uint64_t>(at / grid);
    const double part = static_cast<double>((at % grid).count()) / static_cast<double>(grid.count());
    const double smooth = part * part * (3.0 - 2.0 * part);
    const double from = noise(seed, slot, channel);
    return (from + (noise(seed, slot + 1, channel) - from) * smooth + 1.0) / 2.0;
}

}  // namespace

std::string_view name(Weather weather) {
    switch (weather) {
        case Weather::clear: return "clear";
        case Weather::cloudy: return "cloudy";
        case Weather::dull: return "dull";
    }
    broken("a Weather of the list", std::source_location::current());
}

double clear_sky(Duration at) {
    const double hour = std::chrono::duration<double>(at).count() / 3600.0;
    const double angle = (hour - 6.5) / 13.0 * std::numbers::pi;
    return angle <= 0.0 || angle >= std::numbers::pi ? 0.0 : std::pow(std::sin(angle), 1.3);
}

double sky(std::uint64_t seed, Weather weather, Duration at) {
    switch (weather) {
        case Weather::clear: return 0.97 + 0.03 * wander(seed, at, minutes(10), 1);
        case Weather::cloudy: {
            // Edges of clouds pass within some 20 s; near the edge the light is stronger than without.
            const double cover =
                0.6 * wander(seed, at, minutes(12), 2) + 0.4 * wander(seed, at, seconds(90), 3);
            const double edge = std::clamp((cover - 0.45) * 12.0, 0.0, 1.0);
            return 1.05 - 0.8 * edge + 0.05 * wander(seed, at, seconds(20), 4);
        }
        case Weather::dull: return 0.08 + 0.17 * wander(seed, at, minutes(25), 5);
    }
    broken("a Weather of the list", std::source_location::current());
}

double House::load(Duration at) const {
    const double fridge = (at % minutes(40)) < minutes(12) ? 0.3 * base : 0.0;
    return base * (0.7 + 0.6 * wander(seed, at, minutes(15), 6)) + fridge +
           switched(at, minutes(11), 0.9, 7) + switched(at, minutes(70), 0.55, 8);
}

// In each slot perhaps one appliance, for a part of the slot; more likely in the morning and evening.
double House::switched(Duration at, Duration slot, double strength, std::uint64_t channel) const {
    const auto number = static_cast<std::uint64_t>(at / slot);
    const auto hour = at / hours(1);
    const bool busy = (hour >= 6 && hour < 9) || (hour >= 17 && hour < 22);
    const double draw = (noise(seed, number, channel) + 1.0) / 2.0;
    if (draw > (busy ? 0.45 : 0.15)) return 0.0;
    const double begin = (noise(seed, number, channel + 10) + 1.0) / 4.0;
    const double length = 0.1 + 0.2 * (noise(seed, number, channel + 20) + 1.0);
    const double part = static_cast<double>((at % slot).count()) / static_cast<double>(slot.count());
    return part >= begin && part < begin + length ? strength * appliance : 0.0;
}

}  // namespace jkp::sim
