// SPDX-License-Identifier: MIT
// What the step does between the stages: events and their times, holds, maxima, what the decision tells.
#include <gtest/gtest.h>

#include "packs.hpp"
#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

Rig settled(Config config = config_of_one()) {
    Rig rig(std::move(config));
    rig.settle(reading_at(mv(3300)));
    rig.forget();
    return rig;
}

// The events of this code, of all steps since `from`.
std::vector<Event> told(const Rig& rig, EventCode code, std::size_t from = 0) {
    std::vector<Event> result;
    for (std::size_t i = from; i < rig.events.size(); ++i) {
        if (rig.events[i].code == code) result.push_back(rig.events[i]);
    }
    return result;
}

TEST(Step, TheFirstCompleteReadingIsToldOnce) {
    Rig rig;
    rig.silent();
    EXPECT_TRUE(rig.events.empty());
    rig.feed_for(seconds(5));
    EXPECT_EQ(told(rig, EventCode::first_reading), (std::vector{Event{EventCode::first_reading}}));
}

TEST(Step, S6_EachStageOfOldDataIsToldOnceWithItsAge) {
    Rig rig = settled();
    const std::size_t before = rig.events.size();
    rig.silent_for(seconds(70));
    const std::vector<Event> all(rig.events.begin() + static_cast<std::ptrdiff_t>(before), rig.events.end());
    EXPECT_EQ(all, (std::vector{Event{EventCode::data_stale, 0, 5}, Event{EventCode::data_zero, 0, 15}}));
}

TEST(Step, S6_TheAgeThatIsToldIsInWholeSeconds) {
    Rig rig = settled();
    rig.now += milliseconds(5999);
    rig.silent();
    EXPECT_EQ(told(rig, EventCode::data_stale), (std::vector{Event{EventCode::data_stale, 0, 5}}));
}

TEST(Step, S6_DataThatReturnsFromZeroInTwoStepsIsToldAndHeld) {
    Rig rig = settled();
    rig.silent_for(seconds(20));
    const Arrival late{0, {rig.reading, rig.now - seconds(3)}};
    rig.last = step(rig.config, rig.state, {rig.now, {&late, 1}, rig.now});
    ASSERT_EQ(rig.last.age_stage, AgeStage::falling);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_TRUE(rig.happened(EventCode::data_back));
}

TEST(Step, S6_ReturningDataHoldsBothDirectionsForTheWholeHold) {
    Rig rig = settled();
    rig.silent_for(seconds(6), milliseconds(50));  // no single fall is above 1 %
    rig.now += milliseconds(100);
    rig.feed();
    ASSERT_TRUE(rig.happened(EventCode::data_back));
    EXPECT_EQ(rig.state.charge.hold_until, rig.now + seconds(30));
    EXPECT_EQ(rig.state.discharge.hold_until, rig.now + seconds(30));
}

TEST(Step, AnInverterIsLostAfterMoreThanTenSecondsAndToldWithItsAge) {
    Rig rig = settled();
    rig.feed();
    const TimePoint seen = rig.now;
    const auto later = [&](Duration after) {
        rig.now = seen + after;
        return step(rig.config, rig.state, {rig.now, {}, seen}).events;
    };
    EXPECT_FALSE(has(later(seconds(10)), EventCode::inverter_lost));
    const Events lost = later(milliseconds(10'999));
    EXPECT_EQ(lost[lost.size() - 1], (Event{EventCode::inverter_lost, 0, 10}));
    rig.feed();
    EXPECT_EQ(rig.last.events[rig.last.events.size() - 1], (Event{EventCode::inverter_back, 0, 0}));
}

TEST(Step, ALostInverterStopsBothDirectionsWhenConfigured) {
    Config config = config_of_one();
    config.inverter_lost = InverterLost::zero;
    Rig rig = settled(config);
    const Decision d = step(rig.config, rig.state, {rig.now, {}, rig.now - seconds(11)});
    EXPECT_EQ(d.charge.value(), Milliamps(0));
    EXPECT_EQ(d.discharge.value(), Milliamps(0));
    EXPECT_EQ(d.discharge.reason().rule, Rule::inverter_lost);
}

// CVL of a pack whose cells are far above their charge voltage: a volt below the pack, unless it is stopped.
constexpr Millivolts stopped_cvl{16 * 3450};

TEST(Step, AFaultOrAHardStopOfOnePackLetsCvlFallBelowTheVoltage) {
    const auto cvl = [](auto change) {
        Packs packs(config_of({100, 100}));
        for (PackReading& reading : packs.readings) reading = reading_at(mv(3520));
        packs.tick();
        change(packs.state.packs[1].latches);
        return packs.tick().charge_voltage;
    };
    EXPECT_GT(cvl([](PackLatches&) {}), stopped_cvl);
    EXPECT_EQ(cvl([](PackLatches& l) { l.hard_stop = true; }), stopped_cvl);
    EXPECT_EQ(cvl([](PackLatches& l) { l.high = HighFault::awaiting_operator; }), stopped_cvl);
}

TEST(Step, ACellAtTheHardStopItselfLetsCvlFallBelowTheVoltage) {
    const auto cvl = [](int highest) {
        Rig rig;
        PackReading reading = reading_at(mv(3530));
        reading.cells[4] = mv(highest);
        sum_up(reading);
        return rig.feed(reading).charge_voltage;
    };
    EXPECT_EQ(cvl(3549), mv(15 * 3530 + 3549 - 1000));
    EXPECT_EQ(cvl(3550), stopped_cvl);
}

// Whether a floating pack of 3.29 V, discharged with this current, is found below 3.30 V at rest.
bool found_low(MilliampHours capacity, Milliamps discharge) {
    Config config = config_of_one();
    config.packs[0].capacity = capacity;
    Rig rig(config);
    rig.feed();
    rig.state.phase.phase = Phase::floating;
    rig.now += seconds(1);
    rig.reading = reading_at(mv(3290));
    rig.reading.current = -discharge;
    rig.feed();
    return rig.state.phase.rebulk.first.has_value();
}

TEST(Step, TheResistanceOfACellIsThatOf100AhScaledByTheCapacityInWholeAmpereHours) {
    EXPECT_FALSE(found_low(MilliampHours(100'000), Milliamps(10'000)));  // 1000 uOhm: 10 mV
    EXPECT_TRUE(found_low(MilliampHours(100'000), Milliamps(9'999)));
    EXPECT_FALSE(found_low(MilliampHours(99'999), Milliamps(9'901)));  // 1010 uOhm
    EXPECT_TRUE(found_low(MilliampHours(100'000), Milliamps(9'901)));
    EXPECT_FALSE(found_low(MilliampHours(200'000), Milliamps(20'000)));
    EXPECT_TRUE(found_low(MilliampHours(200'000), Milliamps(19'999)));
    EXPECT_FALSE(found_low(MilliampHours(1'500), Milliamps(100)));
    EXPECT_TRUE(found_low(MilliampHours(1'500), Milliamps(99)));
}

TEST(Step, TheVoltageDropOfTheHighestCellIsThatOfItsPack) {
    const auto low = [](int first_pack, int second_pack) {
        Packs packs(config_of({100, 100}));
        packs.tick();
        packs.state.phase.phase = Phase::floating;
        for (PackReading& reading : packs.readings) reading = reading_at(mv(3280));
        packs.highest(0, 3290);
        packs.readings[1].cells[6] = mv(3270);
        packs.readings[0].current = amps(first_pack);
        packs.readings[1].current = amps(second_pack);
        packs.tick();
        EXPECT_EQ(packs.last.highest_pack, 0);
        EXPECT_EQ(packs.last.lowest_pack, 1);
        return packs.state.phase.rebulk.first.has_value();
    };
    EXPECT_FALSE(low(-10, 0));
    EXPECT_TRUE(low(0, -10));
}

// How far both limits rise from 10 A in a second.
std::pair<Milliamps, Milliamps> risen(const Config& config) {
    Rig rig = settled(config);
    rig.state.charge = {.output = amps(10), .hold_until = {}, .moved_at = rig.now, .allowed = {}};
    rig.state.discharge = rig.state.charge;
    rig.feed_for(seconds(1));
    return {rig.last.charge.value() - amps(10), rig.last.discharge.value() - amps(10)};
}

TEST(Step, TheRampOfEachDirectionGoesByItsOwnMaximum) {
    Config config = config_of_one();
    EXPECT_EQ(risen(config), std::pair(amps(1), amps(1)));
    config.packs[0].max_discharge = amps(20);
    EXPECT_EQ(risen(config), std::pair(amps(1), amps(0.4)));
    Config charge_of_bank = config_of_one();
    charge_of_bank.bank.max_charge = amps(30);
    EXPECT_EQ(risen(charge_of_bank), std::pair(amps(0.6), amps(1)));
    Config discharge_of_bank = config_of_one();
    discharge_of_bank.bank.max_discharge = amps(30);
    EXPECT_EQ(risen(discharge_of_bank), std::pair(amps(1), amps(0.6)));
}

TEST(Step, TheLastBitIsWorthARiseOnlyUpToTheMaximumItself) {
    const auto charge = [](int bms_setting_ma) {
        Rig rig = settled();
        rig.reading.settings.charge_over_current = Milliamps(bms_setting_ma);
        rig.feed_for(seconds(3));
        rig.state.charge = {.output = amps(59.5), .hold_until = {}, .moved_at = rig.now, .allowed = {}};
        return rig.feed_for(seconds(1)).charge.value();
    };
    EXPECT_EQ(charge(66'666), amps(59.5));  // 59.999 A
    EXPECT_EQ(charge(66'667), amps(60));
}

TEST(Step, APackThatIsStillAtItsSecondSampleKeepsTheBankFromStarting) {
    Packs packs(config_of({100, 100}));
    packs.config.dynamics.rise_window = {};
    packs.tick();
    for (int s = 1; s <= 6; ++s) {
        packs.silent[1] = s != 4;
        packs.tick();
    }
    EXPECT_EQ(packs.last.charge.value(), Milliamps(0));
    EXPECT_EQ(packs.last.charge.reason().rule, Rule::start);
    packs.silent[1] = false;
    EXPECT_GT(packs.tick().charge.value(), Milliamps(0));
}

TEST(Step, TheConfiguredHealthIsTold) {
    Config config = config_of_one();
    config.soh = percent(95);
    EXPECT_EQ(settled(config).last.soh, percent(95));
}

TEST(Step, S5_WithoutACompleteReadingWhatWasSentFallsToZero) {
    Rig rig;
    rig.state.charge.output = rig.state.discharge.output = amps(5);
    rig.silent();
    EXPECT_EQ(rig.state.charge.output, Milliamps(0));
    EXPECT_EQ(rig.state.discharge.output, Milliamps(0));
    EXPECT_EQ(rig.last.charge, ChargeBound(Milliamps(0), {.rule = Rule::start}));
    EXPECT_EQ(rig.last.discharge, DischargeBound(Milliamps(0), {.rule = Rule::start}));
}

TEST(Step, WithoutANewReadingTheChargeCycleStandsStill) {
    Rig rig = settled();
    rig.state.phase.phase = Phase::full;
    rig.now += seconds(1);
    EXPECT_EQ(rig.silent().phase, Phase::full);
    rig.now += seconds(1);
    EXPECT_EQ(rig.feed().phase, Phase::floating);
}

TEST(Step, EachDirectionTellsWhereItIsGoingAndHowLongItWaits) {
    Config config = config_of_one();
    config.packs[0].max_discharge = amps(40);
    Rig rig = settled(config);
    rig.state.charge.hold_until = rig.now + seconds(11);
    rig.state.discharge.hold_until = rig.now + seconds(21);
    rig.now += seconds(1);
    rig.feed();
    EXPECT_EQ(rig.last.charge_rise, (Rise{amps(60), seconds(10)}));
    EXPECT_EQ(rig.last.discharge_rise, (Rise{amps(40), seconds(20)}));
}

TEST(Step, S1_ASeasonThatBeginsBetweenTwoReadingsHoldsAtOnce) {
    Rig rig = settled();
    rig.config.soc_window.winter_maximum = percent(40);
    const auto in_month = [&](std::uint8_t month) {
        return step(rig.config, rig.state, {rig.now, {}, rig.now, month}).charge.value();
    };
    EXPECT_EQ(in_month(10), amps(60));
    EXPECT_EQ(in_month(11), Milliamps(0));
    EXPECT_EQ(rig.state.charge.output, Milliamps(0));
}

// Both packs wait for a person, the limits for a rise.
struct Commanded {
    Commanded() : packs(config_of({100, 100})) {
        packs.run(seconds(10));
        packs.state.packs[1].latches.low = true;
        packs.state.charge.hold_until = packs.state.discharge.hold_until = {};
    }
    bool acknowledged(Duration after) {
        return acknowledge(packs.config, packs.state, 1, packs.now + after).has_value();
    }
    Packs packs;
};

TEST(Step, ACommandIsToldOnceByTheNextStep) {
    Commanded c;
    ASSERT_TRUE(c.acknowledged({}));
    c.packs.tick();
    EXPECT_EQ(c.packs.last.events[0], (Event{EventCode::fault_acknowledged, 1, 0}));
    c.packs.tick();
    EXPECT_FALSE(has(c.packs.last.events, EventCode::fault_acknowledged));
    EXPECT_FALSE(c.acknowledged({}));  // nothing to acknowledge
    EXPECT_TRUE(c.packs.state.commanded.empty());
}

TEST(Step, ACommandNeedsDataThatIsFreshUpToTheLastMoment) {
    EXPECT_TRUE(Commanded().acknowledged(seconds(2)));
    Commanded late;
    EXPECT_FALSE(late.acknowledged(milliseconds(2001)));
    EXPECT_EQ(
        acknowledge(late.packs.config, late.packs.state, 1, late.packs.now + milliseconds(2001)).error(),
        Refusal::no_data);
}

TEST(Step, S3_ACommandHoldsBothDirectionsAndShortensNoHold) {
    const auto holds = [](Duration charge, Duration discharge) {
        Commanded c;
        c.packs.state.charge.hold_until = c.packs.now + charge;
        c.packs.state.discharge.hold_until = c.packs.now + discharge;
        EXPECT_TRUE(c.acknowledged({}));
        return std::pair(c.packs.state.charge.hold_until - c.packs.now,
                         c.packs.state.discharge.hold_until - c.packs.now);
    };
    EXPECT_EQ(holds(seconds(50), seconds(10)), std::pair(Duration(seconds(50)), Duration(seconds(30))));
    EXPECT_EQ(holds(seconds(10), seconds(50)), std::pair(Duration(seconds(30)), Duration(seconds(50))));
}

// A second battery that flows like this for ten seconds, meanwhile no reading of ours.
Rig beside(Milliamps peer) {
    Config config = config_of_one();
    config.coordination.expects_peer = true;
    Rig rig(std::move(config));
    const auto seconds_of = [&](int times, Milliamps flow, bool reading) {
        for (int i = 0; i < times; ++i) {
            rig.now += seconds(1);
            rig.grid = {GridReading{watts(0)}, rig.now};
            rig.peers = {PeerSeen{PeerSource::local, {peer_at(flow), rig.now}}};
            reading ? rig.feed() : rig.silent();
        }
    };
    seconds_of(200, amps(0), true);
    seconds_of(10, peer, false);
    return rig;
}

TEST(Step, S4_WhatTheSiteTakesAwayIsListedAndOldDataCountsThereAsWell) {
    const Rig rig = beside(amps(-20));
    EXPECT_NE(find(rig.last.charge_limiters, Rule::peer_discharging), nullptr);
    EXPECT_EQ(find(rig.last.discharge_limiters, Rule::peer_discharging), nullptr);
    EXPECT_EQ(rig.state.site.ladder.age, seconds(10));
}

TEST(Step, APackBeginsWithoutAStreakAndWithoutAMeasuredShare) {
    const PackState pack = make_state(config_of_one()).packs[0];
    EXPECT_EQ(pack.streak, 0);
    EXPECT_EQ(pack.charge_share, (Share{0, {}}));
    EXPECT_EQ(pack.discharge_share, (Share{0, {}}));
}

// Rule S6 in stage H: without any probe the age is that of the cells.
TEST(Step, S6_ALimitOfTheSiteIsReducedByTheAgeOfAPackWithoutProbes) {
    Config config = config_of_one();
    config.packs[0].battery_probes = {};
    config.packs[0].mosfet_probe = false;
    config.coordination.enabled = true;
    config.coordination.expects_peer = true;
    Rig rig(config);
    rig.settle(reading_at(mv(3300)));
    rig.state.site.damping = {amps(20), rig.now, rig.now + hours(1), seconds(10)};
    rig.feed();
    const auto of_age = [&] {
        return std::count_if(rig.last.charge_limiters.begin(), rig.last.charge_limiters.end(),
                             [](const ChargeBound& bound) { return bound.reason().rule == Rule::age; });
    };
    const auto before = of_age();
    rig.silent_for(seconds(10));
    EXPECT_EQ(of_age(), before + 2);  // that of the pack and that of the site
}

}  // namespace
}  // namespace jkp::control::test
