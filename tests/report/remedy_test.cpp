// SPDX-License-Identifier: MIT
// What would have to change for a limit to be higher.
#include "report/remedy.hpp"

#include <gtest/gtest.h>

#include "control/builders.hpp"

namespace jkp::report {
namespace {

using namespace control::test;
using control::ChargeBound;
using control::DischargeBound;
using control::Input;
using control::Reason;
using control::Rule;

struct Site {
    control::Config config = config_of_one();
    std::vector<PackSnapshot> packs = one();
    control::Rise rise{amps(34), seconds(12)};

    static std::vector<PackSnapshot> one() {
        std::vector<PackSnapshot> packs(1);
        packs[0].name = "A";
        packs[0].thresholds = control::thresholds(config_of_one(), mv(3650));
        return packs;
    }
    [[nodiscard]] std::string charge(const Reason& reason, Milliamps limit = amps(10)) const {
        return remedy(ChargeBound(limit, reason), rise, packs, config);
    }
    [[nodiscard]] std::string discharge(const Reason& reason, Milliamps limit = amps(10)) const {
        return remedy(DischargeBound(limit, reason), rise, packs, config);
    }
};

Reason cell(Rule rule, int voltage) {
    return {.rule = rule, .input = Input::cell, .index = 3, .value = voltage};
}

Reason temperature(Rule rule, double value) {
    return {.rule = rule, .input = Input::temperature, .value = celsius(value).count()};
}

TEST(Remedy, OfACurveIsTheVoltageWhereItTakesNothing) {
    const Site site;
    EXPECT_EQ(site.charge(cell(Rule::cell_high_curve, 3440)), "no limit once the cell is below 3.381 V");
    EXPECT_EQ(site.charge(cell(Rule::cell_high_curve, 3510), amps(0)),
              "more than 0 A once the cell is below 3.500 V; no limit once it is below 3.381 V");
    EXPECT_EQ(site.discharge(cell(Rule::cell_low_curve, 2990), amps(0)),
              "more than 0 A once the cell is at or above 3.001 V; no limit once it is at or above 3.250 V");
    EXPECT_EQ(site.charge(cell(Rule::cell_low_curve, 2900)), "no limit once the cell is at or above 3.000 V");
}

TEST(Remedy, OfACurveMovesWithTheOverVoltageSettingOfTheBmsAndWithTheFence) {
    Site site;
    site.packs[0].thresholds.lowered_by = mv(50);
    EXPECT_EQ(site.charge(cell(Rule::cell_high_curve, 3400)), "no limit once the cell is below 3.331 V");
    site.config.resistance.compensate = true;
    EXPECT_EQ(site.charge(cell(Rule::cell_high_curve, 3400)), "no limit once the cell is below 3.331 V");
    site.packs[0].compensated = true;
    EXPECT_EQ(site.charge(cell(Rule::cell_high_curve, 3400)), "no limit once the cell is below 3.351 V");
}

// What the words promise is what the curve does.
TEST(Remedy, TheBordersOfEveryPresetAreWhereItsCurvesChange) {
    for (const auto preset :
         {control::Preset::smooth, control::Preset::original, control::Preset::original_strict}) {
        const control::CellCurves curves = control::cell_curves(preset);
        for (const control::Curve* curve :
             {&curves.charge_by_highest, &curves.charge_by_lowest, &curves.discharge_by_lowest}) {
            const auto value = [&](std::int32_t x) { return evaluate(*curve, x, amps(60)); };
            for (std::int32_t x = 2400; x < 3700; ++x) {
                const auto open = open_border(*curve, x);
                const auto free = free_border(*curve, x);
                ASSERT_EQ(free.has_value(), value(x) < amps(60)) << x;
                if (free) {
                    const std::int32_t better = free->below ? free->x - 1 : free->x;
                    const std::int32_t worse = free->below ? free->x : free->x - 1;
                    ASSERT_EQ(value(better), amps(60)) << x;
                    ASSERT_LT(value(worse), amps(60)) << x;
                }
                if (value(x) > amps(0)) {
                    ASSERT_FALSE(open) << x;
                } else if (value(x - 1) == amps(0) && value(x + 1) == amps(0)) {
                    // Limits round down, so the first millivolt of the open stretch may still be nothing.
                    ASSERT_TRUE(open) << x;
                    ASSERT_GT(value(open->below ? open->x - 2 : open->x + 1), amps(0)) << x;
                    ASSERT_EQ(value(open->below ? open->x : open->x - 1), amps(0)) << x;
                }
            }
        }
    }
}

TEST(Remedy, OfATemperatureIsTheNearestSideOfTheComfortableRange) {
    const Site site;
    EXPECT_EQ(site.charge(temperature(Rule::battery_temperature, 7)),
              "no limit once it is at or above 15.0 C");
    EXPECT_EQ(site.charge(temperature(Rule::battery_temperature, 47)), "no limit once it is below 40.1 C");
    EXPECT_EQ(site.discharge(temperature(Rule::battery_temperature, 52)), "no limit once it is below 45.1 C");
    EXPECT_EQ(site.charge(temperature(Rule::mosfet_temperature, 95), amps(0)),
              "more than 0 A once it is below 90.0 C; no limit once it is below 70.1 C");
}

TEST(Remedy, OfTheDynamicsIsTimeAndTarget) {
    Site site;
    EXPECT_EQ(site.charge({.rule = Rule::hold}), "rises to 34.0 A in 12.0 s at the earliest");
    EXPECT_EQ(site.charge({.rule = Rule::start}),
              "3 valid readings of every pack, in 12.0 s at the earliest");
    site.rise = {amps(0.4), {}};
    EXPECT_EQ(site.charge({.rule = Rule::hold}),
              "at least 5.0 % of the maximum more, allowed for 90.0 s; now 0.4 A are allowed");
    EXPECT_EQ(site.charge({.rule = Rule::ramp}), "rises to 0.4 A if nothing changes");
    EXPECT_EQ(site.charge({.rule = Rule::start}), "3 valid readings of every pack");
    EXPECT_EQ(site.charge({.rule = Rule::smallest_useful}),
              "1.0 A would have to be allowed, the least the inverter can hold; now it would be 0.4 A");
}

TEST(Remedy, OfAFaultNamesTheCommandThatIsNeededAndOnlyWhereItIsNeeded) {
    const Site site;
    EXPECT_EQ(site.charge(cell(Rule::critical_high, 3660)),
              "every cell below 3.450 V for 60.0 s, then `jk-pylon ack` after a look at the cells");
    EXPECT_EQ(site.discharge(cell(Rule::critical_high, 3660)), "every cell below 3.450 V for 60.0 s");
    EXPECT_EQ(site.charge(cell(Rule::low_cell_lockout, 2600)),
              "find the cause, then `jk-pylon recover --pack A`");
    EXPECT_EQ(site.discharge(cell(Rule::latches_unknown, 3300)),
              "every cell below 3.450 V for 60.0 s, then `jk-pylon ack` after a look at the cells");
}

TEST(Remedy, OfTheWindowOfTheStateOfChargeKnowsTheSeason) {
    Site site;
    site.packs[0].soc_range = {percent(20), percent(80)};
    EXPECT_EQ(site.charge({.rule = Rule::soc_window}), "no limit at 77.0 % and below");
    EXPECT_EQ(site.discharge({.rule = Rule::soc_window}), "no limit at 23.0 % and above");
}

TEST(Remedy, OfTheRiseRuleTellsItsConditions) {
    Site site;
    site.config.curves = control::cell_curves(control::Preset::original_strict);
    EXPECT_EQ(site.charge({.rule = Rule::rise_rule}),
              "45 min after its last reduction and with the highest cell below 3.400 V");
    EXPECT_EQ(site.discharge({.rule = Rule::rise_rule}), "with the SOC above 40.0 %");
}

TEST(Remedy, OfTheSiteTellsWhatTheOtherSideWouldHaveToDo) {
    const Site site;
    EXPECT_EQ(site.discharge({.rule = Rule::peer_charging}),
              "the second battery charges with less than 1.0 A for 20.0 s");
    EXPECT_EQ(
        site.charge({.rule = Rule::peer_discharging}),
        "the second battery discharges with less than 0.6 A for 20.0 s, or more than 100 W are left over "
        "at the meter beyond what it gives");
    EXPECT_EQ(site.charge({.rule = Rule::peer_unknown}),
              "a value of the second battery; see its inverter, the network and `jk-pylon status`");
    EXPECT_EQ(site.charge({.rule = Rule::oscillation}),
              "the power at the meter is calm for 5 periods; then a half more each time");
    EXPECT_EQ(
        site.charge({.rule = Rule::site_release}),
        "rises by 2.0 A per second, by 6.0 A with more than 2000 W at the meter, each time the answer to "
        "the step before was seen");
}

TEST(Remedy, OfACommandIsAnotherCommand) {
    const Site site;
    EXPECT_EQ(site.charge({.rule = Rule::user_current}),
              "another value or the end of the command max_charge_a; see `jk-pylon command`");
    EXPECT_EQ(site.discharge({.rule = Rule::paused}), "the end of the command pause; see `jk-pylon command`");
    EXPECT_EQ(site.discharge({.rule = Rule::command_release}),
              "rises by at most 1.0 A per second, 30.0 s after the last change of a command");
}

TEST(Remedy, ThereIsOneForEveryRuleInBothDirectionsAlsoForAPackNobodyKnows) {
    const Site site;
    for (std::size_t i = 0; i < control::rule_count; ++i) {
        Reason reason = cell(static_cast<Rule>(i), 3660);
        const bool takes_nothing_here = reason.rule == Rule::rise_rule || reason.rule == Rule::cell_low_curve;
        EXPECT_EQ(site.charge(reason, amps(0)).empty(), takes_nothing_here) << i;
        EXPECT_EQ(site.discharge(reason, amps(0)).empty(), takes_nothing_here) << i;
        reason.pack = 40;
        EXPECT_NO_FATAL_FAILURE(static_cast<void>(site.charge(reason)));
    }
}

}  // namespace
}  // namespace jkp::report
