// SPDX-License-Identifier: MIT
#include "closed_loop/loop/fight.hpp"

#include <gtest/gtest.h>

namespace jkp::closed_loop {
namespace {

using std::chrono::minutes;

constexpr std::uint64_t fighting = 100'012;

TEST(Fight, IsFoughtInTheSameHouseAloneWithTheOriginalAndWithOurs) {
    const FightResult fight = run_fight(fighting);
    ASSERT_TRUE(fight.fights());
    const auto& [alone, original, ours] = fight.swings;
    EXPECT_GT(alone.at_least(300), minutes(20)) << "it lasts";
    EXPECT_NEAR(alone.quantile_w(0.5), fight.untouched_w, 0.1 * fight.untouched_w);
    EXPECT_GT(original.quantile_w(0.95), 300);
    EXPECT_NE(original.quantile_w(0.95), alone.quantile_w(0.95)) << "somebody steers";
    EXPECT_LT(ours.at_least(300), minutes(3));
    EXPECT_GT(ours.at_least(300), *fight.found_after / 2) << "until it is found it swings as well";
}

// The original lets a limit fall by one ampere of its sixty a turn, but for a swing it cuts to a third at
// once.
TEST(Fight, TheOriginalIsOnTheBusAndCutsForTheSwingThatItSees) {
    Milliamps highest{0};
    Milliamps deepest_fall{0};
    std::optional<Milliamps> last;
    watch_fight(fighting, Coordination::original, [&](app::ClosedLoop& loop) {
        const auto obeyed = loop.inverter().limits_obeyed();
        if (!obeyed) return;
        const Milliamps limit = obeyed->discharge_current_limit;
        highest = std::max(highest, limit);
        deepest_fall = std::max(deepest_fall, last.value_or(limit) - limit);
        last = limit;
    });
    EXPECT_GT(highest, Milliamps(20'000));
    EXPECT_GT(deepest_fall, highest / 2);
}

}  // namespace
}  // namespace jkp::closed_loop
