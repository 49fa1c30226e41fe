// SPDX-License-Identifier: MIT
// What stage H counts and learns: energy moved between the batteries, and how long our inverter takes to
// answer.
#include <gtest/gtest.h>

#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

std::int64_t transfer_mwh(const Site& site) {
    return site.last.decision.transfer_mwh;
}

TEST(Transfer, IsWhatOneGivesWhileTheOtherTakesIt) {
    Site site;
    site.config.coordination.enabled = false;
    site.begin();
    site.own.current = amps(-20);  // 1000 W
    site.peer_says(amps(7.2));     // 360 W: 0.1 Wh in a second
    EXPECT_EQ(transfer_mwh(site), 100);
    site.after(9);
    EXPECT_EQ(transfer_mwh(site), 1000);
    site.own.current = amps(3.6);  // 180 W: 0.05 Wh in a second
    site.peer_says(amps(-40));
    EXPECT_EQ(transfer_mwh(site), 1050);
    EXPECT_EQ(site.last.decision.moved_mwh, (10 * 1360 + 180 + 2000) * 1000 / 3600);
}

TEST(Transfer, BothInTheSameDirectionMoveNothingBetweenThem) {
    Site site;
    site.config.coordination.enabled = false;
    site.begin();
    for (const double sign : {1.0, -1.0}) {
        site.own.current = amps(20 * sign);
        site.peer_says(amps(10 * sign));
        site.after(100);
    }
    EXPECT_EQ(transfer_mwh(site), 0);
    EXPECT_EQ(site.last.decision.moved_mwh, 202 * 1500 * 1000 / 3600);
}

TEST(Transfer, IsNotCountedWhileEitherIsUnknown) {
    Site site;
    site.config.coordination.enabled = false;
    site.begin();
    site.own.current = amps(-20);
    site.peer_says(amps(20));
    const std::int64_t once = transfer_mwh(site);
    site.own.age_stage = AgeStage::falling;
    site.after(5);
    EXPECT_EQ(transfer_mwh(site), once) << "old data of our own";
    site.own.age_stage = AgeStage::fresh;
    site.peer.reset();
    site.after(21);
    const std::int64_t known = transfer_mwh(site);
    EXPECT_GT(known, once);
    site.after(100);
    EXPECT_EQ(transfer_mwh(site), known);
}

TEST(Transfer, AGapCountsForTenSecondsAtMost) {
    Site site;
    site.config.coordination.enabled = false;
    site.begin();
    site.own.current = amps(-72);
    site.peer_says(amps(72));  // 3600 W: 1 Wh in a second
    EXPECT_EQ(transfer_mwh(site), 1000);
    site.now += seconds(10);
    site.step();
    EXPECT_EQ(transfer_mwh(site), 11'000);
    site.now += seconds(100);
    site.step();
    EXPECT_EQ(transfer_mwh(site), 21'000);
}

// A trickle below the thresholds would never be noticed by them alone.
TEST(Transfer, MoreThanTheBudgetQuartersTheThresholds) {
    Site site;
    site.begin();
    site.own.current = amps(-10);
    site.peer_says(amps(1.44));  // 72 W: 2 Wh in 100 s, and the budget leaks 0.056 Wh meanwhile
    site.after(101);
    EXPECT_FALSE(site.last.decision.watchful);
    EXPECT_EQ(site.discharge(), all);
    site.after(2);
    EXPECT_TRUE(site.last.decision.watchful);
    EXPECT_EQ(site.discharge(), amps(0)) << "1.44 A are above a quarter of 2 A";
    site.own.current = amps(0);
    site.peer_says(amps(0.3));
    site.after(60);
    EXPECT_EQ(site.discharge(), amps(0)) << "above a quarter of 1 A";
    site.after(60);
    EXPECT_FALSE(site.last.decision.watchful) << "2 Wh leak in an hour";
    site.after(60);
    EXPECT_EQ(site.discharge(), all);
}

TEST(Transfer, WhileWatchfulHalfAnAmpereIsStillNothing) {
    Site site;
    site.begin();
    site.state.transfer.recent_wus = 100 * std::int64_t{3'600'000'000};
    site.peer_says(amps(0.5));
    EXPECT_EQ(site.discharge(), all);
    site.peer_says(amps(0.51));
    EXPECT_EQ(site.discharge(), amps(0));
    site.peer_says(amps(-0.3));
    EXPECT_EQ(site.charge(), all);
    site.peer_says(amps(-0.31));
    EXPECT_EQ(site.charge(), amps(0));
}

TEST(Transfer, TheBudgetLeaksInAnHourAndNotBelowNothing) {
    Site site;
    site.begin();
    const std::int64_t wh = 3'600'000'000;
    site.state.transfer.recent_wus = 3 * wh;
    site.after(1800);
    EXPECT_EQ(site.state.transfer.recent_wus, 2 * wh);
    EXPECT_FALSE(site.last.decision.watchful) << "the budget itself is not too much";
    site.after(7200);
    EXPECT_EQ(site.state.transfer.recent_wus, 0);
}

// --- the answer of the inverter --------------------------------------------------------------------------

// A cut while 20 A flow; they stop `seconds` later.
void cut(Site& site, int seconds_later) {
    site.own.current = amps(-20);
    site.peer_says(amps(0));
    site.after(2000);
    site.peer_says(amps(10));
    site.after(seconds_later - 1);
    site.own.current = amps(0);
    site.after();
}

TEST(Transfer, HoweverMuchWentOverItIsForgottenAfterAnHour) {
    Transfer transfer;
    const WattHours budget{2};
    TimePoint now = at(seconds(1000));
    count(transfer, budget, BothPowers{watts(-3000), watts(3000)}, now);
    for (int i = 0; i < 600; ++i) {
        now += seconds(10);
        count(transfer, budget, BothPowers{watts(-3000), watts(3000)}, now);
    }
    EXPECT_EQ(transfer.total_mwh(), 5'000'000);
    EXPECT_TRUE(transfer.too_much(budget));
    for (int i = 0; i < 359; ++i) count(transfer, budget, std::nullopt, now += seconds(10));
    EXPECT_TRUE(transfer.too_much(budget));
    count(transfer, budget, std::nullopt, now += seconds(10));
    EXPECT_FALSE(transfer.too_much(budget));
}

TEST(ResponseOfTheInverter, IsLearnedByAQuarterFromEachCut) {
    Site site;
    site.begin();
    EXPECT_EQ(site.last.decision.response, seconds(5));
    cut(site, 9);
    EXPECT_EQ(site.last.decision.response, seconds(6));
    cut(site, 10);
    EXPECT_EQ(site.last.decision.response, seconds(7));
    cut(site, 3);
    EXPECT_EQ(site.last.decision.response, seconds(6));
}

TEST(ResponseOfTheInverter, IsWithinOneAndFifteenSeconds) {
    Site site;
    site.begin();
    cut(site, 29);
    EXPECT_EQ(site.last.decision.response, milliseconds(7500));
    Site quick;
    quick.begin();
    quick.own.current = amps(-20);
    quick.peer_says(amps(10));
    quick.own.current = amps(0);
    quick.now += milliseconds(200);
    quick.step();
    EXPECT_EQ(quick.last.decision.response, seconds(4));
}

TEST(ResponseOfTheInverter, NothingIsLearnedFromOneThatDoesNotAnswer) {
    Site site;
    site.begin();
    cut(site, 30);
    EXPECT_EQ(site.last.decision.response, milliseconds(7500)) << "30 s are still an answer";
    Site late;
    late.begin();
    cut(late, 32);
    EXPECT_EQ(late.last.decision.response, seconds(5));
    EXPECT_FALSE(late.state.response.cut_at);
}

TEST(ResponseOfTheInverter, ACurrentNearTheLimitIsTheAnswer) {
    Site site;
    site.begin();
    site.own.current = amps(-20);
    site.peer_says(amps(10));
    site.own.current = amps(-2.1);
    site.after(8);
    ASSERT_TRUE(site.state.response.cut_at);
    site.own.current = amps(-2);
    site.after();
    EXPECT_EQ(site.last.decision.response, seconds(6)) << "9 s";
}

TEST(ResponseOfTheInverter, ACutThatHardlyTakesAnythingTeachesNothing) {
    Site site;
    site.begin();
    site.own.current = amps(-5);
    site.peer_says(amps(10));
    EXPECT_FALSE(site.state.response.cut_at);
    Site other;
    other.begin();
    other.own.current = amps(20);
    other.peer_says(amps(10));
    EXPECT_FALSE(other.state.response.cut_at) << "we charge: the discharge limit takes nothing";
}

TEST(ResponseOfTheInverter, ItIsLearnedFromTheChargeSideAsWell) {
    Site site;
    site.begin();
    site.own.current = amps(20);
    site.peer_says(amps(-10));
    EXPECT_TRUE(site.state.response.charging);
    site.after(8);
    site.own.current = amps(0);
    site.after();
    EXPECT_EQ(site.last.decision.response, seconds(6));
}

TEST(ResponseOfTheInverter, AnOldSampleIsNoAnswer) {
    Site site;
    site.begin();
    site.own.current = amps(-20);
    site.peer_says(amps(10));
    site.own.current = amps(0);
    site.own.now = site.now + seconds(3);  // a step without a sample since the cut
    coordinate(site.config, site.state, site.own, {}, {}, site.happened);
    EXPECT_TRUE(site.state.response.cut_at);
}

TEST(ResponseOfTheInverter, TheStepsUpFollowIt) {
    Site site;
    site.begin();
    site.state.response.learned = seconds(10);
    site.peer_says(amps(10));
    site.peer_says(amps(0));
    EXPECT_EQ(site.until_discharge(), 28);
    EXPECT_EQ(site.discharge(), amps(20));
    site.after(9);
    EXPECT_EQ(site.discharge(), amps(20));
    site.after();
    EXPECT_EQ(site.discharge(), amps(40));
}

}  // namespace
}  // namespace jkp::control::test
