// SPDX-License-Identifier: MIT
#include "sim/site_day.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <source_location>

#include "core/ensure.hpp"
#include "sim/draw.hpp"

namespace jkp::sim {
namespace {

constexpr std::uint64_t own_channels = 0x517E;  // what is drawn here changes nothing in the day itself
constexpr Duration full_margin = std::chrono::hours(2);
constexpr double fastest_gain_per_s = 1.6;

Watts whole(double watts) {
    return Watts(static_cast<std::int32_t>(std::lround(watts)));
}

double seconds(Duration d) {
    return std::chrono::duration<double>(d).count();
}

// A loop dx/dt = -K x(t - T) is stable below K T = 1.57, and without overshoot below 0.37. Two on one meter
// add up. `reach` is K T.
SelfUseSpec loop(Draw& draw, double delay_s, double reach, double maximum_w) {
    SelfUseSpec spec;
    spec.delay = std::chrono::milliseconds(std::lround(delay_s * 10.0) * 100);
    spec.gain_per_s = std::min(fastest_gain_per_s, reach / seconds(spec.delay));
    spec.dead_band = whole(draw.between(10.0, 60.0));
    spec.meter_error = whole(draw.between(-30.0, 30.0));
    spec.slew_per_second = whole(maximum_w * draw.log_between(0.05, 1.0));
    return spec;
}

void draw_calm(Draw& draw, SiteDay& site, double first_w, double second_w) {
    site.site.first = loop(draw, draw.log_between(0.2, 10.0), draw.between(0.1, 0.35), first_w);
    site.site.second.self_use = loop(draw, draw.log_between(0.2, 10.0), draw.between(0.1, 0.35), second_w);
}

// Alike in delay, each below 1.3, together between 1.8 and 2.5: they fight with a period of some 4 T.
void draw_fight(Draw& draw, SiteDay& site, double first_w, double second_w) {
    const double delay_s = draw.log_between(1.0, 10.0 / 1.3);
    site.site.first = loop(draw, delay_s, draw.between(0.9, 1.25), first_w);
    site.site.second.self_use =
        loop(draw, delay_s * draw.between(0.8, 1.3), draw.between(0.9, 1.25), second_w);
    for (SelfUseSpec* spec : {&site.site.first, &site.site.second.self_use}) {
        spec->slew_per_second = whole(std::max(first_w, second_w) * draw.between(0.2, 1.0));
        spec->dead_band = whole(draw.between(10.0, 30.0));
    }
    site.day.inverter.slew_per_second = Milliamps::max() / 1000;
}

void draw_loops(Draw& draw, SiteDay& site, double first_w, double second_w) {
    (site.manner == Manner::calm ? draw_calm : draw_fight)(draw, site, first_w, second_w);
    // A loop knows how fast its own battery can be moved; one that did not would wind up and ring.
    SelfUseSpec& first = site.site.first;
    const double fastest_w = site.day.inverter.slew_per_second.count() / 1000.0 * site.day.nominal_volts();
    first.slew_per_second = whole(std::min<double>(first.slew_per_second.count(), 0.95 * fastest_w));
}

void draw_second(Draw& draw, SiteDay& site, double first_w) {
    SecondInverterSpec& second = site.site.second;
    second.max_charge = second.max_discharge =
        whole(std::clamp(first_w * draw.between(0.4, 1.2), 1500.0, 5000.0));
    second.capacity = WattHours(second.max_charge.count() * draw.whole(15.0, 40.0) / 10);
    second.soc = Permille(draw.whole(100.0, 950.0));
    second.sun_share = Permille(draw.chance(0.5) ? draw.whole(200.0, 800.0) : 0);
    second.charges_from_ac = second.sun_share == Permille(0) || draw.chance(0.5);
}

// What is left of the sun when house and second inverter have taken theirs must fill our battery in time.
bool enough_sun(const SiteDay& site) {
    Day rest = site.day;
    const double volts = rest.nominal_volts();
    for (std::size_t i = 0; i < rest.wish.size(); ++i) {
        const SunHouse now = site.power_at(wish_step * i);
        double left_w = now.sun.count() - now.house.count();
        if (left_w > 0.0) left_w = std::max(0.0, left_w - site.site.second.max_charge.count());
        rest.wish[i] = Milliamps(static_cast<std::int32_t>(std::lround(left_w / volts * 1000.0)));
    }
    const double celsius = site.day.packs.front().spec.ambient.count() / 10.0;
    return ideal(rest, std::clamp(0.5 + 0.1 * (celsius - 10.0), 0.0, 1.0)).full_for >= full_margin;
}

}  // namespace

std::string_view name(Manner manner) {
    switch (manner) {
        case Manner::calm: return "calm";
        case Manner::fights: return "fights";
    }
    broken("a Manner of the list", std::source_location::current());
}

// Appliances switch, but light moves evenly: steps of it would be a pulse that the day does not have.
SunHouse SiteDay::power_at(Duration since_midnight) const {
    const std::int64_t last = std::ssize(day.power) - 1;
    const std::int64_t at = std::clamp<std::int64_t>(since_midnight / wish_step, 0, last);
    const SunHouse& now = day.power[static_cast<std::size_t>(at)];
    const SunHouse& then = day.power[static_cast<std::size_t>(std::min(at + 1, last))];
    const double part = static_cast<double>((since_midnight % wish_step).count()) /
                        static_cast<double>(Duration(wish_step).count());
    const double sun_w = now.sun.count() + part * (then.sun - now.sun).count();
    return {whole(sun_w * scale), whole(now.house.count() * scale)};
}

SiteDay draw_site_day(std::uint64_t seed, Manner manner) {
    SiteDay site;
    site.day = draw_day(seed);
    site.manner = manner;
    Draw draw(scramble(seed ^ own_channels));
    const double first_w = site.day.maximum().count() / 1000.0 * site.day.nominal_volts();
    draw_second(draw, site, first_w);
    site.scale = 1.0 + draw.between(0.3, 1.0) * site.site.second.max_charge.count() / first_w;
    constexpr std::array intervals{200, 600, 1000};
    site.meter_interval =
        std::chrono::milliseconds(intervals.at(static_cast<std::size_t>(draw.between(0.0, 2.999))));
    site.peer_answers_after = std::chrono::milliseconds(draw.whole(50.0, 600.0));
    site.peer_loses = Permille(draw.whole(0.0, 50.0));
    draw_loops(draw, site, first_w, site.site.second.max_charge.count());
    site.enough_sun = enough_sun(site);
    return site;
}

}  // namespace jkp::sim
