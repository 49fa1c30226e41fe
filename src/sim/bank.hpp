// SPDX-License-Identifier: MIT
// Packs in parallel on one busbar. The requested current divides by voltages and resistances; packs at
// different voltages equalise through the busbar. An open MOS switch leaves its pack the other direction.
#pragma once

#include <vector>

#include "core/time.hpp"
#include "sim/pack.hpp"

namespace jkp::sim {

// A pack as the busbar sees it: a voltage behind a resistance, and what its switches let through.
struct Branch {
    double emf = 0.0;
    double ohms = 1.0;
    bool charges = true;
    bool discharges = true;
};

// Amperes of each branch, + charge, and the voltage of the busbar.
struct Sharing {
    std::vector<double> amps;
    double volts = 0.0;
};

// Solves the circuit into `result`; what no branch can take does not flow. Allocates only when `result`
// grows.
void share_current(const std::vector<Branch>& branches, double requested, Sharing& result);

class Bank {
  public:
    explicit Bank(const std::vector<PackSpec>& specs);

    // Lets `dt` pass; returns the mean current that flowed.
    Milliamps step(Duration dt, Milliamps requested);

    [[nodiscard]] std::size_t size() const { return packs_.size(); }
    [[nodiscard]] Pack& pack(std::size_t i) { return packs_.at(i); }
    [[nodiscard]] const Pack& pack(std::size_t i) const { return packs_.at(i); }
    [[nodiscard]] Millivolts voltage() const;  // of the busbar, with the current of the last step
    [[nodiscard]] Milliamps current() const;   // sum of the packs, of the last step

  private:
    void step_once(Duration dt, double requested);

    std::vector<Pack> packs_;
    std::vector<Branch> branches_;
    Sharing sharing_;
};

}  // namespace jkp::sim
