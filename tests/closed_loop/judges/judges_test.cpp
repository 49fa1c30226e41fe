// SPDX-License-Identifier: MIT
// A judge that cannot fail proves nothing: each is shown what it must find.
#include "closed_loop/loop/judges.hpp"

#include <gtest/gtest.h>

namespace jkp::closed_loop {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint start{std::chrono::hours(1)};

Millivolts mv(int value) {
    return Millivolts(value);
}
Milliamps amps(double value) {
    return Milliamps(static_cast<std::int32_t>(value * 1000));
}

TEST(CellWatch, RemembersTheExtremesAndWhenTheyWere) {
    CellWatch watch;
    watch.see(start, mv(3400), mv(3300));
    watch.see(start + seconds(1), mv(3521), mv(3290));
    watch.see(start + seconds(2), mv(3400), mv(2799));
    EXPECT_EQ(watch.peak(), mv(3521));
    EXPECT_EQ(watch.peak_at(), start + seconds(1));
    EXPECT_EQ(watch.lowest(), mv(2799));
    EXPECT_EQ(watch.lowest_at(), start + seconds(2));
}

TEST(CellWatch, CountsTheTimeAboveBothVoltages) {
    CellWatch watch;
    watch.see(start, mv(3501), mv(3300));
    watch.see(start + seconds(3), mv(3551), mv(3300));
    watch.see(start + seconds(5), mv(3500), mv(3300));
    watch.see(start + seconds(9), mv(3400), mv(3300));
    EXPECT_EQ(watch.above_3500(), seconds(5));
    EXPECT_EQ(watch.above_3550(), seconds(2));
}

Reversals after(std::initializer_list<double> limits) {
    Reversals reversals;
    for (const double limit : limits) reversals.see(amps(limit));
    return reversals;
}

TEST(Reversals, OneWayIsNone) {
    EXPECT_EQ(after({0, 1, 5, 60, 60}).count(), 0);
    EXPECT_EQ(after({60, 30, 0}).count(), 0);
}

TEST(Reversals, AreCountedAtEachTurn) {
    EXPECT_EQ(after({0, 60, 30}).count(), 1);
    EXPECT_EQ(after({0, 60, 30, 60, 30}).count(), 3);
    EXPECT_EQ(after({0, 60, 57.9, 60}).count(), 2);
}

TEST(Reversals, ASwingOfTwoAmperesIsNone) {
    EXPECT_EQ(after({0, 60, 58, 60, 58, 60}).count(), 0);
}

TEST(Reversals, SmallStepsAddUpToATurn) {
    EXPECT_EQ(after({0, 60, 59, 58, 57, 56, 57, 58, 59}).count(), 2);
}

// Ten steps a second of one situation.
struct Levers {
    LeverWatch watch;
    TimePoint now = start;
    OnBus said{.charge_limit = amps(0),
               .charge_voltage = mv(55'000),
               .charge_enable = false,
               .over_voltage_alarm = true,
               .over_voltage = true};
    Charging truth{.highest = mv(3510), .highest_in_all = mv(3510), .pack = mv(55'100), .current = amps(0)};

    void pass(Duration time) {
        for (const TimePoint end = now + time; now < end; now += milliseconds(100)) {
            watch.say(said);
            watch.see(now, truth);
        }
    }
};

TEST(LeverWatch, IsContentWhenEveryLeverIsOnTheBus) {
    Levers l;
    l.truth.highest_in_all = l.truth.highest = mv(3560);
    l.pass(seconds(60));
    EXPECT_FALSE(l.watch.faults().any());
    EXPECT_TRUE(l.watch.tested());
    EXPECT_EQ(l.watch.slowest(), Duration{});
}

TEST(LeverWatch, LeversMayTakeTwoSecondsAndNotMore) {
    Levers l;
    l.said.charge_enable = true;
    l.pass(seconds(2));
    EXPECT_FALSE(l.watch.faults().any());
    l.pass(milliseconds(200));
    EXPECT_EQ(l.watch.faults(), LeverFaults{.enable = true});
    EXPECT_GT(l.watch.slowest(), seconds(2));
}

TEST(LeverWatch, FindsEachMissingLeverByItself) {
    const auto faults = [](auto change) {
        Levers l;
        l.truth.highest_in_all = l.truth.highest = mv(3560);
        change(l);
        l.pass(seconds(3));
        return l.watch.faults();
    };
    EXPECT_EQ(faults([](Levers& l) { l.said.charge_limit = amps(0.1); }), LeverFaults{.current_limit = true});
    EXPECT_EQ(faults([](Levers& l) { l.said.charge_voltage = mv(55'200); }),
              LeverFaults{.charge_voltage = true});
    EXPECT_EQ(faults([](Levers& l) { l.said.charge_enable = true; }), LeverFaults{.enable = true});
    EXPECT_EQ(faults([](Levers& l) { l.said.over_voltage_alarm = false; }), LeverFaults{.protection = true});
    EXPECT_EQ(faults([](Levers& l) { l.said.over_voltage = false; }), LeverFaults{.protection = true});
}

TEST(LeverWatch, ProtectionIsNotAskedForBelowItsVoltage) {
    Levers l;
    l.said.over_voltage = false;
    l.truth.highest_in_all = l.truth.highest = mv(3551);
    l.pass(seconds(10));
    EXPECT_FALSE(l.watch.faults().any());
}

TEST(LeverWatch, OnePackOfSeveralAtTheStopIsAnAlarmAndAllOfThemAProtection) {
    Levers l;
    l.said.over_voltage = false;
    l.truth.highest = mv(3560);
    l.truth.highest_in_all = mv(3551);
    l.pass(seconds(10));
    EXPECT_FALSE(l.watch.faults().any());
    l.truth.highest_in_all = mv(3552);
    l.pass(seconds(3));
    EXPECT_EQ(l.watch.faults(), LeverFaults{.protection = true});
}

TEST(LeverWatch, NothingIsAskedForBelowTheStop) {
    Levers l;
    l.said = {.charge_limit = amps(50), .charge_voltage = mv(56'000), .charge_enable = true};
    l.truth.highest_in_all = l.truth.highest = mv(3501);
    l.pass(seconds(10));
    EXPECT_FALSE(l.watch.faults().any());
    EXPECT_FALSE(l.watch.tested());
}

TEST(LeverWatch, NothingIsAskedForBehindAnOpenSwitch) {
    Levers l;
    l.said.charge_limit = Milliamps(5000);
    l.truth.highest = mv(3510);
    l.truth.charge_mos = false;
    l.pass(seconds(60));
    EXPECT_FALSE(l.watch.faults().any());
    l.truth.charge_mos = true;
    l.pass(seconds(3));
    EXPECT_TRUE(l.watch.faults().current_limit);
}

TEST(LeverWatch, APackVoltageThatFallsBetweenTwoPollsIsNoFault) {
    Levers l;
    l.pass(seconds(10));
    l.truth.pack = mv(54'900);  // below the CVL of 55.0 V that was right before
    l.pass(seconds(2));
    EXPECT_FALSE(l.watch.faults().any());
    l.pass(seconds(1));
    EXPECT_TRUE(l.watch.faults().charge_voltage);
}

TEST(LeverWatch, ALeverThatIsTakenBackTooEarlyIsFound) {
    Levers l;
    l.pass(seconds(30));
    l.said.charge_limit = amps(2);
    l.pass(milliseconds(200));
    EXPECT_TRUE(l.watch.faults().current_limit);
}

TEST(LeverWatch, AnInverterThatGoesOnChargingMustBeNamed) {
    Levers l;
    l.truth.current = amps(1.0);
    l.pass(seconds(119));
    EXPECT_FALSE(l.watch.faults().any());
    l.pass(seconds(2));
    EXPECT_EQ(l.watch.faults(), LeverFaults{.not_named = true});
}

TEST(LeverWatch, ANamedInverterIsEnough) {
    Levers l;
    l.truth.current = amps(1.0);
    l.pass(seconds(60));
    l.watch.name(true);
    l.pass(seconds(600));
    EXPECT_FALSE(l.watch.faults().any());
}

TEST(LeverWatch, AnInverterThatMayChargeNeedsNoName) {
    Levers l;
    l.truth = {.highest = mv(3400), .highest_in_all = mv(3400), .pack = mv(54'000), .current = amps(50)};
    l.said.charge_limit = amps(50);
    l.pass(seconds(600));
    EXPECT_FALSE(l.watch.faults().any());
}

TEST(LeverWatch, TheBmsMustOpenInTheEnd) {
    Levers l;
    l.truth.highest_in_all = l.truth.highest = mv(3650);
    l.pass(seconds(7));
    EXPECT_FALSE(l.watch.faults().any());
    l.pass(seconds(1));
    EXPECT_EQ(l.watch.faults(), LeverFaults{.not_opened = true});
    Levers open;
    open.truth.highest = mv(3650);
    open.truth.charge_mos = false;
    open.pass(seconds(60));
    EXPECT_FALSE(open.watch.faults().any());
}

}  // namespace
}  // namespace jkp::closed_loop
