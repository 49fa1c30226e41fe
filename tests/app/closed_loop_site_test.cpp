// SPDX-License-Identifier: MIT
// The controller in a house with a meter and a second inverter, in virtual time, with sources that fail.
#include <gtest/gtest.h>

#include "app/closed_loop.hpp"

namespace jkp::app {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

ClosedLoopSettings house() {
    ClosedLoopSettings s;
    control::PackConfig pack;
    pack.name = "A";
    pack.max_charge = pack.max_discharge = Milliamps(60'000);
    s.controller.control.packs = {pack};
    s.controller.control.coordination.expects_grid = true;
    s.controller.control.coordination.expects_peer = true;
    s.packs = {sim::PackSpec{}};
    VirtualSiteSettings site;
    site.supply = [](TimePoint) { return sim::SunHouse{Watts(0), Watts(300)}; };
    s.site = site;
    return s;
}

void expect_about(std::uint64_t count, std::uint64_t expected) {
    EXPECT_GE(count, expected - 2);
    EXPECT_LE(count, expected + 2);
}

struct ClosedLoopHouse : testing::Test {
    ClosedLoop loop{house()};
    void pass(Duration time) { loop.advance(loop.now() + time); }
    [[nodiscard]] Milliamps charge() const { return loop.decision().charge.value(); }
    [[nodiscard]] Milliamps discharge() const { return loop.decision().discharge.value(); }
    [[nodiscard]] const sim::Flow& flow() { return loop.site()->site().flow(); }
};

TEST_F(ClosedLoopHouse, ReadsBothSourcesThroughTheRealCodecs) {
    pass(minutes(5));
    expect_about(loop.site()->meter_counters().readings, 299);
    EXPECT_EQ(loop.site()->meter_counters().ignored, 0U);
    expect_about(loop.site()->peer_line().counters().answers, 59);
    EXPECT_EQ(loop.site()->peer_line().counters().refused, 0U);
    EXPECT_NEAR(flow().grid_w, 0.0, 40.0);
}

TEST_F(ClosedLoopHouse, DoesNotDischargeIntoASecondBatteryThatCharges) {
    pass(minutes(5));
    loop.site()->site().second().force(Watts(1500));
    pass(seconds(30));
    EXPECT_EQ(discharge(), Milliamps(0));
    EXPECT_EQ(loop.decision().discharge.reason().rule, control::Rule::peer_charging);
    EXPECT_NEAR(flow().first_w, 0.0, 1.0);
}

TEST_F(ClosedLoopHouse, DoesNotChargeFromASecondBatteryThatDischarges) {
    pass(minutes(5));
    loop.site()->site().second().force(Watts(-2500));
    pass(seconds(40));
    EXPECT_LT(charge(), Milliamps(2000));
    EXPECT_NEAR(flow().first_w, 0.0, 100.0);
}

TEST_F(ClosedLoopHouse, ASilentPeerIsUnknownAndNotZero) {
    pass(minutes(5));
    loop.site()->site().second().force(Watts(1500));
    pass(seconds(30));
    loop.site()->peer().fault.silent = true;
    pass(seconds(50));
    EXPECT_EQ(discharge(), Milliamps(0));
    EXPECT_EQ(loop.decision().site.peer_state, control::SourceState::unknown);
    pass(minutes(10));
    EXPECT_GT(discharge(), Milliamps(20'000));  // the configured way out: back to what the battery allows
    EXPECT_LT(flow().first_w, -1000.0);
}

TEST_F(ClosedLoopHouse, DamagedForeignAndRepeatedDatagramsAreCountedAndNotUsed) {
    pass(minutes(1));
    loop.site()->meter().fault.foreign = 42;
    pass(minutes(1));
    EXPECT_EQ(loop.decision().site.grid_state, control::SourceState::unknown);
    loop.site()->meter().fault = {.truncate_to = 200};
    pass(minutes(1));
    EXPECT_EQ(loop.decision().site.grid_state, control::SourceState::unknown);
    expect_about(loop.site()->meter_counters().ignored, 120);
    loop.site()->meter().fault = {.twice = true};
    pass(minutes(1));
    EXPECT_EQ(loop.decision().site.grid_state, control::SourceState::known);
    expect_about(loop.site()->meter_counters().duplicates, 60);
}

TEST_F(ClosedLoopHouse, NeverGivesMoreThanTheBatteryAllowsWhateverTheSourcesSay) {
    pass(minutes(5));
    loop.pack(0).force_cell(3, Millivolts(3560));
    loop.site()->meter().fault.error = Watts(30'000);  // an enormous surplus
    loop.site()->site().second().force(Watts(-3000));
    pass(seconds(20));
    EXPECT_EQ(charge(), Milliamps(0));
}

TEST_F(ClosedLoopHouse, TheHouseGoesOnWhileTheProgramIsRestarted) {
    pass(minutes(5));
    loop.restart(seconds(60));
    pass(seconds(30));
    EXPECT_FALSE(loop.running());
    EXPECT_NEAR(flow().first_w, 0.0, 1.0);  // the inverter hears nothing
    pass(minutes(5));
    EXPECT_TRUE(loop.running());
    EXPECT_EQ(loop.decision().site.grid_state, control::SourceState::known);
    EXPECT_EQ(loop.decision().site.peer_state, control::SourceState::known);
}

TEST_F(ClosedLoopHouse, TheSameHouseIsTheSameBitByBit) {
    ClosedLoop other(house());
    for (int i = 0; i < 60; ++i) {
        pass(seconds(5));
        other.advance(loop.now());
        ASSERT_EQ(loop.decision(), other.decision());
    }
}

}  // namespace
}  // namespace jkp::app
