// SPDX-License-Identifier: MIT
// The intents of stage H: what the second battery and the meter do to both limits, when, and for how long.
#include <gtest/gtest.h>

#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

TEST(Coordination, WithoutASecondBatteryNothingIsTakenAway) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.meter = watts(-4000);
    site.after(100);
    EXPECT_EQ(site.charge(), all);
    EXPECT_EQ(site.discharge(), all);
    EXPECT_EQ(site.mode(), SiteMode::off);
    EXPECT_EQ(site.last.decision.peer_state, SourceState::absent);
    EXPECT_EQ(site.last.decision.grid_state, SourceState::known);
    EXPECT_TRUE(site.last.charge_limiters.empty());
    EXPECT_TRUE(site.happened.empty());
}

TEST(Coordination, AnIdleSecondBatteryTakesNothingAway) {
    Site site;
    site.begin();
    EXPECT_EQ(site.charge(), all);
    EXPECT_EQ(site.discharge(), all);
    EXPECT_EQ(site.mode(), SiteMode::neutral);
}

// Intent 1.
TEST(Coordination, ASecondBatteryThatChargesEndsOurDischargeAtOnce) {
    Site site;
    site.begin();
    site.peer_says(amps(2));
    EXPECT_EQ(site.discharge(), all) << "not above the threshold";
    site.peer_says(amps(2.1));
    EXPECT_EQ(site.discharge(), amps(0));
    EXPECT_EQ(site.charge(), all) << "both may charge";
    EXPECT_EQ(site.mode(), SiteMode::peer_charging);
    const Reason& reason = site.last.discharge.reason();
    EXPECT_EQ(reason.rule, Rule::peer_charging);
    EXPECT_EQ(reason.input, Input::peer_current);
    EXPECT_EQ(reason.value, 2100);
    EXPECT_EQ(reason.age, Duration{});
    ASSERT_EQ(site.last.discharge_limiters.size(), 1U);
    EXPECT_EQ(site.last.discharge_limiters[0], site.last.discharge);
    EXPECT_TRUE(site.last.charge_limiters.empty());
}

TEST(Coordination, TheReasonTellsTheAgeOfTheReading) {
    Site site;
    site.begin();
    site.peer_each = seconds(5);
    site.peer_says(amps(10));
    site.after(3);
    EXPECT_EQ(site.last.discharge.reason().age, seconds(3));
}

// Intent 2.
TEST(Coordination, ASecondBatteryThatDischargesEndsOurCharge) {
    Site site;
    site.begin();
    site.peer_says(amps(-1.2));
    EXPECT_EQ(site.charge(), all) << "not above the threshold";
    site.peer_says(amps(-1.3));
    EXPECT_EQ(site.charge(), amps(0));
    EXPECT_EQ(site.discharge(), all) << "both may discharge";
    EXPECT_EQ(site.mode(), SiteMode::peer_discharging);
    EXPECT_EQ(site.last.charge.reason().rule, Rule::peer_discharging);
    EXPECT_EQ(site.last.charge.reason().value, -1300);
    EXPECT_TRUE(site.last.discharge_limiters.empty());
}

// Intent 3: what the second battery exports is no surplus; what is beyond it is.
TEST(Coordination, ARealSurplusLetsUsChargeWhateverTheOtherDoes) {
    Site site;
    site.begin();
    site.meter = watts(600);
    site.own.current = amps(0);
    site.peer_says(amps(-10));  // 500 W of the 600 W are its own
    EXPECT_EQ(site.charge(), amps(0)) << "100 W are not more than the threshold";
    site.meter = watts(1500);
    EXPECT_EQ(site.after(19).charge.value(), amps(0)) << "a small surplus must last";
    EXPECT_EQ(site.after().charge.value(), amps(10)) << "one step of 2 A/s for the 5 s until the answer";
    EXPECT_EQ(site.after(19).charge.value(), amps(10));
    EXPECT_EQ(site.after().charge.value(), amps(20)) << "1000 W at 50 V are left over";
    site.after(50);
    EXPECT_EQ(site.charge(), amps(20)) << "and no more than that";
    EXPECT_EQ(site.last.charge.reason().rule, Rule::peer_discharging);
}

TEST(Coordination, WhatWeTakeAlreadyIsPartOfTheSurplus) {
    Site site;
    site.begin();
    site.meter = watts(500);
    site.own.current = amps(30);
    site.peer_says(amps(-10));
    EXPECT_EQ(site.charge(), amps(30)) << "1500 W now, and 500 W left over that are all the other's";
    site.meter = watts(0);
    EXPECT_EQ(site.after().charge.value(), amps(20));
    site.own.current = amps(-5);
    site.meter = watts(851);
    EXPECT_EQ(site.after().charge.value(), Milliamps(2020)) << "500 W are the other's, and 250 W our own";
    site.meter = watts(850);
    EXPECT_EQ(site.after().charge.value(), amps(0)) << "100 W are not more than the threshold";
    site.meter = watts(30'000);
    site.after(100);
    EXPECT_EQ(site.charge(), amps(60)) << "there is enough for all that we could take";
}

// A meter that tells every ten seconds must not take the same watts away again each second.
TEST(Coordination, OneValueOfTheMeterTakesAwayOnce) {
    Site site;
    site.begin();
    site.own.current = amps(30);
    site.meter = watts(-300);
    site.peer_says(amps(-10));
    ASSERT_EQ(site.charge(), amps(14)) << "of 1500 W we take, 500 W are the other's and 300 W are bought";
    site.meter.reset();  // nothing new
    for (const int current : {25, 14, 14}) {
        site.own.current = amps(current);
        EXPECT_EQ(site.after().charge.value(), amps(14));
    }
    site.meter = watts(500);
    EXPECT_EQ(site.after().charge.value(), amps(14)) << "what the other gives flows into the grid now";
    site.meter = watts(400);
    EXPECT_EQ(site.after().charge.value(), amps(12)) << "a new value counts at once";
}

TEST(Coordination, WhatWeGiveIsNoSurplus) {
    Site site;
    site.begin();
    site.meter = watts(500);
    site.own.current = amps(-20);  // 1000 W that the meter would miss
    site.peer_says(amps(-4));      // 200 W
    EXPECT_EQ(site.charge(), amps(0));
    site.own.current = amps(0);
    site.after();
    EXPECT_EQ(site.state.charge.bound.reason().rule, Rule::site_release) << "300 W are";
}

TEST(Coordination, WithoutAMeterThereIsNoSurplus) {
    Site site;
    site.begin();
    site.own.current = amps(30);
    site.peer_says(amps(-10));
    EXPECT_EQ(site.charge(), amps(0));
}

// Intent 4, and what the original got wrong: no import, however large, frees the discharge while B charges.
TEST(Coordination, AShortageDoesNotFreeTheDischargeWhileTheOtherCharges) {
    Site site;
    site.begin();
    site.meter = watts(-5000);
    site.peer_says(amps(20));
    site.after(600);
    EXPECT_EQ(site.discharge(), amps(0));
}

TEST(Coordination, BelowTheLeavingThresholdTheHoldRunsAndThenOneAnswer) {
    Site site;
    site.begin();
    site.peer_says(amps(3));
    site.peer_says(amps(1.5));
    site.after(100);
    EXPECT_EQ(site.discharge(), amps(0)) << "between both thresholds nothing changes";
    site.peer_says(amps(1));
    site.after(100);
    EXPECT_EQ(site.discharge(), amps(0)) << "at the threshold is not below it";
    site.peer_says(amps(0.9));
    site.after(18);
    EXPECT_EQ(site.mode(), SiteMode::peer_charging);
    site.after();
    EXPECT_EQ(site.mode(), SiteMode::releasing) << "20 s after it was last above";
    EXPECT_EQ(site.discharge(), amps(0));
    site.after(3);
    EXPECT_EQ(site.discharge(), amps(0));
    site.after();
    EXPECT_EQ(site.discharge(), amps(10)) << "5 s after the last step in which it was held";
    EXPECT_EQ(site.last.discharge.reason().rule, Rule::site_release);
    ASSERT_EQ(site.last.discharge_limiters.size(), 1U);
    EXPECT_EQ(site.last.discharge_limiters[0].value(), amps(10));
    site.after(4);
    EXPECT_EQ(site.discharge(), amps(10));
    site.after();
    EXPECT_EQ(site.discharge(), amps(20));
    site.after(20);
    EXPECT_EQ(site.discharge(), all) << "at the maximum nothing is taken any more";
    EXPECT_EQ(site.mode(), SiteMode::neutral);
    EXPECT_TRUE(site.last.discharge_limiters.empty());
}

TEST(Coordination, ARealShortageShortensTheHold) {
    Site site;
    site.begin();
    site.peer_says(amps(3));
    site.meter = watts(-100);
    site.peer_says(amps(0));
    EXPECT_EQ(site.until_discharge(), 23) << "100 W are not more than the threshold: 20 s and an answer";
    site.after(1000);
    site.peer_says(amps(3));
    site.meter = watts(-101);
    site.peer_says(amps(0));
    EXPECT_EQ(site.until_discharge(), 6) << "3 s and an answer";
}

TEST(Coordination, ItsOwnChargeIsNoShortage) {
    Site site;
    site.begin();
    site.peer_says(amps(3));
    site.meter = watts(-140);
    site.peer_says(amps(0.9));  // 45 W of them
    EXPECT_EQ(site.until_discharge(), 23);
    site.after(1000);
    site.peer_says(amps(3));
    site.meter = watts(-146);
    site.peer_says(amps(0.9));
    EXPECT_EQ(site.until_discharge(), 6);
}

TEST(Coordination, ALargeShortageOrSurplusGivesBackFaster) {
    for (const int power : {-2001, 2001}) {
        Site site;
        site.begin();
        site.peer_says(amps(3));
        site.meter = watts(power);
        site.peer_says(amps(0));
        site.until_discharge();
        EXPECT_EQ(site.discharge(), amps(30)) << "6 A/s for 5 s";
    }
    Site site;
    site.begin();
    site.peer_says(amps(3));
    site.meter = watts(-2000);
    site.peer_says(amps(0));
    site.until_discharge();
    EXPECT_EQ(site.discharge(), amps(10)) << "not more than the threshold";
}

TEST(Coordination, ACauseThatReturnsSoonDoublesTheHoldUpToEightTimes) {
    Site site;
    site.begin();
    std::vector<int> waited;
    for (int i = 0; i < 6; ++i) {
        site.peer_says(amps(3));
        site.peer_says(amps(0));
        waited.push_back(site.until_discharge());
    }
    EXPECT_EQ(waited, (std::vector{23, 43, 83, 163, 163, 163}));
    site.after(60 * 15);
    site.peer_says(amps(3));
    site.peer_says(amps(0));
    EXPECT_EQ(site.until_discharge(), 23) << "a quarter of an hour later it is forgiven";
}

TEST(Coordination, TheChargeSideHasItsOwnHolds) {
    Site site;
    site.begin();
    site.peer_says(amps(-2));
    site.peer_says(amps(-0.6));
    site.after(60);
    EXPECT_EQ(site.mode(), SiteMode::peer_discharging) << "at the leaving threshold";
    site.peer_says(amps(-0.5));
    site.after(18);
    EXPECT_EQ(site.mode(), SiteMode::peer_discharging);
    site.after();
    EXPECT_EQ(site.mode(), SiteMode::releasing);
    site.after(4);
    EXPECT_EQ(site.charge(), amps(10));
    site.after(1000);
    site.peer_says(amps(-2));
    site.meter = watts(101);
    site.peer_says(amps(0));
    site.after(2);
    EXPECT_EQ(site.mode(), SiteMode::releasing) << "with a surplus 3 s are enough";
}

TEST(Coordination, BothDirectionsAreGivenBackIndependently) {
    Site site;
    site.begin();
    site.peer_says(amps(5));
    site.peer_says(amps(-5));
    EXPECT_EQ(site.charge(), amps(0));
    EXPECT_EQ(site.discharge(), amps(0)) << "the hold of the other cause is still owed";
    EXPECT_EQ(site.mode(), SiteMode::peer_contradicts);
    site.after(60);
    EXPECT_EQ(site.charge(), amps(0));
    EXPECT_EQ(site.discharge(), all);
}

// Delay-aware: the meter must have told something since the answer can be there.
TEST(Coordination, TheNextStepUpNeedsASampleOfTheMeterThatIsNewerThanTheAnswer) {
    Site site;
    site.begin();
    site.meter = watts(0);
    site.peer_says(amps(3));
    site.peer_says(amps(0));
    site.until_discharge();
    EXPECT_EQ(site.discharge(), amps(10));
    site.after(3);
    site.meter.reset();  // the last sample is 3 s after the step
    site.after(6);
    EXPECT_EQ(site.discharge(), amps(10));
    site.meter = watts(0);
    site.after();
    EXPECT_EQ(site.discharge(), amps(20));
    site.meter.reset();
    site.after(10);
    EXPECT_EQ(site.discharge(), amps(20)) << "10 s old is still known";
    site.after();
    EXPECT_EQ(site.discharge(), amps(30)) << "a meter that is lost is not waited for";
}

TEST(Coordination, TheFirstStepUpIsAtLeastTheSmallestUsefulCurrent) {
    Site site;
    site.config.coordination.rise_per_second = amps(0.1);
    site.begin();
    site.after(2000);
    site.peer_says(amps(3));
    site.peer_says(amps(0));
    site.until_discharge();
    EXPECT_EQ(site.discharge(), amps(1));
    site.after(5);
    EXPECT_EQ(site.discharge(), amps(1.5));
}

TEST(Coordination, ALargeSurplusIsTakenAsSoonAsTheInverterHasAnswered) {
    Site site;
    site.begin();
    site.own.current = amps(0);
    site.peer_says(amps(-10));
    ASSERT_EQ(site.charge(), amps(0));
    site.after(5);
    site.meter = watts(2001);
    EXPECT_EQ(site.after(4).charge.value(), amps(0));
    EXPECT_EQ(site.after().charge.value(), amps(30)) << "6 A/s for the 5 s until the answer";
    Site small;
    small.begin();
    small.own.current = amps(0);
    small.peer_says(amps(-10));
    small.after(5);
    small.meter = watts(2000);
    EXPECT_EQ(small.after(5).charge.value(), amps(0));
}

TEST(Coordination, ASmallFallDoesNotDelayTheNextStepUp) {
    Site site;
    site.begin();
    site.own.current = amps(20);
    site.meter = watts(500);
    site.peer_says(amps(-10));
    ASSERT_EQ(site.charge(), amps(20));
    site.after(3);
    site.meter = watts(450);  // 1 A less
    site.after();
    EXPECT_EQ(site.charge(), amps(19));
    site.meter = watts(1500);
    site.after(18);
    EXPECT_EQ(site.charge(), amps(19));
    site.after();
    EXPECT_EQ(site.charge(), amps(29)) << "20 s after the step before the fall";
    site.meter = watts(500);
    site.after(3);
    EXPECT_EQ(site.charge(), amps(20));
    site.meter = watts(1500);
    site.after(19);
    EXPECT_EQ(site.charge(), amps(20)) << "a larger fall does";
    site.after();
    EXPECT_EQ(site.charge(), amps(30));
}

TEST(Coordination, EachDirectionIsGivenBackUpToItsOwnMaximum) {
    Site site;
    site.own.charge_maximum = amps(15);
    site.own.discharge_maximum = amps(45);
    site.begin();
    site.peer_says(amps(3));
    site.peer_says(amps(-3));
    site.peer_says(amps(0));
    site.until_discharge();
    site.after(6);
    EXPECT_EQ(site.charge(), all) << "20 A are above 15 A";
    EXPECT_EQ(site.discharge(), amps(20)) << "and below 45 A";
}

TEST(Coordination, SwitchedOffItGivesBackStepByStepAndTakesNothing) {
    Site site;
    site.begin();
    site.peer_says(amps(3));
    site.config.coordination.enabled = false;
    site.after();
    EXPECT_EQ(site.mode(), SiteMode::off);
    EXPECT_EQ(site.discharge(), amps(0));
    site.after(4);
    EXPECT_EQ(site.discharge(), amps(10));
    site.after(100);
    EXPECT_EQ(site.discharge(), all);
    site.peer_says(amps(-30));
    EXPECT_EQ(site.charge(), all);
}

}  // namespace
}  // namespace jkp::control::test
