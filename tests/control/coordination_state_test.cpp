// SPDX-License-Identifier: MIT
// What stage H knows before it has seen anything: nothing, and it claims nothing.
#include <gtest/gtest.h>

#include "builders.hpp"
#include "control/coordination.hpp"

namespace jkp::control::test {
namespace {

TEST(SiteStart, ADecisionBeforeTheFirstStepClaimsNothing) {
    const SiteDecision d;
    EXPECT_EQ(d.mode, SiteMode::off);
    EXPECT_EQ(d.grid_state, SourceState::absent);
    EXPECT_EQ(d.peer_state, SourceState::absent);
    EXPECT_EQ(d.refused, 0U);
    EXPECT_EQ(d.transfer_mwh, 0);
    EXPECT_EQ(d.moved_mwh, 0);
    EXPECT_FALSE(d.watchful || d.swing || d.oscillation);
    EXPECT_EQ(d.response, Duration{});
}

TEST(SiteStart, ANewStateHoldsNothingBack) {
    const SiteState s;
    EXPECT_EQ(s.charge.bound.value(), Milliamps::max());
    EXPECT_EQ(s.discharge.bound.value(), Milliamps::max());
    EXPECT_EQ(s.charge.sent, amps(0));
    EXPECT_EQ(s.discharge.sent, amps(0));
    EXPECT_FALSE(s.begun || s.peer_known || s.peer_lost || s.grid_lost || s.differ);
    EXPECT_FALSE(s.charging.active || s.charging.left_at);
    EXPECT_EQ(s.charging.strikes, 0);
    EXPECT_EQ(s.sources.refused, 0U);
    EXPECT_FALSE(s.damping.cap || s.observer.swing());
}

TEST(SiteStart, NothingIsCountedOrLearned) {
    const Transfer t;
    EXPECT_EQ(t.total_wus, 0);
    EXPECT_EQ(t.moved_wus, 0);
    EXPECT_EQ(t.recent_wus, 0);
    const Response r;
    EXPECT_FALSE(r.learned || r.cut_at || r.charging);
    EXPECT_EQ(r.target, amps(0));
    const Swing swing{};
    EXPECT_EQ(swing.half_waves, 0);
    EXPECT_FALSE(swing.ours);
}

}  // namespace
}  // namespace jkp::control::test
