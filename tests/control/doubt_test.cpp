// SPDX-License-Identifier: MIT
// Readings whose cells are believable and whose current or SOC is not: they tighten and do nothing else.
#include <gtest/gtest.h>

#include "builders.hpp"
#include "control/intake.hpp"

namespace jkp::control::test {
namespace {

// A reading a second later, with these cells and an impossible current.
const Decision& doubted(Rig& rig, int highest, int lowest) {
    PackReading reading = reading_between(mv(highest), mv(lowest));
    reading.current = amps(400);
    rig.now += seconds(1);
    return rig.feed(reading);
}

Rig settled_between(int highest, int lowest) {
    Rig rig;
    rig.settle(reading_between(mv(highest), mv(lowest)));
    return rig;
}

TEST(Doubt, S2_TheWorstCellOfWhatIsKnownAndWhatIsDoubtedCounts) {
    Rig higher = settled_between(3320, 3300);
    EXPECT_EQ(doubted(higher, 3560, 3310).highest, (CellExtreme{mv(3560), 3}));
    EXPECT_EQ(higher.last.lowest, (CellExtreme{mv(3300), 7}));
    Rig lower = settled_between(3320, 3300);
    EXPECT_EQ(doubted(lower, 3310, 2950).lowest, (CellExtreme{mv(2950), 7}));
    EXPECT_EQ(lower.last.highest, (CellExtreme{mv(3320), 3}));
}

TEST(Doubt, ADoubtedCellLimitsItsDirectionAndIsAsOldAsItsReading) {
    Rig rig = settled_between(3320, 3300);
    doubted(rig, 3320, 2950);
    EXPECT_EQ(rig.last.discharge.value(), Milliamps(0));
    EXPECT_EQ(rig.last.discharge.reason().rule, Rule::cell_low_curve);
    EXPECT_EQ(rig.last.discharge.reason().value, 2950);
    EXPECT_EQ(rig.last.discharge.reason().age, Duration{});
    rig.now += seconds(1);
    rig.silent();
    EXPECT_EQ(rig.last.discharge.reason().age, seconds(1));
}

TEST(Doubt, WhatADoubtedReadingOnlyRepeatsStaysAsOldAsItWas) {
    Rig rig = settled_between(3450, 3300);
    doubted(rig, 3450, 3300);
    const auto* const curve = find(rig.last.charge_limiters, Rule::cell_high_curve);
    EXPECT_EQ(curve->reason().age, seconds(1));
}

TEST(Doubt, OfEqualCellsTheNewerIsNamed) {
    Rig rig = settled_between(3320, 3300);
    PackReading other = reading_between(mv(3320), mv(3300));
    std::swap(other.cells[2], other.cells[4]);
    std::swap(other.cells[6], other.cells[5]);
    other.current = amps(400);
    rig.now += seconds(1);
    rig.feed(other);
    EXPECT_EQ(rig.last.highest.number, 5);
    EXPECT_EQ(rig.last.lowest.number, 6);
}

TEST(Doubt, S6_TheProbesOfADoubtedReadingAreNoNewData) {
    Rig rig = settled_between(3320, 3300);
    for (int s = 0; s < 10; ++s) doubted(rig, 3320, 3300);
    const auto* const probe = find(rig.last.charge_limiters, Rule::probe_age);
    ASSERT_NE(probe, nullptr);
    EXPECT_EQ(probe->reason().age, seconds(10));
}

TEST(Doubt, OnlyWhatChangesAPackCountsAsANewReading) {
    const Config config = config_of_one();
    PackState pack = make_state(config).packs[0];
    Events events;
    TimePoint now = at(seconds(100));
    const auto taken = [&](const PackReading& reading) {
        now += seconds(1);
        return take(config, pack, {0, {reading, now}}, events);
    };
    PackReading impossible = reading_at(mv(3300));
    impossible.current = amps(400);
    PackReading garbled = reading_at(mv(3300));
    garbled.cells[0] = mv(19'000);
    EXPECT_FALSE(taken(impossible));  // of a pack that nothing is known of
    EXPECT_FALSE(taken(garbled));
    EXPECT_TRUE(taken(reading_at(mv(3300))));
    EXPECT_TRUE(taken(impossible));
    EXPECT_FALSE(taken(garbled));
}

}  // namespace
}  // namespace jkp::control::test
