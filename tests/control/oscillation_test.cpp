// SPDX-License-Identifier: MIT
// The observer over time, and what a found oscillation takes and gives back.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "site_builders.hpp"

namespace jkp::control::test {
namespace {

constexpr Millivolts pack = mv(50'000);
const OscillationSettings settings;

double square(double s, double period) {
    return std::fmod(s, period) < period / 2 ? 1 : -1;
}

// An observer and a meter.
struct Watcher {
    Observer observer;
    TimePoint now = at(seconds(1000));
    Duration interval = seconds(1);

    void see(double grid, double own = 0) {
        observer.take(settings, {now, watts(static_cast<int>(grid)), amps(own)}, pack);
        now += interval;
    }
    void quiet(Duration time, double grid = 0) {
        for (const TimePoint end = now + time; now < end;) see(grid);
    }
    // Seconds of a square wave until it is found as ours; -1 = not within `most`.
    double until_found(double period, double amplitude, double most) {
        const TimePoint begun = now;
        while (now - begun < milliseconds(static_cast<int>(most * 1000))) {
            const double s = std::chrono::duration<double>(now - begun).count();
            see(amplitude * square(s, period), -amplitude / 50 * square(s, period));
            if (observer.swing() && observer.swing()->ours) return s;
        }
        return -1;
    }
};

TEST(Observer, FindsAnOscillationWithinFiveHalfWavesAtEachRateOfAMeter) {
    for (const int interval : {200, 600, 1000}) {
        for (const double period : {4.0, 6.0, 10.0, 16.0, 24.0}) {
            Watcher watcher;
            watcher.interval = milliseconds(interval);
            watcher.quiet(seconds(120));
            const double found = watcher.until_found(period, 600, 4 * period);
            ASSERT_GT(found, 0) << interval << " ms, " << period << " s";
            EXPECT_LE(found, 2.5 * period + 1) << interval << " ms, " << period << " s";
            EXPECT_GE(found, 2 * period - 1);
        }
    }
}

TEST(Observer, FindsSlowOnesOfMinutes) {
    for (const double period : {40.0, 90.0, 180.0, 400.0, 600.0}) {
        Watcher watcher;
        watcher.quiet(minutes(10));
        const double found = watcher.until_found(period, 600, 4 * period);
        ASSERT_GT(found, 0) << period << " s";
        EXPECT_LE(found, 2.5 * period + 4) << period << " s";
        EXPECT_NEAR(static_cast<double>(jkp::milliseconds(watcher.observer.swing()->period)), period * 1000,
                    period * 30);
    }
}

TEST(Observer, FindsAFastOneOfTwoSecondsOnlyWithAFastMeter) {
    Watcher watcher;
    watcher.interval = milliseconds(200);
    watcher.quiet(seconds(60));
    EXPECT_GT(watcher.until_found(2, 600, 10), 0);
    Watcher slow;
    slow.quiet(seconds(60));
    EXPECT_EQ(slow.until_found(2, 600, 60), -1) << "what looks slower at 1 s would be an alias";
}

TEST(Observer, ThreeHoursOfLoadStepsAreNoOscillation) {
    std::mt19937 random(7);
    Watcher watcher;
    int alarms = 0;
    double load = 0;
    double own = 0;
    for (int second = 0, next = 0; second < 3 * 3600; ++second) {
        if (second == next) {
            load = static_cast<double>(random() % 4) * 1000;
            next += 20 + static_cast<int>(random() % 600);
        }
        own += std::clamp(-load / 50 - own, -5.0, 5.0);  // our inverter follows the load
        watcher.see(-load - own * 50, own);
        if (watcher.observer.swing() && watcher.observer.swing()->ours) ++alarms;
    }
    EXPECT_EQ(alarms, 0);
}

TEST(Observer, SeesThatItEnds) {
    Watcher watcher;
    ASSERT_GT(watcher.until_found(10, 600, 60), 0);
    watcher.quiet(seconds(12));
    EXPECT_FALSE(watcher.observer.swing());
}

TEST(Observer, ForgetsWhatWasBeforeAGap) {
    Watcher watcher;
    ASSERT_GT(watcher.until_found(10, 600, 60), 0);
    watcher.now += seconds(28);
    watcher.see(600);
    Watcher fresh;
    Watcher other = watcher;
    other.now = watcher.now + seconds(30);
    other.see(0);
    fresh.now = watcher.now + seconds(30);
    fresh.see(0);
    EXPECT_EQ(other.observer, fresh.observer);
}

TEST(Observer, KeepsWhatWasBeforeAPauseOfThirtySeconds) {
    Watcher one;
    one.see(100);
    one.now = one.now - seconds(1) + seconds(30);
    Watcher other;
    other.now = one.now;
    one.see(200);
    other.see(200);
    EXPECT_NE(one.observer, other.observer);
}

TEST(Observer, SamplesCloserThan150MsAreLeftOut) {
    Watcher watcher;
    watcher.quiet(seconds(10));
    const Observer before = watcher.observer;
    watcher.observer.take(settings, {watcher.now - seconds(1) + milliseconds(149), watts(5000), amps(0)},
                          pack);
    watcher.observer.take(settings, {watcher.now - seconds(5), watts(5000), amps(0)}, pack);
    EXPECT_EQ(watcher.observer, before);
    watcher.observer.take(settings, {watcher.now - seconds(1) + milliseconds(150), watts(5000), amps(0)},
                          pack);
    EXPECT_NE(watcher.observer, before);
}

TEST(Observer, SlowWavesAreSeenThroughFastNoise) {
    Watcher watcher;
    const TimePoint begun = watcher.now;
    bool found = false;
    for (int i = 0; i < 400; ++i) {
        const double s = std::chrono::duration<double>(watcher.now - begun).count();
        const double noise = i % 2 == 0 ? 400 : -400;
        watcher.see(600 * square(s, 100) + noise, -12 * square(s, 100));
        found = found || watcher.observer.swing();
    }
    ASSERT_TRUE(found);
    EXPECT_NEAR(static_cast<double>(jkp::milliseconds(watcher.observer.swing()->period)), 100'000, 4000);
    EXPECT_NEAR(watcher.observer.swing()->swing.count(), 1200, 20) << "means of two seconds";
    EXPECT_NEAR(watcher.observer.swing()->peak.count(), 12'000, 10);
}

// --- what is taken ---------------------------------------------------------------------------------------

struct Brake {
    Damping damping;
    TimePoint now = at(seconds(1000));
    Events events;

    void step(const std::optional<Swing>& swing, Duration later = seconds(1)) {
        now += later;
        damp(damping, settings, swing, amps(1), amps(60), now, events);
    }
};

Swing ours(double peak, Duration period = seconds(10)) {
    return {.period = period,
            .swing = watts(1200),
            .own = watts(800),
            .peak = amps(peak),
            .half_waves = 4,
            .ours = true};
}

TEST(Damping, CutsToAThirdOfThePeakAndTellsOnce) {
    Brake brake;
    brake.step(std::nullopt);
    EXPECT_FALSE(brake.damping.cap);
    brake.step(ours(30));
    EXPECT_EQ(brake.damping.cap, Milliamps(9990));
    brake.step(ours(30));
    ASSERT_EQ(brake.events.size(), 1U);
    EXPECT_EQ(
        brake.events[0],
        (Event{.code = EventCode::oscillation_found,
               .value = 1200,
               .evidence = {
                   .period = seconds(10), .half_waves = 4, .own = watts(800), .cap = Milliamps(9990)}}));
}

TEST(Damping, TheCapThatIsToldIsTheOneThatHolds) {
    Brake small;
    small.step(ours(2));
    ASSERT_EQ(small.events.size(), 1U);
    EXPECT_EQ(small.events[0].evidence.cap, small.damping.cap);
    Brake high;
    high.step(ours(300));
    ASSERT_EQ(high.events.size(), 1U);
    EXPECT_EQ(high.events[0].evidence.cap, high.damping.cap);
}

TEST(Damping, SomebodyElsesSwingTakesNothing) {
    Brake brake;
    Swing other = ours(30);
    other.ours = false;
    brake.step(other);
    EXPECT_FALSE(brake.damping.cap);
    EXPECT_TRUE(brake.events.empty());
}

TEST(Damping, NeverBelowTheSmallestUsefulCurrentNorAboveTheMaximum) {
    Brake brake;
    brake.step(ours(2));
    EXPECT_EQ(brake.damping.cap, amps(1));
    Brake high;
    high.step(ours(300));
    EXPECT_EQ(high.damping.cap, amps(60));
}

TEST(Damping, CutsAgainAfterTwoPeriodsAndOnlyDown) {
    Brake brake;
    brake.step(ours(30));
    brake.step(ours(15), milliseconds(19'999));
    EXPECT_EQ(brake.damping.cap, Milliamps(9990)) << "the peak may be one of before the cut";
    brake.step(ours(15), milliseconds(1));
    EXPECT_EQ(brake.damping.cap, Milliamps(4995));
    brake.step(ours(60), seconds(20));
    EXPECT_EQ(brake.damping.cap, Milliamps(4995));
}

TEST(Damping, IsHeldForFivePeriodsAndGivenBackByHalfEachTime) {
    Brake brake;
    brake.step(ours(30));
    brake.step(std::nullopt, milliseconds(49'999));
    EXPECT_EQ(brake.damping.cap, Milliamps(9990));
    brake.step(std::nullopt, milliseconds(1));
    EXPECT_EQ(brake.damping.cap, Milliamps(14'985));
    brake.step(std::nullopt, milliseconds(49'999));
    EXPECT_EQ(brake.damping.cap, Milliamps(14'985));
    brake.step(std::nullopt, milliseconds(1));
    EXPECT_EQ(brake.damping.cap, Milliamps(22'476));
    brake.step(std::nullopt, seconds(50));
    brake.step(std::nullopt, seconds(50));
    EXPECT_EQ(brake.damping.cap, Milliamps(50'571));
    EXPECT_EQ(brake.events.size(), 1U);
    brake.step(std::nullopt, seconds(50));
    EXPECT_FALSE(brake.damping.cap);
    ASSERT_EQ(brake.events.size(), 2U);
    EXPECT_EQ(brake.events[1], (Event{EventCode::oscillation_over, 0, 0}));
    brake.step(std::nullopt, seconds(50));
    EXPECT_EQ(brake.events.size(), 2U);
}

TEST(Damping, EndsWhenTheMaximumIsReachedExactly) {
    Brake brake;
    brake.damping = {amps(40), brake.now, brake.now, seconds(10)};
    brake.step(std::nullopt);
    EXPECT_FALSE(brake.damping.cap);
}

TEST(Damping, AFastOneIsHeldForHalfAMinute) {
    Brake brake;
    brake.step(ours(30, seconds(2)));
    brake.step(std::nullopt, milliseconds(29'999));
    EXPECT_EQ(brake.damping.cap, Milliamps(9990));
    brake.step(std::nullopt, milliseconds(1));
    EXPECT_GT(brake.damping.cap, Milliamps(9990));
}

TEST(Damping, AHoldRunsAnewWhileItIsSeen) {
    Brake brake;
    brake.step(ours(30));
    brake.step(ours(30), seconds(19));
    brake.step(std::nullopt, seconds(49));
    EXPECT_EQ(brake.damping.cap, Milliamps(9990));
}

TEST(Damping, EvenACapOfNothingIsGivenBack) {
    Brake brake;
    brake.now += seconds(1);
    damp(brake.damping, settings, ours(0), amps(0), amps(60), brake.now, brake.events);
    EXPECT_EQ(brake.damping.cap, amps(0));
    brake.step(std::nullopt, seconds(50));
    EXPECT_EQ(brake.damping.cap, amps(0.5));
    brake.step(std::nullopt, seconds(50));
    EXPECT_EQ(brake.damping.cap, amps(1));
}

// --- in stage H ------------------------------------------------------------------------------------------

void swing_for(Site& site, int times, double period = 10) {
    for (int i = 0; i < times; ++i) {
        const double side = square(i, period);
        site.meter = watts(static_cast<int>(800 * side));
        site.own.current = amps(-24 * side);
        site.after();
    }
}

TEST(OscillationAtTheSite, BothLimitsAreCutWithEvidence) {
    Site site;
    site.config.coordination.expects_peer = false;
    swing_for(site, 30);
    EXPECT_EQ(site.charge(), Milliamps(7992));
    EXPECT_EQ(site.discharge(), Milliamps(7992));
    const SiteDecision& d = site.last.decision;
    EXPECT_TRUE(d.oscillation);
    ASSERT_TRUE(d.swing);
    EXPECT_EQ(d.swing->period, seconds(10));
    EXPECT_EQ(d.swing->swing, watts(1600));
    const Reason& reason = site.last.charge.reason();
    EXPECT_EQ(reason.rule, Rule::oscillation);
    EXPECT_EQ(reason.input, Input::period);
    EXPECT_EQ(reason.value, 10'000);
    EXPECT_EQ(reason.age, site.now - site.state.damping.cut_at);
    EXPECT_TRUE(has(site.happened, EventCode::oscillation_found));
    EXPECT_EQ(d.mode, SiteMode::off) << "there is no second battery to coordinate with";
}

TEST(OscillationAtTheSite, ItIsGivenBackWhenItIsCalm) {
    Site site;
    site.config.coordination.expects_peer = false;
    swing_for(site, 30);
    site.meter = watts(0);
    site.own.current = amps(0);
    site.after(70);
    EXPECT_GT(site.charge(), amps(8));
    EXPECT_LE(site.charge(), amps(12));
    site.after(400);
    EXPECT_EQ(site.charge(), all);
    EXPECT_FALSE(site.last.decision.oscillation);
    EXPECT_TRUE(has(site.happened, EventCode::oscillation_over));
}

TEST(OscillationAtTheSite, SwitchedOffItIsSeenAndTakesNothing) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.config.oscillation.enabled = false;
    swing_for(site, 60);
    EXPECT_EQ(site.charge(), all);
    EXPECT_TRUE(site.last.decision.swing);
    EXPECT_FALSE(site.last.decision.oscillation);
}

TEST(OscillationAtTheSite, WithALostMeterNothingIsSeen) {
    Site site;
    site.config.coordination.expects_peer = false;
    swing_for(site, 30);
    ASSERT_TRUE(site.last.decision.swing);
    site.meter.reset();
    site.after(10);
    EXPECT_TRUE(site.last.decision.swing);
    site.after();
    EXPECT_FALSE(site.last.decision.swing);
    EXPECT_TRUE(site.last.decision.oscillation) << "what was taken is held";
}

TEST(OscillationAtTheSite, TheLargerMaximumEndsIt) {
    Site site;
    site.config.coordination.expects_peer = false;
    site.own.discharge_maximum = amps(10);
    swing_for(site, 30);
    site.meter = watts(0);
    site.own.current = amps(0);
    site.after(120);
    EXPECT_TRUE(site.last.decision.oscillation) << "12 A are above one maximum and below the other";
    EXPECT_LT(site.charge(), amps(60));
}

}  // namespace
}  // namespace jkp::control::test
