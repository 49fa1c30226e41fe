// SPDX-License-Identifier: MIT
#include "sim/day.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>
#include <source_location>

#include "core/ensure.hpp"
#include "sim/noise.hpp"

namespace jkp::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Duration whole_day = hours(24);
constexpr Duration full_margin = hours(2);

// Values that follow each other; each draw is its own channel, so that a new one at the end changes no other.
class Draw {
  public:
    explicit Draw(std::uint64_t seed) : seed_(seed) {}
    double between(double low, double high) {
        return low + (high - low) * (noise(seed_, 0, ++channel_) + 1.0) / 2.0;
    }
    double log_between(double low, double high) { return std::exp(between(std::log(low), std::log(high))); }
    std::int32_t whole(double low, double high) {
        return static_cast<std::int32_t>(std::lround(between(low, high)));
    }
    bool chance(double share) { return between(0.0, 1.0) < share; }
    std::uint64_t seed() { return scramble(seed_ ^ scramble(++channel_)); }

  private:
    std::uint64_t seed_;
    std::uint64_t channel_ = 0;
};

struct Size {
    double ah = 0.0;
    double amps = 0.0;
};

Size first_size(Draw& draw) {
    Size size;
    do {
        size.ah = std::round(draw.log_between(50.0, 600.0));
        size.amps = std::round(size.ah * draw.between(0.2, 0.7));
    } while (size.amps < 30.0 || size.amps > 200.0);
    return size;
}

// Beside the first one: older or newer, smaller or larger, and as strong for its size.
Size further_size(Draw& draw, const Size& first) {
    const double ah = std::round(std::clamp(first.ah * draw.between(0.5, 2.0), 50.0, 600.0));
    return {ah, std::clamp(std::round(ah * first.amps / first.ah), 30.0, std::min(200.0, 0.7 * ah))};
}

DayPack pack_of(Draw& draw, const Size& size, const PackSpec& common) {
    PackSpec spec = common;
    const Milliamps maximum(static_cast<std::int32_t>(size.amps) * 1000);
    const std::int32_t half_imbalance = draw.whole(0.0, 15.0);  // cells differ by 0..3 % in all
    spec.capacity = MilliampHours(static_cast<std::int64_t>(size.ah) * 1000);
    spec.soc += Permille(draw.whole(-10.0, 10.0));
    spec.soc_spread = Permille(half_imbalance);
    spec.capacity_spread = Permille(draw.whole(0.0, 10.0));
    spec.current_gain = Permille(draw.whole(990.0, 1010.0));
    spec.soc_error = draw.chance(0.5) ? std::optional(Permille(draw.whole(-50.0, 50.0))) : std::nullopt;
    spec.balance_current = Milliamps(draw.whole(300.0, 2000.0));
    spec.wiring_micro_ohm = draw.whole(500.0, 3000.0);
    spec.seed = draw.seed();
    // A board of the right size: it does not act before the limits do.
    spec.charge_over_current = spec.discharge_over_current = Milliamps(maximum.count() / 1000 * 1300);
    return {spec, maximum};
}

std::vector<DayPack> draw_packs(Draw& draw) {
    PackSpec common;
    common.cells = static_cast<unsigned>(draw.whole(8.0, 24.0));
    common.soc = Permille(draw.whole(100.0, 950.0));
    common.ambient = Decicelsius(draw.whole(100.0, 350.0));
    common.noise = true;
    const std::size_t count = draw.chance(0.7) ? 1 : draw.chance(0.5) ? 2 : 3;
    const Size first = first_size(draw);
    std::vector<DayPack> packs{pack_of(draw, first, common)};
    while (packs.size() < count) packs.push_back(pack_of(draw, further_size(draw, first), common));
    return packs;
}

InverterSpec draw_inverter(Draw& draw) {
    InverterSpec spec;
    spec.dead_time = std::chrono::milliseconds(draw.whole(1000.0, 12'000.0));
    spec.slew_per_second = Milliamps(draw.whole(1000.0, 20'000.0));
    spec.limit_gain = Permille(draw.whole(980.0, 1020.0));
    spec.limit_offset = Milliamps(draw.whole(-500.0, 500.0));
    spec.obeys_cvl = draw.chance(0.5);
    return spec;
}

void draw_conduct(Draw& draw, Day& day) {
    const double which = draw.between(0.0, 1.0);
    const Milliamps leak(draw.whole(1000.0, 2000.0));
    const Duration from = minutes(draw.whole(9.0 * 60, 15.0 * 60));
    const Duration lasts = minutes(draw.whole(10.0, 60.0));
    if (which < 0.05) {
        day.conduct = Conduct::leaks;
        day.inverter.leak = leak;
    } else if (which < 0.08) {
        day.conduct = Conduct::ignores;
        day.misconduct = {from, from + lasts};
    }
}

// 0..1, without jumps: two neighbouring values of a grid of random ones, and what lies between.
double wander(std::uint64_t seed, Duration at, Duration grid, std::uint64_t channel) {
    const auto slot = static_cast<std::uint64_t>(at / grid);
    const double part = static_cast<double>((at % grid).count()) / static_cast<double>(grid.count());
    const double smooth = part * part * (3.0 - 2.0 * part);
    const double from = noise(seed, slot, channel);
    return (from + (noise(seed, slot + 1, channel) - from) * smooth + 1.0) / 2.0;
}

double clear_sky(Duration at) {
    const double hour = std::chrono::duration<double>(at).count() / 3600.0;
    const double angle = (hour - 6.5) / 13.0 * std::numbers::pi;
    return angle <= 0.0 || angle >= std::numbers::pi ? 0.0 : std::pow(std::sin(angle), 1.3);
}

// The share of a clear sky that comes through.
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

// Base load, a fridge and appliances that switch: some for minutes, some for an hour.
struct House {
    std::uint64_t seed = 0;
    double base = 0.0;
    double appliance = 0.0;

    [[nodiscard]] double amps(Duration at) const {
        const double fridge = (at % minutes(40)) < minutes(12) ? 0.3 * base : 0.0;
        return base * (0.7 + 0.6 * wander(seed, at, minutes(15), 6)) + fridge +
               switched(at, minutes(11), 0.9, 7) + switched(at, minutes(70), 0.55, 8);
    }
    // In each slot perhaps one appliance, for a part of the slot; more likely in the morning and evening.
    [[nodiscard]] double switched(Duration at, Duration slot, double strength, std::uint64_t channel) const {
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
};

std::vector<Milliamps> draw_wish(Draw& draw, const Day& day) {
    const double maximum = day.maximum().count() / 1000.0;
    const double peak = maximum * draw.between(0.5, 1.6);
    const std::uint64_t seed = draw.seed();
    const House house{draw.seed(), maximum * draw.between(0.02, 0.12), maximum * draw.between(0.2, 1.0)};
    const double rating = maximum * draw.between(1.0, 1.5);  // of the inverter
    std::vector<Milliamps> wish;
    for (Duration at{}; at < whole_day; at += wish_step) {
        const double surplus = peak * clear_sky(at) * sky(seed, day.weather, at) - house.amps(at);
        const double amps = std::clamp(surplus, -rating, rating);
        wish.emplace_back(static_cast<std::int32_t>(std::lround(amps * 1000.0)));
    }
    return wish;
}

// Charging is slower in the cold and in the heat; the fraction of the worst pack counts.
double charge_share(const Day& day) {
    const double celsius = day.packs.front().spec.ambient.count() / 10.0;
    return std::clamp(0.5 + 0.1 * (celsius - 10.0), 0.0, 1.0);
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

std::string_view name(Conduct conduct) {
    switch (conduct) {
        case Conduct::obeys: return "obeys";
        case Conduct::leaks: return "leaks";
        case Conduct::ignores: return "ignores";
    }
    broken("a Conduct of the list", std::source_location::current());
}

Milliamps Day::maximum() const {
    return std::accumulate(packs.begin(), packs.end(), Milliamps(0),
                           [](Milliamps sum, const DayPack& pack) { return sum + pack.maximum; });
}

double Day::capacity_ah() const {
    return std::accumulate(packs.begin(), packs.end(), 0.0, [](double sum, const DayPack& pack) {
        return sum + static_cast<double>(pack.spec.capacity.count()) / 1000.0;
    });
}

Milliamps Day::wish_at(Duration since_midnight) const {
    const auto at = std::clamp<std::int64_t>(since_midnight / wish_step, 0, std::ssize(wish) - 1);
    return wish[static_cast<std::size_t>(at)];
}

Day draw_day(std::uint64_t seed) {
    Draw draw(scramble(seed));
    Day day;
    day.seed = seed;
    day.packs = draw_packs(draw);
    day.poll_period = std::chrono::milliseconds(draw.whole(10.0, 40.0) * 50);
    day.inverter = draw_inverter(draw);
    draw_conduct(draw, day);
    const double weather = draw.between(0.0, 1.0);
    day.weather = weather < 0.45 ? Weather::clear : weather < 0.8 ? Weather::cloudy : Weather::dull;
    day.wish = draw_wish(draw, day);
    day.enough_sun = ideal(day, charge_share(day)).full_for >= full_margin;
    return day;
}

IdealDay ideal(const Day& day, double charge_share) {
    IdealDay result;
    const double capacity = day.capacity_ah();
    const double most = day.maximum().count() / 1000.0;
    double left = 0.0;
    for (const DayPack& pack : day.packs) {
        left += pack.spec.soc.count() / 1000.0 * static_cast<double>(pack.spec.capacity.count()) / 1000.0;
    }
    const double step_h = std::chrono::duration<double>(wish_step).count() / 3600.0;
    for (const Milliamps wish : day.wish) {
        const double amps = std::clamp(wish.count() / 1000.0, -most, most * charge_share);
        const double before = left;
        left = std::clamp(left + amps * step_h, 0.0, capacity);
        result.charged_ah += std::max(0.0, left - before);
        result.discharged_ah += std::max(0.0, before - left);
        if (left >= capacity && amps > 0.0) result.full_for += wish_step;
    }
    return result;
}

}  // namespace jkp::sim
