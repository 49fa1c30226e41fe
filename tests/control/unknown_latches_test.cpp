// SPDX-License-Identifier: MIT
// After a start whose state file could not be used: what was latched is not known.
#include <gtest/gtest.h>

#include "control/saved.hpp"
#include "packs.hpp"

namespace jkp::control::test {
namespace {

// Two readings, so that nothing but what is unknown holds it back.
Rig unknown(const PackReading& reading) {
    Rig rig;
    rig.state = restore_unknown(rig.config, rig.now);
    rig.feed(reading);
    rig.feed_for(seconds(1));
    return rig;
}

Result<void, Refusal> acknowledged(Rig& rig) {
    return acknowledge(rig.config, rig.state, 0, rig.now);
}

const PackLatches& latches(const Rig& rig) {
    return rig.state.packs[0].latches;
}

TEST(UnknownLatches, AreAcknowledgedOnceEveryCellHasBeenCalmForAMinute) {
    Rig rig = unknown(reading_at(mv(3300)));
    EXPECT_TRUE(latches(rig).fault());
    rig.feed_for(seconds(58));
    EXPECT_EQ(acknowledged(rig).error(), Refusal::still_critical);
    rig.feed_for(seconds(1));
    ASSERT_TRUE(acknowledged(rig).has_value());
    EXPECT_FALSE(latches(rig).fault() || latches(rig).lockout);
    rig.settle(rig.reading);
    EXPECT_EQ(rig.last.charge.value(), amps(60));
    EXPECT_EQ(rig.last.discharge.value(), amps(60));
    EXPECT_EQ(acknowledged(rig).error(), Refusal::nothing_to_acknowledge);
}

TEST(UnknownLatches, NameTheCellThatEachDirectionHasToFear) {
    const Rig rig = unknown(reading_between(mv(3320), mv(3300)));
    const auto* const charge = find(rig.last.charge_limiters, Rule::latches_unknown);
    const auto* const discharge = find(rig.last.discharge_limiters, Rule::latches_unknown);
    ASSERT_TRUE(charge != nullptr && discharge != nullptr);
    EXPECT_EQ(charge->reason().value, 3320);
    EXPECT_EQ(discharge->reason().value, 3300);
}

// Only what is unknown may leave a fault behind when it is acknowledged.
TEST(UnknownLatches, AnOrdinaryAcknowledgementMakesNoLowFaultOfALowCell) {
    Rig rig;
    rig.feed(reading_between(mv(3000), mv(2950)));
    rig.state.packs[0].latches.high = HighFault::awaiting_operator;
    ASSERT_TRUE(acknowledged(rig).has_value());
    EXPECT_FALSE(latches(rig).low || latches(rig).lockout);
}

TEST(UnknownLatches, AreNotAcknowledgedWhileACellIsHigh) {
    Rig rig = unknown(reading_at(mv(3460)));
    rig.feed_for(minutes(5));
    EXPECT_EQ(acknowledged(rig).error(), Refusal::still_critical);
}

TEST(UnknownLatches, ACellThatIsStillLowMayHaveBeenAtFaultOrLockedOut) {
    const auto after = [](int lowest) {
        Rig rig = unknown(reading_between(mv(lowest + 20), mv(lowest)));
        rig.feed_for(seconds(60));
        EXPECT_TRUE(acknowledged(rig).has_value()) << lowest;
        return latches(rig);
    };
    EXPECT_FALSE(after(3000).low);
    EXPECT_TRUE(after(2999).low);
    EXPECT_FALSE(after(2900).lockout);
    EXPECT_TRUE(after(2899).lockout);
    EXPECT_FALSE(after(2899).unknown);
}

// Otherwise a cell that falls meanwhile could never be charged again.
TEST(UnknownLatches, ALowFaultThatCameSinceStandsInTheWayOfNoAcknowledgementAndStays) {
    Rig rig = unknown(reading_between(mv(2480), mv(2460)));
    ASSERT_TRUE(latches(rig).low && latches(rig).lockout);
    rig.feed_for(seconds(60));
    ASSERT_TRUE(acknowledged(rig).has_value());
    EXPECT_TRUE(latches(rig).low && latches(rig).lockout);
    EXPECT_FALSE(latches(rig).unknown);
    EXPECT_TRUE(recover(rig.config, rig.state, 0, rig.now).has_value());
}

TEST(UnknownLatches, AHighFaultThatCameSinceIsAcknowledgedWithThem) {
    Rig rig = unknown(reading_between(mv(3660), mv(3300)));
    ASSERT_EQ(latches(rig).high, HighFault::blocked);
    EXPECT_EQ(acknowledged(rig).error(), Refusal::still_critical);
    rig.reading = reading_at(mv(3300));
    rig.feed_for(seconds(62));
    ASSERT_TRUE(acknowledged(rig).has_value());
    EXPECT_FALSE(latches(rig).fault());
}

TEST(UnknownLatches, OfAPackThatIsLostHoldTheBankAtZero) {
    Packs bank(config_of({100, 100}));
    bank.config.bank.quorum = 1;
    bank.state = restore_unknown(bank.config, bank.now);
    bank.state.packs[0].latches.unknown = false;
    bank.silent[1] = true;
    bank.run(minutes(3));
    EXPECT_FALSE(bank.part(1).present);
    EXPECT_EQ(bank.last.charge.value(), Milliamps(0));
    EXPECT_EQ(bank.last.discharge.value(), Milliamps(0));
    const auto* const charge = find(bank.last.charge_limiters, Rule::latches_unknown);
    const auto* const discharge = find(bank.last.discharge_limiters, Rule::latches_unknown);
    ASSERT_TRUE(charge != nullptr && discharge != nullptr);
    EXPECT_EQ(charge->value(), Milliamps(0));
    EXPECT_EQ(discharge->value(), Milliamps(0));
}

}  // namespace
}  // namespace jkp::control::test
