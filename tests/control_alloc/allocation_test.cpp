// SPDX-License-Identifier: MIT
// The control cycle must not depend on the state of a heap. This program counts every allocation.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "control/builders.hpp"
#include "control/transport.hpp"

namespace {
std::size_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
}  // namespace

void* operator new(std::size_t size) {
    return counted(size);
}
void* operator new[](std::size_t size) {
    return counted(size);
}
void operator delete(void* memory) noexcept {
    std::free(memory);
}
void operator delete[](void* memory) noexcept {
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
    std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
    std::free(memory);
}

namespace jkp::control::test {
namespace {

TEST(Allocation, TheCounterCounts) {
    const std::size_t before = allocations;
    std::vector<int> vector(100);
    EXPECT_EQ(vector.size(), 100U);
    EXPECT_EQ(allocations, before + 1);
}

// Start, full range of cell voltages, alarms, rejections, latches, loss and return of the data.
TEST(Allocation, AControlStepAllocatesNothing) {
    Rig rig(config_of_one(Preset::original_strict));
    Transport transport{TransportSettings{}};
    PackReading garbled = reading_at(mv(3300));
    garbled.cells[0] = mv(19'000);
    const std::size_t before = allocations;
    for (int high = 2400; high <= 3700; high += 10) {
        rig.now += seconds(1);
        rig.feed(reading_between(mv(high), mv(high - 20)));
        rig.now += milliseconds(300);
        rig.reading.alarms.set(static_cast<PackAlarm>(high / 10 % 14));
        rig.feed();
        rig.silent();
        (void)transport.after_step(rig.now, true, true);
        (void)acknowledge(rig.config, rig.state, 0, rig.now);
        (void)recover(rig.config, rig.state, 0, rig.now);
    }
    rig.feed(garbled);
    rig.silent_for(seconds(90));
    rig.feed(reading_at(mv(3300)));
    EXPECT_EQ(allocations, before);
    EXPECT_TRUE(rig.happened(EventCode::hard_stop_latched));
    EXPECT_TRUE(rig.happened(EventCode::data_zero));
    EXPECT_TRUE(rig.happened(EventCode::sample_rejected));
}

// Stage H: a second battery that comes and goes by several ways, jumps, contradictions, and a fight at the
// meter.
TEST(Allocation, AStepWithASecondInverterAllocatesNothing) {
    Rig rig;
    rig.config.coordination.expects_peer = true;
    const auto peer = [&](PeerSource source, double current) {
        PeerReading reading;
        reading.current = amps(current);
        rig.peers.offer({source, {reading, rig.now}});
    };
    const std::size_t before = allocations;
    for (int second = 0; second < 600; ++second) {
        const int side = second / 5 % 2 == 0 ? 1 : -1;
        rig.now += seconds(1);
        rig.grid = {GridReading{Watts(800 * side)}, rig.now};
        rig.peers.clear();
        if (second % 200 < 100) peer(PeerSource::local, second % 50 - 25);
        if (second % 70 < 35) peer(PeerSource::sensor, second % 11 == 0 ? 400 : 25 - second % 50);
        rig.reading.current = amps(-20 * side);
        rig.feed();
    }
    EXPECT_EQ(allocations, before);
    EXPECT_TRUE(rig.happened(EventCode::peers_differ));
    EXPECT_TRUE(rig.happened(EventCode::oscillation_found));
    EXPECT_GT(rig.last.site.refused, 0U);
}

// A full bank: all read at once, one lost and left out by the quorum, and back again.
TEST(Allocation, AStepOfAsManyPacksAsThereMayBeAllocatesNothing) {
    Config config = config_of_one();
    config.packs.resize(max_packs, config.packs[0]);
    config.bank.quorum = max_packs - 1;
    State state = make_state(config);
    std::vector<Arrival> all;
    for (std::size_t i = 0; i < max_packs; ++i) all.push_back({i, {reading_at(mv(3300)), {}}});
    TimePoint now{seconds(1000)};
    Decision decision;
    Events events;
    const auto pass = [&](int times, std::size_t packs) {
        for (int i = 0; i < times; ++i) {
            now += seconds(1);
            for (Arrival& arrival : all) arrival.reading.at = now;
            decision = step(config, state, {now, std::span(all).first(packs), now});
            for (const Event& event : decision.events) events.offer(event);
        }
    };
    const std::size_t before = allocations;
    pass(10, max_packs);
    EXPECT_EQ(decision.modules, max_packs);
    pass(20, max_packs - 1);
    EXPECT_EQ(decision.modules, max_packs - 1);
    pass(10, max_packs);
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(decision.modules, max_packs);
    EXPECT_GT(decision.charge.value(), Milliamps(0));
    EXPECT_FALSE(events.empty());
}

}  // namespace
}  // namespace jkp::control::test
