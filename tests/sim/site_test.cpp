// SPDX-License-Identifier: MIT
#include "sim/site.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace jkp::sim {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

SelfUseSpec loop(Duration delay, double gain_per_s) {
    return {.delay = delay,
            .gain_per_s = gain_per_s,
            .dead_band = Watts(0),
            .meter_error = Watts(0),
            .slew_per_second = Watts(100'000)};
}

// A house with two inverters that do what their loops want at once.
struct House : testing::Test {
    SunHouse power{Watts(0), Watts(0)};
    SiteSpec spec{.first = loop(seconds(1), 0.3), .second = {.self_use = loop(seconds(1), 0.3)}};
    double most_w = 5000.0;  // of ours
    std::vector<double> grid;

    Site make() {
        return Site(spec, [this](TimePoint) { return power; }, TimePoint(seconds(100)));
    }
    void pass(Site& site, Duration time) {
        for (Duration t{}; t < time; t += Site::step_time) {
            site.step({site.wish_w(), {-most_w, most_w}});
            grid.push_back(site.flow().grid_w);
        }
    }
    [[nodiscard]] double swing(Duration last) const {
        const auto n = last / Site::step_time;
        const auto [low, high] = std::minmax_element(grid.end() - n, grid.end());
        return *high - *low;
    }
};

TEST_F(House, TheBalanceHoldsAtEveryMoment) {
    power = {Watts(1000), Watts(3500)};
    Site site = make();
    for (int i = 0; i < 600; ++i) {
        site.step({site.wish_w(), {-most_w, most_w}});
        const Flow& f = site.flow();
        EXPECT_NEAR(f.grid_w,
                    f.sun_w - f.house_w - ac_side(f.first_w, spec.first_efficiency) -
                        ac_side(f.second_w, spec.second.efficiency),
                    1e-6);
    }
}

TEST_F(House, TwoCalmLoopsBringTheGridToZeroTogether) {
    power = {Watts(0), Watts(2000)};
    Site site = make();
    pass(site, minutes(2));
    EXPECT_NEAR(site.flow().grid_w, 0.0, 1.0);
    EXPECT_LT(site.flow().first_w, -500.0);
    EXPECT_LT(site.flow().second_w, -500.0);
}

TEST_F(House, ALoopActsAfterItsDelay) {
    spec.first = loop(seconds(3), 0.3);
    most_w = 5000.0;
    spec.second.max_charge = spec.second.max_discharge = Watts(0);
    Site site = make();
    pass(site, seconds(10));
    power.house = Watts(1000);
    pass(site, milliseconds(3000));
    EXPECT_EQ(site.wish_w(), 0.0);
    pass(site, milliseconds(200));
    EXPECT_LT(site.wish_w(), 0.0);
}

TEST_F(House, LoopsThatAreStableAloneFightWhenTheyAreTwo) {
    power = {Watts(0), Watts(1500)};
    spec.first = loop(seconds(2), 0.55);  // gain x delay = 1.1
    spec.second.self_use = loop(seconds(2), 0.55);
    Site both = make();
    pass(both, minutes(5));
    EXPECT_GT(swing(minutes(1)), 1000.0);

    spec.second.max_charge = spec.second.max_discharge = Watts(0);
    Site alone = make();
    pass(alone, minutes(5));
    EXPECT_LT(swing(minutes(1)), 10.0);
}

TEST_F(House, AMeterThatReadsWrongMakesOneBatteryFillTheOther) {
    spec.first.meter_error = Watts(-40);
    spec.second.self_use.meter_error = Watts(40);
    spec.first.dead_band = spec.second.self_use.dead_band = Watts(10);
    Site site = make();
    pass(site, minutes(10));
    EXPECT_LT(site.flow().first_w, -100.0);
    EXPECT_GT(site.flow().second_w, 100.0);
}

TEST_F(House, OursStaysInsideWhatItsLimitsLeave) {
    power = {Watts(0), Watts(4000)};
    most_w = 700.0;
    spec.second.max_discharge = Watts(0);
    Site site = make();
    pass(site, minutes(2));
    EXPECT_EQ(site.flow().first_w, -700.0);
    EXPECT_NEAR(site.flow().grid_w, -4000.0 + 700.0 * 0.95, 1.0);
}

TEST_F(House, TheSecondBatteryFillsUpAndEmptiesAsFarAsItMay) {
    spec.second.capacity = WattHours(100);
    most_w = 0.0;
    power = {Watts(3000), Watts(0)};
    Site site = make();
    pass(site, minutes(10));
    EXPECT_NEAR(site.second().soc(), 1.0, 0.01);
    power = {Watts(0), Watts(3000)};
    pass(site, minutes(10));
    EXPECT_NEAR(site.second().soc(), 0.1, 0.01);
    EXPECT_EQ(site.flow().second_w, 0.0);
}

TEST_F(House, AHybridChargesFromItsOwnSunOnly) {
    spec.second.charges_from_ac = false;
    spec.second.sun_share = Permille(250);
    most_w = 0.0;
    power = {Watts(4000), Watts(0)};
    Site site = make();
    pass(site, minutes(2));
    EXPECT_NEAR(site.flow().second_w, 1000.0, 1.0);
}

TEST_F(House, TheSecondBatteryCanBeForced) {
    Site site = make();
    site.second().force(Watts(1500));
    pass(site, minutes(2));
    EXPECT_EQ(site.flow().second_w, 1500.0);
    EXPECT_LT(site.flow().first_w, -1000.0);  // that is the transfer coordination is there for
}

TEST_F(House, ItsReadingSaysCurrentPowerAndSocWithOneSign) {
    Site site = make();
    site.second().force(Watts(-1500));
    pass(site, seconds(1));
    const PeerReading r = site.second().reading();
    EXPECT_EQ(r.power, Watts(-1500));
    EXPECT_LT(*r.current, Milliamps(-20'000));
    EXPECT_NEAR(r.current->count() / 1000.0 * r.voltage->count() / 1000.0, -1500.0, 5.0);
}

}  // namespace
}  // namespace jkp::sim
