// SPDX-License-Identifier: MIT
// Stage B, limiter by limiter: what one sample allows and which value is named as the cause.
#include "control/limiters.hpp"

#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

struct Judged {
    Config config = config_of_one();
    PackReading reading = reading_between(mv(3440), mv(3300));
    PackKnowledge known{.limits = thresholds(config, mv(3650)), .soc_range = {}, .rhat_micro_ohm = {}};

    [[nodiscard]] PackBounds bounds() const {
        Sample sample{.reading = reading, .at = at(seconds(100)), .highest = {}, .lowest = {}};
        sample.highest = highest_cell(reading.cells);
        sample.lowest = lowest_cell(reading.cells);
        for (const Probe p : {Probe::mosfet, Probe::t1, Probe::t2}) {
            sample.probes[static_cast<std::size_t>(p)] = ProbeValue{celsius(20), at(seconds(98))};
        }
        return limiters(config, 0, sample, known);
    }
    [[nodiscard]] ChargeBound charge(Rule rule) const {
        return bounds().charge[static_cast<std::size_t>(rule)];
    }
    [[nodiscard]] DischargeBound discharge(Rule rule) const {
        return bounds().discharge[static_cast<std::size_t>(rule)];
    }
};

TEST(Limiters, S11_EachNamesTheValueThatItJudged) {
    Judged j;
    j.reading.settings.discharge_over_current = amps(50);
    j.reading.soc = percent(42);
    j.config.resistance.compensate = true;
    j.known.rhat_micro_ohm = 2000;
    const auto says = [](const Reason& r, Input input, int index, int value) {
        return r.input == input && r.index == index && r.value == value;
    };
    EXPECT_TRUE(says(j.charge(Rule::user_maximum).reason(), Input::none, 0, 0));
    EXPECT_TRUE(says(j.charge(Rule::bms_over_current).reason(), Input::current, 0, 100'000));
    EXPECT_TRUE(says(j.discharge(Rule::bms_over_current).reason(), Input::current, 0, 50'000));
    EXPECT_TRUE(says(j.charge(Rule::cell_high_curve).reason(), Input::cell, 3, 3440));
    EXPECT_TRUE(says(j.charge(Rule::cell_low_curve).reason(), Input::cell, 7, 3300));
    EXPECT_TRUE(says(j.discharge(Rule::cell_low_curve).reason(), Input::cell, 7, 3300));
    EXPECT_TRUE(says(j.charge(Rule::hard_stop).reason(), Input::cell, 3, 3440));
    EXPECT_TRUE(says(j.charge(Rule::soc_window).reason(), Input::soc, 0, 420));
    EXPECT_TRUE(says(j.charge(Rule::cell_high_compensated).reason(), Input::cell, 3, 3440));
    EXPECT_TRUE(says(j.charge(Rule::mosfet_temperature).reason(), Input::temperature, 0, 200));
    EXPECT_EQ(j.charge(Rule::mosfet_temperature).reason().age, seconds(2));
}

TEST(Limiters, TheCurveIsAFenceTwentyMillivoltsHigherBehindTheCompensatedLimit) {
    Judged j;
    EXPECT_EQ(j.charge(Rule::cell_high_curve).value(), amps(15.96));  // 3.44 V
    j.config.resistance.compensate = true;
    EXPECT_EQ(j.charge(Rule::cell_high_curve).value(), amps(15.96));  // nothing is learned yet
    j.known.rhat_micro_ohm = 2000;
    EXPECT_EQ(j.charge(Rule::cell_high_curve).value(), amps(30));
    EXPECT_EQ(j.charge(Rule::cell_high_compensated).value(), amps(5));
    EXPECT_EQ(j.discharge(Rule::cell_high_compensated).value(), amps(60));
    j.config.resistance.compensate = false;
    EXPECT_EQ(j.charge(Rule::cell_high_compensated).value(), amps(60));
}

TEST(Limiters, ARecoveryLiftsTheChargeCurveOfALowCellAndNothingElse) {
    Judged j;
    j.reading = reading_between(mv(2620), mv(2600));
    j.known.low_cell_floor = amps(2);
    EXPECT_EQ(j.charge(Rule::cell_low_curve).value(), amps(2));
    EXPECT_EQ(j.discharge(Rule::cell_low_curve).value(), Milliamps(0));
    j.reading = reading_between(mv(3000), mv(2990));
    EXPECT_GT(j.charge(Rule::cell_low_curve).value(), amps(2));
}

}  // namespace
}  // namespace jkp::control::test
