// SPDX-License-Identifier: MIT
#include "control/soc_window.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

Config with_window(double minimum, double maximum) {
    Config config = config_of_one();
    config.soc_window.range = {percent(minimum), percent(maximum)};
    return config;
}

PackReading charged_to(double soc) {
    PackReading reading = reading_at(mv(3300));
    reading.soc = percent(soc);
    return reading;
}

TEST(SocWindow, IsOpenByDefault) {
    for (const double soc : {0.0, 1.0, 99.0, 100.0}) {
        EXPECT_EQ(charge_share_at({}, {}, percent(soc)), percent(100));
        EXPECT_EQ(discharge_share_at({}, {}, percent(soc)), percent(100));
    }
}

TEST(SocWindow, EndsChargingAtTheMaximumAndDischargingAtTheMinimum) {
    Rig rig(with_window(20, 90));
    rig.settle(charged_to(90));
    EXPECT_EQ(rig.last.charge.value(), amps(0));
    EXPECT_EQ(rig.last.charge.reason().rule, Rule::soc_window);
    EXPECT_EQ(rig.last.charge.reason().value, 900);
    EXPECT_TRUE(rig.last.charge_enable);  // a wish of the owner, not a refusal of the battery
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    rig.settle(charged_to(20));
    EXPECT_EQ(rig.last.discharge.value(), amps(0));
    EXPECT_EQ(rig.last.charge.value(), amps(60));
}

TEST(SocWindow, TapersWithinThreePercentOfABorder) {
    const SocWindow window{.range = {percent(20), percent(90)}, .winter_minimum = {}, .winter_maximum = {}};
    EXPECT_EQ(charge_share_at(window, window.range, percent(87)), percent(100));
    EXPECT_EQ(charge_share_at(window, window.range, percent(88)), Permille(666));
    EXPECT_EQ(charge_share_at(window, window.range, percent(89)), Permille(333));
    EXPECT_EQ(charge_share_at(window, window.range, percent(95)), percent(0));
    EXPECT_EQ(discharge_share_at(window, window.range, percent(23)), percent(100));
    EXPECT_EQ(discharge_share_at(window, window.range, percent(21)), Permille(333));
    EXPECT_EQ(discharge_share_at(window, window.range, percent(10)), percent(0));
}

TEST(SocWindow, WinterReachesOverNewYearOrNot) {
    SocWindow window;
    window.winter_minimum = percent(40);
    window.winter_maximum = percent(60);
    const auto is_winter = [&](int month) {
        return soc_range(window, static_cast<std::uint8_t>(month)) == window.winter();
    };
    for (const int month : {11, 12, 1, 2}) EXPECT_TRUE(is_winter(month)) << month;
    for (const int month : {3, 6, 10}) EXPECT_FALSE(is_winter(month)) << month;
    window.winter_from = 6;
    window.winter_to = 8;
    for (const int month : {6, 7, 8}) EXPECT_TRUE(is_winter(month)) << month;
    for (const int month : {5, 9, 12, 1}) EXPECT_FALSE(is_winter(month)) << month;
}

TEST(SocWindow, S2_WithoutABelievableDateTheNarrowerBordersHold) {
    SocWindow window;
    window.range = {percent(10), percent(50)};
    window.winter_minimum = percent(40);
    window.winter_maximum = percent(60);
    EXPECT_EQ(soc_range(window, std::nullopt), (SocRange{percent(40), percent(50)}));
}

TEST(SocWindow, IsSeasonalWithEitherBorderOfTheWinter) {
    SocWindow window;
    EXPECT_FALSE(window.seasonal());
    window.winter_minimum = percent(40);
    EXPECT_TRUE(window.seasonal());
    window = {};
    window.winter_maximum = percent(80);
    EXPECT_TRUE(window.seasonal());
}

TEST(SocWindow, AWinterOfOneMonthIsThatMonth) {
    SocWindow window;
    window.winter_minimum = percent(40);
    window.winter_from = window.winter_to = 7;
    for (int month = 1; month <= 12; ++month) {
        EXPECT_EQ(soc_range(window, static_cast<std::uint8_t>(month)) == window.winter(), month == 7);
    }
}

TEST(SocWindow, TheTaperBeginsAtTheFirstTenthOfAPercent) {
    const SocWindow window{.range = {Permille(1), percent(90)}, .winter_minimum = {}, .winter_maximum = {}};
    EXPECT_EQ(charge_share_at(window, window.range, Permille(899)), Permille(33));
    EXPECT_EQ(discharge_share_at(window, window.range, Permille(2)), Permille(33));
    EXPECT_EQ(discharge_share_at(window, window.range, Permille(1)), percent(0));
}

TEST(SocWindow, WithoutATaperABorderEndsTheCurrentAtOnce) {
    SocWindow window;
    window.range = {percent(20), percent(90)};
    window.taper = Permille(0);
    EXPECT_EQ(charge_share_at(window, window.range, percent(90)), percent(0));
    EXPECT_EQ(charge_share_at(window, window.range, Permille(899)), percent(100));
    EXPECT_EQ(discharge_share_at(window, window.range, percent(20)), percent(0));
    EXPECT_EQ(discharge_share_at(window, window.range, Permille(201)), percent(100));
}

}  // namespace
}  // namespace jkp::control::test
