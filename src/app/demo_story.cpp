// SPDX-License-Identifier: MIT
#include "app/demo_story.hpp"

#include <array>

namespace jkp::app {
namespace {

struct Chapter {
    int from_s;
    std::string_view caption;
    void (*begin)(SimHost& host, SiteHost& house);
};

constexpr std::size_t runaway = 6;  // cell 7
constexpr sim::SunHouse noon{Watts(9000), Watts(600)};
constexpr sim::SunHouse evening{Watts(0), Watts(6000)};
constexpr sim::SunHouse night{Watts(0), Watts(2600)};
constexpr sim::SunHouse late{Watts(0), Watts(4200)};

// A loop that corrects this share of what it sees in a second.
void set_gains(SiteHost& house, double gain_per_s) {
    house.site().first().spec.gain_per_s = gain_per_s;
    house.site().second().self_use.spec.gain_per_s = gain_per_s;
}

constexpr std::array<Chapter, 10> chapters{{
    {0, "start: nothing is sent before the first reading; limits begin at 0 and rise slowly",
     [](SimHost&, SiteHost& house) {
         house.set_power(noon);
         house.site().second().force(std::nullopt);
         set_gains(house, 0.12);
     }},
    {20, "sun for both batteries: ours charges as much as it may", [](SimHost&, SiteHost&) {}},
    {40, "cell 7 runs ahead to 3.46 V: the charge limit follows its curve",
     [](SimHost& h, SiteHost&) { h.scene().pack.force_cell(runaway, Millivolts(3460)); }},
    {55, "cell 7 at 3.56 V: hard stop",
     [](SimHost& h, SiteHost&) { h.scene().pack.force_cell(runaway, Millivolts(3560)); }},
    {65, "the BMS cable is pulled: limits fall step by step to 0 within 15 s",
     [](SimHost& h, SiteHost&) {
         h.scene().pack.force_cell(runaway, std::nullopt);
         h.unplug_bms();
     }},
    {85, "the cable is back: hold, then a slow rise", [](SimHost& h, SiteHost&) { h.plug_bms(); }},
    {120, "evening: the house discharges both batteries",
     [](SimHost&, SiteHost& house) { house.set_power(evening); }},
    {160, "the second inverter charges by its timetable: ours must not discharge into it",
     [](SimHost&, SiteHost& house) {
         house.set_power(night);
         house.site().second().force(Watts(2000));
     }},
    {185, "its timetable is over: discharging is given back step by step",
     [](SimHost&, SiteHost& house) { house.site().second().force(std::nullopt); }},
    {225, "both inverters react too hard and chase each other: ours gets less authority",
     [](SimHost&, SiteHost& house) {
         set_gains(house, 0.65);
         house.set_power(late);  // what begins a fight is a load
     }},
}};
constexpr int story_s = 290;

}  // namespace

std::string_view DemoStory::tell(SimHost& host, SiteHost& house, Duration since_start) {
    const int second = static_cast<int>(milliseconds(since_start) / 1000) % story_s;
    int now = 0;
    while (now + 1 < static_cast<int>(chapters.size()) &&
           second >= chapters[static_cast<std::size_t>(now) + 1].from_s) {
        ++now;
    }
    const Chapter& chapter = chapters[static_cast<std::size_t>(now)];
    if (now != chapter_) {
        chapter_ = now;
        chapter.begin(host, house);
    }
    return chapter.caption;
}

}  // namespace jkp::app
