// SPDX-License-Identifier: MIT
// A day of a house with two battery inverters on one meter, drawn from a seed: the day of sim/day.hpp, and
// beside it the second inverter, both self-use loops, the meter and the way to read the second one.
#pragma once

#include "sim/day.hpp"
#include "sim/site.hpp"

namespace jkp::sim {

enum class Manner : std::uint8_t {
    calm,    // the two loops together are stable at every moment
    fights,  // each alone is stable, both together are not
};
std::string_view name(Manner manner);

struct SiteDay {
    Day day;
    SiteSpec site;
    Manner manner = Manner::calm;
    double scale = 1.0;             // of sun and house: there are two batteries to be filled
    Duration meter_interval{};      // 200, 600 or 1000 ms
    Duration peer_answers_after{};  // request -> answer of the second inverter
    Permille peer_loses{};          // of its answers

    [[nodiscard]] SunHouse power_at(Duration since_midnight) const;
    // As of the day, but with the second battery taking its share of the sun first.
    bool enough_sun = false;
};

SiteDay draw_site_day(std::uint64_t seed, Manner manner = Manner::calm);

}  // namespace jkp::sim
