// SPDX-License-Identifier: MIT
// A reading becomes the present sample of its pack: validation, frozen data, thresholds, latches, gates,
// and the evidence that loosening a limit needs.
#pragma once

#include "control/step.hpp"

namespace jkp::control {

// What the limiters need to know of the pack besides its sample.
PackKnowledge knowledge(const Config& config, std::size_t index, const PackState& pack);

// Returns whether the reading counts, in full or only to tighten.
bool take(const Config& config, PackState& pack, const Arrival& arrival, Events& events);

// Recomputes what depends on the configuration from the present sample; earlier evidence is dropped.
void reconsider(const Config& config, std::size_t index, PackState& pack);

// What limiter i allows now: the newest sample's limit, or the median of three when that is lower.
template <Direction D>
Bound<D> trusted(const Evidence& evidence, std::size_t limiter, TimePoint now);

// The same bound with its reason `by` older.
template <Direction D>
Bound<D> aged(const Bound<D>& bound, Duration by) {
    Reason reason = bound.reason();
    reason.age += by;
    return {bound.value(), reason};
}

// Whether a limit of 0 by this rule clears the enable bit of 0x35C. Hold, ramp and the user's own maximum
// are no reason to tell an inverter that the battery refuses.
bool blocks(Rule rule);

}  // namespace jkp::control
