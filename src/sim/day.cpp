// SPDX-License-Identifier: MIT
#include "sim/day.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <source_location>

#include "core/ensure.hpp"
#include "sim/draw.hpp"

namespace jkp::sim {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr Duration whole_day = hours(24);
constexpr Duration full_margin = hours(2);
constexpr double nominal_cell_volts = 3.3;

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

Watts watts(double amps, double volts) {
    return Watts(static_cast<std::int32_t>(std::lround(amps * volts)));
}

// The sizes follow the battery: in amperes at its nominal voltage.
void draw_power(Draw& draw, Day& day) {
    const double maximum = day.maximum().count() / 1000.0;
    const double peak = maximum * draw.between(0.5, 1.6);
    const std::uint64_t seed = draw.seed();
    const House house{draw.seed(), maximum * draw.between(0.02, 0.12), maximum * draw.between(0.2, 1.0)};
    const double rating = maximum * draw.between(1.0, 1.5);  // of the inverter
    for (Duration at{}; at < whole_day; at += wish_step) {
        const double sun = peak * clear_sky(at) * sky(seed, day.weather, at);
        const double load = house.load(at);
        const double amps = std::clamp(sun - load, -rating, rating);
        day.power.push_back({watts(sun, day.nominal_volts()), watts(load, day.nominal_volts())});
        day.wish.emplace_back(static_cast<std::int32_t>(std::lround(amps * 1000.0)));
    }
}

// Charging is slower in the cold and in the heat; the fraction of the worst pack counts.
double charge_share(const Day& day) {
    const double celsius = day.packs.front().spec.ambient.count() / 10.0;
    return std::clamp(0.5 + 0.1 * (celsius - 10.0), 0.0, 1.0);
}

}  // namespace

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

double Day::nominal_volts() const {
    return nominal_cell_volts * packs.front().spec.cells;
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
    draw_power(draw, day);
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
