// SPDX-License-Identifier: MIT
// A changed configuration (SIGHUP) meets what is known of the packs.
#include <gtest/gtest.h>

#include "builders.hpp"

namespace jkp::control::test {
namespace {

Rig settled() {
    Rig rig;
    rig.settle(reading_at(mv(3300)));
    return rig;
}

PackState adopted(const Rig& rig, const Config& changed) {
    return adopt(changed, rig.config, rig.state).packs[0];
}

TEST(Adopt, ARiseGateIsLoweredToItsNewMaximumAndNeverRaised) {
    Rig rig = settled();
    rig.state.packs[0].charge_gate.allowed = amps(60);
    rig.state.packs[0].discharge_gate.allowed = amps(50);
    Config changed = rig.config;
    changed.packs[0].max_charge = amps(40);
    changed.packs[0].max_discharge = amps(30);
    EXPECT_EQ(adopted(rig, changed).charge_gate.allowed, amps(40));
    EXPECT_EQ(adopted(rig, changed).discharge_gate.allowed, amps(30));
    changed.packs[0].max_charge = amps(80);
    changed.packs[0].max_discharge = amps(70);
    EXPECT_EQ(adopted(rig, changed).charge_gate.allowed, amps(60));
    EXPECT_EQ(adopted(rig, changed).discharge_gate.allowed, amps(50));
}

TEST(Adopt, TheNewestSampleIsJudgedAnewAndTheOlderJudgementsStay) {
    const Rig rig = settled();
    Config changed = rig.config;
    changed.packs[0].max_charge = amps(40);
    changed.cells.hard_stop = mv(3500);
    changed.packs[0].capacity = MilliampHours(50'000);
    const PackState pack = adopted(rig, changed);
    constexpr auto maximum = static_cast<std::size_t>(Rule::user_maximum);
    EXPECT_EQ(pack.evidence.entries[0].bounds.charge[maximum].value(), amps(40));
    EXPECT_EQ(pack.evidence.entries[1].bounds.charge[maximum].value(), amps(60));
    EXPECT_EQ(pack.limits.hard_stop, mv(3500));
    EXPECT_EQ(pack.capacity, MilliampHours(50'000));
}

TEST(Adopt, APackWithANewlyNamedProbeForgetsItsSampleAndItsEvidence) {
    const Rig rig = settled();
    Config changed = rig.config;
    changed.packs[0].battery_probes = {Probe::t1, Probe::t3};
    const PackState pack = adopted(rig, changed);
    EXPECT_FALSE(pack.sample.has_value());
    EXPECT_EQ(pack.evidence, Evidence{});
}

TEST(Adopt, ASourceThatIsNotConfiguredAnyMoreIsForgotten) {
    Rig rig = settled();
    rig.config.coordination.expects_grid = true;
    rig.grid = {GridReading{watts(500)}, rig.now};
    rig.silent();
    ASSERT_TRUE(rig.state.site.sources.grid);
    EXPECT_TRUE(adopt(rig.config, rig.config, rig.state).site.sources.grid);
    Config changed = rig.config;
    changed.coordination.expects_grid = false;
    EXPECT_FALSE(adopt(changed, rig.config, rig.state).site.sources.grid);
}

}  // namespace
}  // namespace jkp::control::test
