// SPDX-License-Identifier: MIT
// Samples, minutes and energy.
#include "report/samples.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "report/sample_ring.hpp"

namespace jkp::report {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr TimePoint at(std::int64_t second) {
    return TimePoint(seconds(second));
}

Snapshot snapshot() {
    Snapshot s;
    s.decision.complete = true;
    s.decision.voltage = Millivolts(52'000);
    s.decision.current = Milliamps(-10'000);
    s.decision.soc = Permille(555);
    s.decision.highest.voltage = Millivolts(3'300);
    s.decision.lowest.voltage = Millivolts(3'250);
    s.decision.temperature = Decicelsius(-25);
    s.decision.charge = control::ChargeBound(Milliamps(60'000), {});
    s.decision.site.transfer_mwh = 77;
    s.packs.resize(1);
    s.packs[0].name = "garage";
    PackReading& reading = s.packs[0].reading.emplace();
    reading.cells.push_back(Millivolts(3'300));
    reading.cells.push_back(Millivolts(3'250));
    reading.voltage = Millivolts(52'100);
    reading.current = Milliamps(-10'100);
    reading.soc = Permille(550);
    reading.temperatures[Probe::mosfet] = Decicelsius(500);
    reading.temperatures[Probe::t1] = Decicelsius(-25);
    reading.temperatures[Probe::t2] = Decicelsius(10);
    return s;
}

std::optional<std::int32_t> of(const Sample& sample, BankSeries series) {
    return sample.bank[static_cast<std::size_t>(series)];
}
std::optional<std::int32_t> of(const Sample& sample, PackSeries series) {
    return sample.packs.at(0).values[static_cast<std::size_t>(series)];
}

TEST(Sample, HoldsWhatTheSnapshotShows) {
    const Sample sample = sample_of(snapshot());
    EXPECT_EQ(of(sample, BankSeries::voltage), 52'000);
    EXPECT_EQ(of(sample, BankSeries::current), -10'000);
    EXPECT_EQ(of(sample, BankSeries::power), -520);
    EXPECT_EQ(of(sample, BankSeries::soc), 555);
    EXPECT_EQ(of(sample, BankSeries::cell_max), 3'300);
    EXPECT_EQ(of(sample, BankSeries::cell_min), 3'250);
    EXPECT_EQ(of(sample, BankSeries::temperature), -25);
    EXPECT_EQ(of(sample, BankSeries::charge_limit), 60'000);
    EXPECT_EQ(of(sample, BankSeries::grid), std::nullopt);
    EXPECT_EQ(of(sample, BankSeries::peer), std::nullopt);
    EXPECT_EQ(of(sample, PackSeries::voltage), 52'100);
    EXPECT_EQ(of(sample, PackSeries::cell_min), 3'250);
    EXPECT_EQ(of(sample, PackSeries::temperature_max), 10) << "of the cells, not of the transistors";
    EXPECT_EQ(sample.transferred, 77);
}

TEST(Sample, WhatIsNotKnownIsAbsentAndNotZero) {
    Snapshot s = snapshot();
    s.decision.complete = false;
    EXPECT_EQ(sample_of(s).bank, BankValues{});
    s = snapshot();
    s.decision.age_stage = control::AgeStage::zero;
    EXPECT_EQ(of(sample_of(s), BankSeries::current), std::nullopt);
    EXPECT_EQ(of(sample_of(s), BankSeries::soc), std::nullopt);
    EXPECT_EQ(of(sample_of(s), BankSeries::charge_limit), 60'000) << "a limit is always known";
    s = snapshot();
    s.packs[0].age = seconds(16);
    EXPECT_EQ(sample_of(s).packs[0].values, PackValues{});
    s.packs[0].reading.reset();
    EXPECT_EQ(sample_of(s).packs[0].values, PackValues{});
}

TEST(Sample, HoldsTheMeterAndTheSecondBattery) {
    Snapshot s = snapshot();
    s.decision.site.view.grid = Stamped<Watts>{Watts(1'500), at(1)};
    s.decision.site.view.peer.emplace().flow.value.power = Watts(-700);
    EXPECT_EQ(of(sample_of(s), BankSeries::grid), 1'500);
    EXPECT_EQ(of(sample_of(s), BankSeries::peer), -700);
}

Sample with_current(std::int32_t ma) {
    Snapshot s = snapshot();
    s.decision.current = Milliamps(ma);
    return sample_of(s);
}

TEST(MinuteMaker, GivesMeanLeastAndGreatestOfAMinuteThatIsOver) {
    MinuteMaker maker;
    EXPECT_EQ(maker.add(1'800'000'000, with_current(1'000)), std::nullopt);
    EXPECT_EQ(maker.add(1'800'000'030, with_current(-4'000)), std::nullopt);
    EXPECT_EQ(maker.add(1'800'000'059, with_current(2'000)), std::nullopt);
    const auto row = maker.add(1'800'000'060, with_current(0));
    ASSERT_TRUE(row);
    EXPECT_EQ(row->at, 1'800'000'000);
    const auto current = row->bank[static_cast<std::size_t>(BankSeries::current)];
    EXPECT_EQ(current, (Range{-333, -4'000, 2'000}));
    EXPECT_EQ(row->bank[static_cast<std::size_t>(BankSeries::grid)], std::nullopt);
    ASSERT_EQ(row->packs.size(), 1U);
    EXPECT_EQ(row->packs[0].pack, "garage");
    EXPECT_EQ(row->packs[0].ranges[static_cast<std::size_t>(PackSeries::soc)], (Range{550, 550, 550}));
    EXPECT_EQ(maker.so_far()->at, 1'800'000'060);
}

TEST(MinuteMaker, AClockThatStepsBackBeginsAnotherMinute) {
    MinuteMaker maker;
    maker.add(1'800'000'000, with_current(1'000));
    const auto row = maker.add(1'799'990'000, with_current(3'000));
    ASSERT_TRUE(row);
    EXPECT_EQ(row->at, 1'800'000'000);
    EXPECT_EQ(maker.finish()->at, 1'799'989'980);
    EXPECT_EQ(maker.finish(), std::nullopt);
}

// 100 A at 36 V: 3600 W, which is 1 mWh each millisecond.
Sample flowing(int sign, std::optional<std::int32_t> grid = std::nullopt) {
    Sample sample;
    sample.bank[static_cast<std::size_t>(BankSeries::voltage)] = 36'000;
    sample.bank[static_cast<std::size_t>(BankSeries::current)] = sign * 100'000;
    sample.bank[static_cast<std::size_t>(BankSeries::grid)] = grid;
    return sample;
}

TEST(EnergyMeter, CountsEachDirectionApart) {
    EnergyMeter meter;
    for (int s = 0; s <= 10; ++s) meter.add(at(s), flowing(1, 3'600));
    EXPECT_EQ(meter.take(), (Energy{10'000, 0, 0, 0, 10'000}));
    meter.add(at(11), flowing(-1, -3'600));
    for (int s = 12; s <= 21; ++s) meter.add(at(s), flowing(-1, -3'600));
    const Energy out = meter.take();
    EXPECT_EQ(out.discharged, 10'500) << "half of the second in which it turned";
    EXPECT_EQ(out.charged, 500);
    EXPECT_EQ(out.imported, 10'500);
    EXPECT_EQ(out.exported, 500);
}

TEST(EnergyMeter, AddsNothingOverAGap) {
    EnergyMeter meter;
    meter.add(at(0), flowing(1));
    meter.add(at(10), flowing(1));
    EXPECT_EQ(meter.take().charged, 10'000);
    meter.add(TimePoint(milliseconds(20'001)), flowing(1));
    EXPECT_EQ(meter.take().charged, 0) << "10.001 s are a gap";
    meter.add(at(24), Sample{});
    meter.add(at(25), flowing(1));
    EXPECT_EQ(meter.take().charged, 0) << "nothing is known of one end";
}

TEST(EnergyMeter, WithoutAMeterTheGridIsUnknown) {
    EnergyMeter meter;
    meter.add(at(0), flowing(1));
    meter.add(at(1), flowing(1));
    EXPECT_EQ(meter.take().imported, std::nullopt);
}

TEST(EnergyMeter, KeepsWhatIsLessThanAMilliwattHour) {
    EnergyMeter meter;
    Sample small;  // 0.36 W
    small.bank[static_cast<std::size_t>(BankSeries::voltage)] = 36'000;
    small.bank[static_cast<std::size_t>(BankSeries::current)] = 10;
    std::int64_t sum = 0;
    for (int s = 0; s <= 3600; ++s) {
        meter.add(at(s), small);
        sum += meter.take().charged;
    }
    EXPECT_EQ(sum, 360);
}

TEST(EnergyMeter, TakesTheTransferAsTheDifferenceOfItsCounter) {
    EnergyMeter meter;
    const auto counter = [](std::int64_t mwh) {
        Sample sample;
        sample.transferred = mwh;
        return sample;
    };
    meter.add(at(0), counter(500));
    meter.add(at(1), counter(700));
    meter.add(at(100), counter(900));
    EXPECT_EQ(meter.take().transferred, 400) << "a counter has no gaps";
    meter.add(at(101), counter(0));
    meter.add(at(102), counter(10));
    EXPECT_EQ(meter.take().transferred, 10) << "it began anew";
}

RC_GTEST_PROP(EnergyMeter, IsNeverNegativeAndNeverMoreThanTheTimeAllows, ()) {
    EnergyMeter meter;
    std::int64_t now = 0;
    std::int64_t time = 0;
    Energy sum;
    for (int i = 0; i < 40; ++i) {
        const auto step = *rc::gen::inRange<std::int64_t>(0, 40'000'000);
        now += step;
        if (step <= 10'000'000) time += step;
        Sample sample;
        sample.bank[static_cast<std::size_t>(BankSeries::voltage)] = *rc::gen::arbitrary<std::int32_t>();
        sample.bank[static_cast<std::size_t>(BankSeries::current)] = *rc::gen::arbitrary<std::int32_t>();
        sample.bank[static_cast<std::size_t>(BankSeries::grid)] = *rc::gen::arbitrary<std::int32_t>();
        sample.transferred = *rc::gen::arbitrary<std::int32_t>();
        meter.add(TimePoint(Duration(now)), sample);
        const Energy energy = meter.take();
        RC_ASSERT(energy.charged >= 0 && energy.discharged >= 0 && energy.transferred >= 0);
        RC_ASSERT(energy.imported.value_or(0) >= 0 && energy.exported.value_or(0) >= 0);
        sum += energy;
    }
    // 500 kW is more than anything here can be.
    const std::int64_t most = time / 1'000'000 * 138'889 + 138'889;
    RC_ASSERT(sum.charged + sum.discharged <= most);
    RC_ASSERT(sum.imported.value_or(0) + sum.exported.value_or(0) <= most);
}

std::vector<std::pair<TimePoint, Sample>> content(const SampleRing& ring) {
    std::vector<std::pair<TimePoint, Sample>> all;
    ring.each([&](TimePoint time, const Sample& sample) {
        all.emplace_back(time, sample);
        all.back().second.transferred = 0;
    });
    return all;
}

TEST(SampleRing, KeepsTheNewest) {
    SampleRing ring(3);
    for (int s = 0; s < 5; ++s) ring.add(at(s), with_current(s));
    EXPECT_EQ(ring.size(), 3U);
    EXPECT_EQ(ring.oldest(), at(2));
    const auto all = content(ring);
    EXPECT_EQ(of(all[2].second, BankSeries::current), 4);
    EXPECT_EQ(all[2].second.packs, with_current(4).packs);
}

TEST(SampleRing, OutlivesARestartAndAnotherZeroOfTheClock) {
    SampleRing before(3600);
    for (int s = 0; s < 100; ++s) {
        Sample sample = with_current(s * 1000 - 50'000);
        if (s % 7 == 0) sample.bank[3].reset();
        if (s % 11 == 0) sample.packs.push_back({"attic", {}});
        before.add(at(1'000 + s), sample);
    }
    const std::string bytes = before.encode(1'800'000'000);
    EXPECT_LT(bytes.size(), 100U * 40);
    SampleRing after(3600);
    after.add(at(60), with_current(9));
    ASSERT_TRUE(after.restore(bytes, 1'800'001'060, at(60), seconds(3600)));
    const auto was = content(before);
    const auto is = content(after);
    ASSERT_EQ(is.size(), 101U);
    EXPECT_EQ(is[0].first, at(-60));
    EXPECT_EQ(is[99].first, at(39));
    for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(is[i].second.bank, was[i].second.bank) << i;
    EXPECT_EQ(is[55].second.packs[0].values, was[55].second.packs[0].values);
    EXPECT_EQ(is[100].first, at(60));
}

TEST(SampleRing, TakesNothingOldFromTheFutureOrTwice) {
    SampleRing before(3600);
    for (int s = 0; s < 100; ++s) before.add(at(s), with_current(s));
    const std::string bytes = before.encode(0);
    SampleRing after(3600);
    ASSERT_TRUE(after.restore(bytes, 0, at(50), seconds(20)));
    EXPECT_EQ(after.oldest(), at(30));
    EXPECT_EQ(after.size(), 20U);
    ASSERT_TRUE(after.restore(bytes, 0, at(50), seconds(20)));
    EXPECT_EQ(after.size(), 20U);
}

TEST(SampleRing, RefusesEveryTruncationAndSurvivesEveryFlippedByte) {
    SampleRing before(10);
    for (int s = 0; s < 5; ++s) before.add(at(s), with_current(s));
    const std::string bytes = before.encode(1'800'000'000);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        SampleRing ring(10);
        EXPECT_FALSE(ring.restore(bytes.substr(0, size), 1'800'000'000, at(10), seconds(3600))) << size;
        EXPECT_TRUE(ring.empty());
    }
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            std::string other = bytes;
            other[i] = static_cast<char>(other[i] ^ (1 << bit));
            SampleRing ring(10);
            (void)ring.restore(other, 1'800'000'000, at(10), seconds(3600));
            EXPECT_LE(ring.size(), 10U);
        }
    }
}

}  // namespace
}  // namespace jkp::report
