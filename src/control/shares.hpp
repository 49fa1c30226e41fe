// SPDX-License-Identifier: MIT
// Stage C: which part of the bank's current each pack takes, at most. Packs in parallel do not share by
// their capacity alone, so the measured share counts too, with a margin. Shares are ppm of the bank's
// current, rounded up; 1'000'000 = all of it, which is also assumed of what is not known.
#pragma once

#include "control/step.hpp"

namespace jkp::control {

inline constexpr std::int32_t whole_share = 1'000'000;

// Updates the means over the last minute. Called once per step with a new sample.
void learn_shares(const Config& config, State& state, TimePoint at);

// Fills charges/discharges and the shares of every present pack (PackPart).
void set_shares(const Config& config, State& state, TimePoint now);

// The limit of the bank at which the pack gets `value`; rounds down.
Milliamps for_bank(Milliamps value, std::int32_t share);
// What the pack gets of the bank's `value`; rounds up.
Milliamps for_pack(Milliamps value, std::int32_t share);

}  // namespace jkp::control
