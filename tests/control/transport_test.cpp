// SPDX-License-Identifier: MIT
// When frames may go onto the bus.
#include "control/transport.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

constexpr TimePoint t(int ms) {
    return at(seconds(100)) + milliseconds(ms);
}

// A bus on which every burst is acknowledged at once.
struct Bus {
    Transport transport{TransportSettings{}};
    Send step(int ms, bool fresh, bool fell = false) {
        const Send what = transport.after_step(t(ms), fresh, fell);
        if (what != Send::nothing) transport.on_echo(t(ms));
        return what;
    }
};

TEST(Transport, OneBurstFollowsEachNewReading) {
    Bus bus;
    for (int ms = 0; ms < 10'000; ms += 1000) EXPECT_EQ(bus.step(ms, true), Send::burst);
}

TEST(Transport, WithoutReadingsATimerSendsEachPeriod) {
    Bus bus;
    bus.step(0, true);
    EXPECT_EQ(bus.transport.wake_at(), t(1100));
    EXPECT_EQ(bus.step(1000, false), Send::nothing);  // a reading may be about to come
    EXPECT_EQ(bus.step(1100, false), Send::burst);
    EXPECT_EQ(bus.step(2200, false), Send::burst);
}

TEST(Transport, BurstsAre200MillisecondsApartUnlessALimitFalls) {
    Bus bus;
    bus.step(0, true);
    EXPECT_EQ(bus.step(100, true), Send::nothing);
    EXPECT_EQ(bus.transport.wake_at(), t(200));  // postponed, not forgotten
    EXPECT_EQ(bus.step(200, false), Send::burst);
    EXPECT_EQ(bus.step(210, true, true), Send::burst);
    EXPECT_EQ(bus.step(220, true), Send::nothing);
}

TEST(Transport, S3_ALimitThatFellGoesOutAtOnceOrWithTheNextEcho) {
    Transport transport{TransportSettings{}};
    EXPECT_EQ(transport.after_step(t(0), true, false), Send::burst);
    EXPECT_EQ(transport.after_step(t(50), true, true), Send::nothing);  // one burst waits already
    EXPECT_EQ(transport.wake_at(), t(2000));
    transport.on_echo(t(60));
    EXPECT_LE(transport.wake_at(), t(60));
    EXPECT_EQ(transport.after_step(t(60), false, false), Send::burst);
}

TEST(Transport, WithoutAnEchoForTwoSecondsOnlyTheProbeIsSentUntilOneReturns) {
    Transport transport{TransportSettings{}};
    EXPECT_EQ(transport.after_step(t(0), true, false), Send::burst);
    EXPECT_EQ(transport.after_step(t(1000), true, true), Send::nothing);
    EXPECT_EQ(transport.mode(t(1999)), TransportMode::normal);
    EXPECT_EQ(transport.mode(t(2000)), TransportMode::unacknowledged);
    EXPECT_EQ(transport.after_step(t(2000), true, false), Send::probe);
    EXPECT_EQ(transport.after_step(t(2500), true, true), Send::nothing);
    EXPECT_EQ(transport.wake_at(), t(3000));
    EXPECT_EQ(transport.after_step(t(3000), true, false), Send::probe);
    transport.on_echo(t(3005));
    EXPECT_EQ(transport.mode(t(3005)), TransportMode::normal);
    EXPECT_EQ(transport.after_step(t(3006), false, false), Send::burst);  // what fell is still owed
}

TEST(Transport, ALinkWithoutEchoesIsNotSupervised) {
    Transport transport{TransportSettings{.supervise_echo = false}};
    for (int ms = 0; ms < 20'000; ms += 1000)
        EXPECT_EQ(transport.after_step(t(ms), true, false), Send::burst);
}

TEST(Transport, AForeignBatteryMakesItSilentForTenSeconds) {
    Bus bus;
    bus.step(0, true);
    bus.transport.on_foreign(t(500));
    EXPECT_EQ(bus.transport.mode(t(500)), TransportMode::foreign);
    EXPECT_EQ(bus.step(1000, true, true), Send::nothing);
    EXPECT_EQ(bus.transport.wake_at(), t(2000));
    bus.transport.on_foreign(t(9000));
    EXPECT_EQ(bus.step(18'999, true, true), Send::nothing);
    EXPECT_EQ(bus.step(19'000, true), Send::burst);
}

TEST(Transport, WithoutTransmitNothingIsEverSentAndNothingSpins) {
    Transport transport{TransportSettings{.transmit = false}};
    EXPECT_EQ(transport.mode(t(0)), TransportMode::muted);
    for (int ms = 0; ms < 5000; ms += 500) {
        EXPECT_EQ(transport.after_step(t(ms), true, true), Send::nothing);
        EXPECT_EQ(transport.wake_at(), t(ms + 1000));
    }
}

TEST(Transport, ANewLinkIsServedAtOnce) {
    Transport transport{TransportSettings{}};
    transport.after_step(t(0), true, false);
    transport.after_step(t(2500), true, false);
    transport.on_link_up(t(3000));
    EXPECT_EQ(transport.mode(t(3000)), TransportMode::normal);
    EXPECT_EQ(transport.after_step(t(3000), false, false), Send::burst);
}

// Whatever happens, a step that sent nothing is followed by a wake-up that lies ahead of it.
RC_GTEST_PROP(Transport, S7_AfterAStepTheNextWakeUpLiesAhead,
              (const std::vector<std::tuple<int, int>>& happenings)) {
    Transport transport{TransportSettings{}};
    TimePoint now = t(0);
    for (const auto& [ms, what] : happenings) {
        now += milliseconds(std::abs(ms) % 3000);
        if (what % 5 == 0) transport.on_echo(now);
        if (what % 7 == 0) transport.on_foreign(now);
        if (what % 11 == 0) transport.on_link_up(now);
        (void)transport.after_step(now, what % 2 == 0, what % 3 == 0);
        RC_ASSERT(transport.wake_at() > now);
        RC_ASSERT(transport.wake_at() <= now + seconds(2));
    }
}

TEST(Transport, WhatDidNotReachTheDriverIsNotWaitedFor) {
    Transport transport{TransportSettings{}};
    EXPECT_EQ(transport.after_step(t(0), true, false), Send::burst);
    EXPECT_EQ(transport.after_step(t(1000), true, false), Send::nothing);
    transport.on_not_sent();
    EXPECT_EQ(transport.mode(t(5000)), TransportMode::normal);
    EXPECT_EQ(transport.after_step(t(5000), true, false), Send::burst);
}

TEST(Transport, BeforeTheFirstStepAndTheFirstBurstItWantsToWakeAtOnce) {
    Transport transport{TransportSettings{}};
    EXPECT_EQ(transport.wake_at(), TimePoint{});
    transport.after_step(t(0), true, false);
    transport.on_link_up(t(10));
    EXPECT_EQ(transport.wake_at(), TimePoint{});
}

TEST(Transport, ABurstWaitsForItsEchoHoweverMuchIsDue) {
    Transport transport{TransportSettings{}};
    EXPECT_EQ(transport.after_step(t(0), true, false), Send::burst);
    EXPECT_EQ(transport.after_step(t(1500), true, true), Send::nothing);
    EXPECT_EQ(transport.wake_at(), t(2000));
    EXPECT_EQ(transport.after_step(t(2000), false, false), Send::probe);
    EXPECT_EQ(transport.wake_at(), t(3000));
    EXPECT_EQ(transport.after_step(t(2999), false, false), Send::nothing);
}

TEST(Transport, TheFirstUnconfirmedBurstIsTheOneThatIsWaitedFor) {
    Transport transport{TransportSettings{.supervise_echo = false}};
    transport.after_step(t(0), true, false);
    transport.after_step(t(1500), true, false);
    transport.configure({});
    EXPECT_EQ(transport.mode(t(1999)), TransportMode::normal);
    EXPECT_EQ(transport.mode(t(2000)), TransportMode::unacknowledged);
}

TEST(Transport, AFallIsOwedThroughAForeignBattery) {
    Bus bus;
    bus.step(0, true);
    bus.transport.on_foreign(t(10));
    EXPECT_EQ(bus.step(20, false, true), Send::nothing);
    EXPECT_EQ(bus.step(10'010, false), Send::burst);
    EXPECT_EQ(bus.step(10'020, false), Send::nothing);  // and told once
    EXPECT_EQ(bus.transport.wake_at(), t(11'110));
}

TEST(Transport, ANewReadingThatWaitsIsSentOnce) {
    Bus bus;
    bus.step(0, true);
    EXPECT_EQ(bus.step(199, true), Send::nothing);
    EXPECT_EQ(bus.step(200, false), Send::burst);
    EXPECT_EQ(bus.step(400, false), Send::nothing);
    EXPECT_EQ(bus.step(1299, false), Send::nothing);
    EXPECT_EQ(bus.step(1300, false), Send::burst);
}

TEST(Transport, ANewLinkForgetsWhatWasSentAndWhatWasWaitedFor) {
    Transport transport{TransportSettings{}};
    transport.after_step(t(0), true, false);
    transport.on_link_up(t(50));
    EXPECT_EQ(transport.after_step(t(60), false, false), Send::burst);
    EXPECT_EQ(transport.mode(t(2059)), TransportMode::normal);
    EXPECT_EQ(transport.mode(t(2060)), TransportMode::unacknowledged);
}

TEST(Transport, AChangedConfigurationCountsFromTheNextStep) {
    Transport transport{TransportSettings{}};
    EXPECT_EQ(transport.after_step(t(0), true, false), Send::burst);
    transport.configure({.supervise_echo = false, .period = seconds(3)});
    EXPECT_EQ(transport.wake_at(), t(3100));
    EXPECT_EQ(transport.after_step(t(1000), true, false), Send::burst);
    transport.configure({.transmit = false});
    EXPECT_EQ(transport.after_step(t(2000), true, true), Send::nothing);
}

}  // namespace
}  // namespace jkp::control::test
