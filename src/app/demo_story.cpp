// SPDX-License-Identifier: MIT
#include "app/demo_story.hpp"

#include <array>

namespace jkp::app {
namespace {

struct Chapter {
    int from_s;
    std::string_view caption;
    void (*begin)(SimHost& host);
};

constexpr std::size_t runaway = 6;  // cell 7

constexpr std::array<Chapter, 7> chapters{{
    {0, "start: nothing is sent before the first reading; limits begin at 0 and rise slowly",
     [](SimHost&) {}},
    {20, "sun: the inverter charges as much as it may", [](SimHost&) {}},
    {40, "cell 7 runs ahead to 3.46 V: the charge limit follows its curve",
     [](SimHost& h) { h.scene().pack.force_cell(runaway, Millivolts(3460)); }},
    {55, "cell 7 at 3.56 V: hard stop",
     [](SimHost& h) { h.scene().pack.force_cell(runaway, Millivolts(3560)); }},
    {65, "the BMS cable is pulled: limits fall step by step to 0 within 15 s",
     [](SimHost& h) {
         h.scene().pack.force_cell(runaway, std::nullopt);
         h.unplug_bms();
     }},
    {85, "the cable is back: hold, then a slow rise", [](SimHost& h) { h.plug_bms(); }},
    {120, "evening: the house discharges the battery", [](SimHost&) {}},
}};
constexpr int story_s = 160;

}  // namespace

std::string_view DemoStory::tell(SimHost& host, Duration since_start) {
    const int second = static_cast<int>(milliseconds(since_start) / 1000) % story_s;
    int now = 0;
    while (now + 1 < static_cast<int>(chapters.size()) &&
           second >= chapters[static_cast<std::size_t>(now) + 1].from_s) {
        ++now;
    }
    const Chapter& chapter = chapters[static_cast<std::size_t>(now)];
    if (now != chapter_) {
        chapter_ = now;
        chapter.begin(host);
    }
    return chapter.caption;
}

Milliamps DemoStory::wish(Duration since_start) {
    const auto second = static_cast<int>(milliseconds(since_start) / 1000) % story_s;
    return second < 120 ? Milliamps(80'000) : Milliamps(-70'000);
}

}  // namespace jkp::app
