// SPDX-License-Identifier: MIT
// Stages B and C together: every limiter of every pack, what it allows the pack, and what that means for the
// bank. A limiter of a pack holds the bank to limiter / share of that pack; old data and faults hold the
// whole bank.
#pragma once

#include "control/alarms.hpp"
#include "control/decision.hpp"
#include "control/step.hpp"

namespace jkp::control {

inline constexpr Milliamps wire_maximum{3'276'700};  // 0x351 carries 0.1 A in 15 bits

// The tightest bound for the bank of each rule, and whether one that refuses is 0.
template <Direction D>
class Verdict {
  public:
    void add(const Bound<D>& bound);

    [[nodiscard]] const Bounds<D>& list() const { return list_; }
    [[nodiscard]] Bound<D> tightest() const { return control::tightest(list_); }
    [[nodiscard]] bool blocked() const { return blocked_; }

  private:
    Bounds<D> list_;
    std::array<std::uint8_t, rule_count> place_{};  // in the list, from 1; 0 = not there
    bool blocked_ = false;
};

struct Judgement {
    Verdict<Direction::charge> charge;
    Verdict<Direction::discharge> discharge;
    FlagPair flags;
};

// Precondition: present packs and their shares are known (muster, set_shares).
Judgement judge(const Config& config, State& state, TimePoint now, Events& events);

}  // namespace jkp::control
