// SPDX-License-Identifier: MIT
// From readings to frames in virtual time: what takes too long to be watched on a real bus.
#include "app/controller.hpp"

#include <gtest/gtest.h>

#include "app/virtual_bank.hpp"

namespace jkp::app::test {
namespace {

using pylontech::Alarms;
using pylontech::Limits;
using pylontech::Measurements;
using pylontech::Requests;
using pylontech::StateOfCharge;

double seconds_of(Duration d) {
    return std::chrono::duration<double>(d).count();
}

TEST(Controller, D1SaysNothingBeforeTheFirstReadingAndSleepsMeanwhile) {
    VirtualBank bank;
    bank.polled = false;
    bank.pass(minutes(10));
    EXPECT_TRUE(bank.sent.empty());
    EXPECT_LE(bank.cycles, 605U) << "about one a second";
    bank.polled = true;
    bank.pass(seconds(2));
    ASSERT_GE(bank.sent.size(), 6U);
    EXPECT_EQ(bank.all<Limits>().front().message.charge_current_limit, Milliamps(0));
}

TEST(Controller, ABurstIsWholeAndInOrderAndWithoutTheInvertersFrame) {
    VirtualBank bank;
    bank.pass(minutes(5));
    const std::array<std::uint32_t, 6> order{0x359, 0x351, 0x355, 0x356, 0x35C, 0x35E};
    ASSERT_EQ(bank.sent.size() % order.size(), 0U);
    for (std::size_t i = 0; i < bank.sent.size(); ++i) {
        EXPECT_EQ(bank.sent[i].frame.id, order[i % order.size()]);
        EXPECT_EQ(bank.sent[i].at, bank.sent[i - i % order.size()].at);
    }
    EXPECT_NEAR(static_cast<double>(bank.sent.size()), 6 * 300, 12);
}

// Every burst of two minutes without a BMS, exactly by the rule.
void expect_ladder(const VirtualBank& bank, std::size_t from, TimePoint last, Milliamps full) {
    for (const auto& [limits, at] : bank.all<Limits>(from)) {
        const double age = seconds_of(at - last);
        const double rule = age < 5 ? full.count() : std::max(0.0, full.count() * (15 - age) / 10);
        EXPECT_NEAR(limits.charge_current_limit.count(), rule, 100) << age;
        EXPECT_LE(limits.charge_current_limit.count(), rule + 1e-6) << age;
        EXPECT_EQ(limits.charge_current_limit, limits.discharge_current_limit);
    }
    for (const auto& [alarms, at] : bank.all<Alarms>(from)) {
        const bool over = at - last >= seconds(15);
        EXPECT_EQ(alarms.protections.has(BatteryFlag::system_error), over);
        EXPECT_EQ(alarms.alarms.has(BatteryFlag::internal_communication), over);
    }
    for (const auto& [requests, at] : bank.all<Requests>(from)) {
        EXPECT_EQ(requests.charge_enable, at - last < seconds(15));
        EXPECT_EQ(requests.discharge_enable, at - last < seconds(15));
    }
}

TEST(Controller, D2FollowsTheLadderOfRuleS6AndGoesOnWithZero) {
    VirtualBank bank;
    bank.reading.current = amps(-4.9);  // less than what makes an unchanging reading suspicious
    bank.pass(minutes(3));
    ASSERT_EQ(bank.charge(), amps(60));
    const TimePoint last = bank.sent.back().at;
    const auto before = bank.last<Limits>();
    const std::size_t from = bank.sent.size();
    bank.polled = false;
    bank.pass(minutes(2));
    expect_ladder(bank, from, last, amps(60));
    for (const auto& [m, at] : bank.all<Measurements>(from)) {
        EXPECT_EQ(m.current, at - last < seconds(15) ? amps(-4.9) : amps(0));
    }
    EXPECT_EQ(bank.last<Limits>().charge_voltage, before.charge_voltage);
    EXPECT_EQ(bank.last<Limits>().discharge_voltage, before.discharge_voltage);
    EXPECT_GT(bank.sent.back().at, bank.now - seconds(2)) << "on_lost = zero goes on";
    TimePoint previous = last;
    for (const auto& [limits, at] : bank.all<Limits>(from)) {
        EXPECT_LE(at - previous, milliseconds(1105));
        previous = at;
    }
}

TEST(Controller, D2WithSilenceConfiguredTheBusIsSilentFromAMinuteOnWithoutSpinning) {
    ControllerSettings settings = settings_of_one();
    settings.control.age.on_lost = control::OnLost::silence;
    VirtualBank bank(settings);
    bank.pass(minutes(3));
    const TimePoint last = bank.sent.back().at;
    bank.polled = false;
    bank.pass(seconds(70));
    EXPECT_LT(bank.sent.back().at - last, seconds(60));
    EXPECT_GT(bank.sent.back().at - last, milliseconds(58'500));
    const std::uint64_t cycles = bank.cycles;
    bank.pass(minutes(10));
    EXPECT_LE(bank.cycles - cycles, 605U);
    EXPECT_TRUE(bank.controller.farewell(bank.now).empty()) << "nothing more is said";
    bank.polled = true;
    bank.pass(seconds(3));
    EXPECT_GT(bank.sent.back().at, bank.now - seconds(2));
    EXPECT_EQ(bank.charge(), amps(0)) << "held";
}

TEST(Controller, D3FromSeventyFiveToAHundredAndTwentyDegreesIsZeroWithTheTrueTemperature) {
    for (int degrees = 75; degrees <= 120; ++degrees) {
        VirtualBank bank;
        bank.pass(minutes(3));
        ASSERT_EQ(bank.charge(), amps(60));
        for (const Probe probe : {Probe::t1, Probe::t2}) bank.reading.temperatures[probe] = celsius(degrees);
        bank.pass(seconds(2));
        EXPECT_EQ(bank.charge(), amps(0)) << degrees;
        EXPECT_EQ(bank.discharge(), amps(0)) << degrees;
        EXPECT_EQ(bank.last<Measurements>().temperature, celsius(degrees));
        EXPECT_TRUE(bank.last<Alarms>().alarms.has(BatteryFlag::over_temperature));
        EXPECT_FALSE(bank.last<Requests>().charge_enable || bank.last<Requests>().discharge_enable);
    }
}

TEST(Controller, D8AReadingWithAHighCellIsOnTheBusInTheSameInstant) {
    VirtualBank bank;
    bank.pass(minutes(3));
    bank.reading.cells[4] = mv(3560);
    control::test::sum_up(bank.reading);
    const std::size_t from = bank.sent.size();
    const TimePoint before = bank.now;
    bank.pass(seconds(1));
    const auto limits = bank.all<Limits>(from);
    ASSERT_FALSE(limits.empty());
    EXPECT_EQ(limits.front().message.charge_current_limit, amps(0));
    EXPECT_LE(limits.front().at - before, seconds(1));
}

TEST(Controller, D9ALatchIsReleasedOnlyAfterAMinuteBelowTheReleaseVoltage) {
    VirtualBank bank;
    bank.pass(minutes(3));
    bank.reading = control::test::reading_between(mv(3610), mv(3350));
    bank.pass(seconds(3));
    ASSERT_EQ(bank.charge(), amps(0));
    bank.reading = control::test::reading_between(mv(3400), mv(3350));
    bank.pass(seconds(59));
    EXPECT_EQ(bank.charge(), amps(0));
    bank.pass(seconds(95));
    EXPECT_GT(bank.charge(), amps(0));
}

TEST(Controller, AForeignBatterySilencesTheBusForTenSecondsAfterItsLastFrame) {
    for (const std::uint32_t id : {0x351U, 0x359U}) {
        VirtualBank bank;
        bank.pass(minutes(3));
        for (int i = 0; i < 20; ++i) {
            bank.foreign(id);
            const std::size_t from = bank.sent.size();
            bank.pass(seconds(3));
            EXPECT_EQ(bank.sent.size(), from);
        }
        EXPECT_EQ(bank.controller.mode(bank.now), control::TransportMode::foreign);
        EXPECT_TRUE(bank.controller.farewell(bank.now).empty()) << "not even at the end";
        const TimePoint last = bank.now - seconds(3);
        const std::size_t from = bank.sent.size();
        bank.pass(seconds(12));
        ASSERT_GT(bank.sent.size(), from);
        EXPECT_GE(bank.sent[from].at - last, seconds(10));
        EXPECT_LE(bank.sent[from].at - last, seconds(11));
        EXPECT_EQ(bank.charge(), amps(60)) << "its limits went on being computed";
    }
}

TEST(Controller, FramesOfTheInverterAndOfOthersAreNoBattery) {
    VirtualBank bank;
    bank.pass(seconds(2));
    EXPECT_FALSE(bank.controller.on_frame({.id = 0x305, .size = 8, .data = {}}, bank.now));
    EXPECT_FALSE(bank.controller.on_frame({.id = 0x123, .size = 8, .data = {}}, bank.now));
    EXPECT_FALSE(bank.controller.on_frame({.id = 0x351, .extended = true, .size = 8, .data = {}}, bank.now));
    EXPECT_EQ(bank.controller.inverter_seen(), bank.now);
}

TEST(Controller, WithTransmitOffEverythingIsComputedAndNothingSent) {
    ControllerSettings settings = settings_of_one();
    settings.transport.transmit = false;
    VirtualBank bank(settings);
    bank.pass(minutes(3));
    EXPECT_TRUE(bank.sent.empty());
    EXPECT_EQ(bank.controller.decision().charge.value(), amps(60));
    EXPECT_TRUE(bank.controller.farewell(bank.now).empty());
    bank.controller.configure(settings_of_one());
    bank.pass(seconds(2));
    EXPECT_EQ(bank.charge(), amps(60));
}

TEST(Controller, S7_TheFarewellIsTheLastTruthWithZeroLimitsAndNoPermission) {
    VirtualBank bank;
    bank.pass(minutes(3));
    const auto before = bank.last<Limits>();
    const Frames frames = bank.controller.farewell(bank.now);
    ASSERT_EQ(frames.size(), 6U);
    for (const CanFrame& frame : frames) bank.sent.push_back({frame, bank.now});
    EXPECT_EQ(bank.charge(), amps(0));
    EXPECT_EQ(bank.discharge(), amps(0));
    EXPECT_EQ(bank.last<Limits>().charge_voltage, before.charge_voltage);
    EXPECT_EQ(frames[4].id, pylontech::id_requests);
    EXPECT_EQ(frames[4].data[0], 0);
}

TEST(Controller, ALowerMaximumOfAChangedConfigurationIsInTheNextBurst) {
    VirtualBank bank;
    bank.pass(minutes(3));
    ControllerSettings lower = settings_of_one();
    lower.control.packs[0].max_charge = amps(25);
    bank.controller.configure(lower);
    bank.cycle();
    EXPECT_EQ(bank.charge(), amps(25));
    EXPECT_EQ(bank.discharge(), amps(60));
    EXPECT_EQ(bank.sent.back().at, bank.now) << "at once";
}

TEST(Controller, ALinkThatComesBackIsGivenABurstAtOnce) {
    VirtualBank bank;
    bank.pass(minutes(3));
    bank.pass(milliseconds(50));
    const std::size_t from = bank.sent.size();
    bank.controller.on_link_up(bank.now, false);
    bank.cycle();
    EXPECT_EQ(bank.sent.size(), from + 6);
}

// A bus without anybody who acknowledges: the queue of the driver must not fill with old limits.
TEST(Controller, WithoutAnEchoOnlyTheNameIsSentUntilOneReturns) {
    VirtualBank bank;
    bank.controller.on_link_up(bank.now, true);
    bank.pass(minutes(1));
    const std::size_t limits = bank.all<Limits>().size();
    EXPECT_LE(limits, 1U) << "one burst waits, no second one behind it";
    EXPECT_GE(bank.all<pylontech::Name>().size(), 55U);
    bank.controller.on_echo(bank.now);
    bank.pass(seconds(2));
    EXPECT_EQ(bank.all<Limits>().size(), limits + 1);
    // A link whose echo proves nothing is not judged by it.
    bank.controller.on_link_up(bank.now, false);
    bank.pass(minutes(1));
    EXPECT_GE(bank.all<Limits>().size(), limits + 55);
}

}  // namespace
}  // namespace jkp::app::test
