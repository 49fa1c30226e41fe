// SPDX-License-Identifier: MIT
// From an answer of the BMS to the bus: the right one, and soon.
#include <gtest/gtest.h>

#include <algorithm>

#include "e2e/site.hpp"

namespace jkp::e2e {
namespace {

using pylontech::Limits;
using pylontech::Measurements;

// Every request is numbered, and the answer carries the number as its current in steps of 0.1 A.
class Numbered {
  public:
    explicit Numbered(Site& site) : site_(site) { follow(); }

    // To be called in each turn of the loop. True while no answer was taken for that of a later request.
    bool follow() {
        const std::uint64_t requests = site_.scene().device.requests();
        if (requests != seen_) asked_at_ = io::now();
        seen_ = requests;
        site_.scene().pack.force_current(Milliamps(static_cast<std::int32_t>(100 * (requests % 400 + 1))));
        const auto sent = site_.last<Measurements>();
        if (!sent || site_.frames.empty() || sent->current == newest_) return true;
        newest_ = sent->current;
        // The number that the last request carries; the request may be only a moment old.
        const auto number = static_cast<std::uint64_t>(newest_.count() / 100);
        const bool of_last = number == (requests - 1) % 400 + 1;
        const bool just_asked = io::now() - asked_at_ < milliseconds(60);
        return of_last || just_asked;
    }
    [[nodiscard]] Milliamps newest() const { return newest_; }

  private:
    Site& site_;
    std::uint64_t seen_ = 0;
    TimePoint asked_at_{};
    Milliamps newest_{0};
};

TEST(Answers, D7ALateAnswerIsNeverTakenForThatOfTheNextPoll) {
    World world;
    Site site(world, {.poll_s = 0.5});
    site.start();
    Numbered numbered(site);
    ASSERT_TRUE(site.until([&] { return numbered.follow() && site.bursts() >= 3; })) << site.log();
    bool never_late = true;
    const auto pass = [&](Duration time) {
        const TimePoint end = io::now() + time;
        while (io::now() < end) {
            world.loop.run_one_for(milliseconds(2));
            never_late = numbered.follow() && never_late;
        }
    };
    // Later than the poll's patience of 300 ms, and within that of the next or the one after.
    for (const int delay_ms : {350, 450, 520, 600, 1050}) {
        site.scene().device.misbehaviour.delay = milliseconds(delay_ms);
        pass(seconds(3));
        site.scene().device.misbehaviour.delay = {};
        pass(seconds(4));
        EXPECT_TRUE(never_late) << "a delay of " << delay_ms << " ms";
    }
    const Milliamps before = numbered.newest();
    EXPECT_TRUE(site.until([&] {
        numbered.follow();
        return numbered.newest() != before;
    })) << "and it still reads";
    const auto counters = site.status()["packs"][0]["link"]["counters"];
    EXPECT_GT(counters["late"].get<int>() + counters["doubtful"].get<int>(), 0) << counters.dump();
}

std::uint64_t counter(Site& site, const char* name) {
    return site.status()["packs"][0]["link"]["counters"][name].get<std::uint64_t>();
}

TEST(Answers, D13AfterAGarbledOrPrefixedAnswerTheNextPollIsGood) {
    World world;
    Site site(world);
    site.start();
    ASSERT_TRUE(site.until_limits(60, 60)) << site.log();
    sim::Misbehaviour garbled;
    garbled.flip_bit = 700;
    sim::Misbehaviour half;
    half.truncate_to = 150;
    sim::Misbehaviour longer;
    longer.length = 0x7FFF;
    sim::Misbehaviour prefixed;
    prefixed.prefix = {0x00, 0xFF, 0x4E, 0x57, 0x01, 0x13, 0x4E};
    for (const sim::Misbehaviour& once : {garbled, half, longer, prefixed}) {
        sim::JkDevice& device = site.scene().device;
        const std::uint64_t asked = device.requests();
        device.misbehaviour = once;
        ASSERT_TRUE(site.until([&] { return device.requests() > asked; }));
        device.misbehaviour = {};
        site.scene().pack.force_current(Milliamps(static_cast<std::int32_t>(1'000 + 100 * (asked % 300))));
        const Milliamps marked = Milliamps(static_cast<std::int32_t>(1'000 + 100 * (asked % 300)));
        ASSERT_TRUE(site.until([&] { return site.last<Measurements>()->current == marked; })) << site.log();
        EXPECT_LE(device.requests(), asked + 3) << "the poll after the bad one is good";
    }
    EXPECT_EQ(site.last<Limits>()->charge_current_limit, Milliamps(60'000)) << "no limit moved for it";
    EXPECT_EQ(counter(site, "late") + counter(site, "doubtful"), 0U);
}

// Time from the change of a cell until the first frame with the limit of 0.
template <class Zero>
Duration reaction(Site& site, std::size_t cell, Millivolts voltage, Zero zero) {
    const std::size_t from = site.frames.size();
    const TimePoint changed = io::now();
    site.scene().pack.force_cell(cell, voltage);
    EXPECT_TRUE(site.until([&] {
        const auto limits = site.last<Limits>();
        return site.frames.size() > from && limits && zero(*limits) == 0;
    })) << site.log();
    const Duration took = io::now() - changed;
    site.scene().pack.force_cell(cell, std::nullopt);
    return took;
}

void expect_quick(std::vector<Duration> times) {
    std::sort(times.begin(), times.end());
    // One poll period, the answer on the line, and room for a busy machine.
    const Duration wire = sim::line_time(300);
    EXPECT_LT(times.back(), seconds(1) + wire + slowness * milliseconds(400));
    EXPECT_LT(times[times.size() / 2], slowness * milliseconds(900));
}

TEST(Answers, D8AHighCellIsZeroChargeOnTheBusWithinAPoll) {
    World world;
    Site site(world, {.poll_s = 1, .rise_hold_s = 0});
    site.start();
    std::vector<Duration> times;
    for (int i = 0; i < 7; ++i) {
        ASSERT_TRUE(site.until([&] { return site.last<Limits>() && charge_a(*site.last<Limits>()) > 0; }));
        world.pass(milliseconds(137 * i));  // any moment between two polls
        times.push_back(reaction(site, 5, Millivolts(3560), charge_a));
    }
    expect_quick(times);
}

TEST(Answers, D8ALowCellIsZeroDischargeOnTheBusWithinAPoll) {
    World world;
    Site site(world, {.poll_s = 1, .rise_hold_s = 0});
    site.start();
    std::vector<Duration> times;
    for (int i = 0; i < 7; ++i) {
        ASSERT_TRUE(site.until([&] { return site.last<Limits>() && discharge_a(*site.last<Limits>()) > 0; }));
        world.pass(milliseconds(137 * i));
        times.push_back(reaction(site, 5, Millivolts(2990), discharge_a));
    }
    expect_quick(times);
}

}  // namespace
}  // namespace jkp::e2e
