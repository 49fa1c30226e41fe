// SPDX-License-Identifier: MIT
// Stage I: the run-time proof. Recomputes the limiters from the raw samples, takes the minimum, and ends
// the program when a rule that always holds does not.
#pragma once

#include "control/decision.hpp"
#include "control/step.hpp"

namespace jkp::control {

class LastClamp {
  public:
    // Remembers what was sent before the dynamics moved.
    LastClamp(const Config& config, const State& state, TimePoint now);

    void apply(State& state, const BankView& bank, Decision& decision) const;

  private:
    template <Direction D>
    void check_pack(const SampleBounds<D>& raw, bool counts, std::int32_t share, bool anybody,
                    Bound<D>& sent) const;

    const Config& config_;
    Rising charge_before_;
    Rising discharge_before_;
    TimePoint now_;
};

}  // namespace jkp::control
