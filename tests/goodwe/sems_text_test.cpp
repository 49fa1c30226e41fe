// SPDX-License-Identifier: MIT
#include "goodwe/sems_text.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

namespace jkp::goodwe {
namespace {

SemsBattery battery(int millivolts, int milliamps, int watts) {
    return {Millivolts(millivolts), Milliamps(milliamps), Watts(watts)};
}

TEST(SemsBattery, DischargeIsPositiveAtThePortalAndNegativeHere) {
    EXPECT_EQ(parse_sems_battery("49.9V/0.8A/40W"), battery(49900, -800, -40));
    EXPECT_EQ(parse_sems_battery("52.1V/-12.5A/-651W"), battery(52100, 12500, 651));
    EXPECT_EQ(parse_sems_battery("0V/0A/0W"), battery(0, 0, 0));
}

TEST(SemsBattery, SignsAndBlanksAreAllowed) {
    EXPECT_EQ(parse_sems_battery(" 49.9 V / +0.8 A / 40 W "), battery(49900, -800, -40));
    EXPECT_EQ(parse_sems_battery("49.9V/ -0.8A/0W"), battery(49900, 800, 0));
}

TEST(SemsBattery, EverythingElseIsNone) {
    for (const char* text : {"",
                             "/",
                             "//",
                             "V/A/W",
                             "49.9V/0.8A",
                             "49.9V/0.8A/40W/",
                             "49.9V/0.8A/40W/1W",
                             "49.9/0.8/40",
                             "49.9A/0.8V/40W",
                             "49.9V/0.8A/40",
                             "49.9V/0.8A/40kW",
                             "49,9V/0.8A/40W",
                             "x49.9V/0.8A/40W",
                             "49.9V/0.8A/40Wx",
                             "49.9V/--0.8A/40W",
                             "49.9V/+-0.8A/40W",
                             "49.9V/0.8.1A/40W",
                             "nanV/0A/0W",
                             "infV/0A/0W",
                             "1e2V/0A/0W",
                             "-1V/0A/0W",
                             "2000V/0A/0W",
                             "50V/501A/0W",
                             "50V/0A/200001W",
                             "null",
                             "50V/ A/0W",
                             "50V/-A/0W",
                             "50V/.A/0W",
                             "0x10V/0A/0W"}) {
        EXPECT_EQ(parse_sems_battery(text), std::nullopt) << text;
    }
}

TEST(SemsBattery, CurrentAndPowerOfOppositeDirectionsAreNone) {
    EXPECT_EQ(parse_sems_battery("50V/1A/-50W"), std::nullopt);
    EXPECT_EQ(parse_sems_battery("50V/-1A/50W"), std::nullopt);
}

TEST(SemsBattery, EveryTruncationIsNone) {
    const std::string text = "49.9V/0.8A/40W";
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_EQ(parse_sems_battery(text.substr(0, size)), std::nullopt) << size;
    }
}

RC_GTEST_PROP(SemsBattery, WhatIsWrittenIsReadBackWithTheSignTurned, ()) {
    const int volts = *rc::gen::inRange(0, 1001);
    const int amps = *rc::gen::inRange(-500, 501);
    const int watts = *rc::gen::inRange(0, 200001) * (amps < 0 ? -1 : 1);
    const std::string text =
        std::to_string(volts) + "V/" + std::to_string(amps) + "A/" + std::to_string(watts) + "W";
    RC_ASSERT(parse_sems_battery(text) == battery(volts * 1000, -amps * 1000, -watts));
}

TEST(SemsBattery, TheRecordedStringsAreRead) {
    std::ifstream file(std::filesystem::path(JKP_CAPTURES_DIR) / "sems" / "sems-battery-strings.txt");
    if (!file) GTEST_SKIP() << "no recordings in " << JKP_CAPTURES_DIR;
    std::vector<SemsBattery> read;
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        const auto battery = parse_sems_battery(line);
        ASSERT_TRUE(battery) << line;
        read.push_back(*battery);
    }
    EXPECT_EQ(read, (std::vector{battery(49900, -800, -40), battery(0, 0, 0)}));
}

TEST(SemsPower, WattsAndKilowatts) {
    EXPECT_EQ(parse_sems_power("2337(W)"), Watts(2337));
    EXPECT_EQ(parse_sems_power("2.34(kW)"), Watts(2340));
    EXPECT_EQ(parse_sems_power("-5 W"), Watts(-5));
    EXPECT_EQ(parse_sems_power("1.5kW"), Watts(1500));
    for (const char* text :
         {"", "2337", "(W)", "2337(VA)", "2337(W", "2337W)", "x(W)", "300(kW)", "nan(W)", ")"}) {
        EXPECT_EQ(parse_sems_power(text), std::nullopt) << text;
    }
}

TEST(SemsPercent, OnlyWhatCanBeAStateOfCharge) {
    EXPECT_EQ(parse_sems_percent("45%"), Permille(450));
    EXPECT_EQ(parse_sems_percent("0"), Permille(0));
    EXPECT_EQ(parse_sems_percent("100 %"), Permille(1000));
    for (const char* text : {"536%", "-1%", "101", "", "%", "45%%", "NaN"}) {
        EXPECT_EQ(parse_sems_percent(text), std::nullopt) << text;
    }
}

}  // namespace
}  // namespace jkp::goodwe
