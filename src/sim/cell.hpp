// SPDX-License-Identifier: MIT
// One cell: resting voltage, a resistance and two slow polarisations. Volts, amperes, seconds; + charges.
#pragma once

namespace jkp::sim {

struct CellSpec {
    double capacity_ah = 100.0;
    double soc = 0.5;
    double resistance = 1.0;  // factor on the resistances of a 100 Ah cell, scaled by 100 / capacity
};

// What is left of the polarisations after a time; the same for all cells, so it is computed once for a pack.
struct Decay {
    double fast = 1.0;
    double slow = 1.0;
};
Decay decay(double dt_s);

class Cell {
  public:
    explicit Cell(const CellSpec& spec);

    void step(double dt_s, double amps) { step(dt_s, amps, decay(dt_s)); }
    void step(double dt_s, double amps, const Decay& left);
    // What a balancer moves: charge, but no current that the voltage would show.
    void move_charge(double amp_seconds);
    [[nodiscard]] double volts() const { return emf() + amps_ * ohms_; }  // with the current of the last step
    [[nodiscard]] double emf() const {
        return resting_v_ + fast_v_ + slow_v_;
    }  // without what follows at once
    [[nodiscard]] double soc() const { return soc_; }
    [[nodiscard]] double capacity_ah() const { return capacity_ah_; }
    [[nodiscard]] double ohms() const { return ohms_; }  // of the part that follows the current at once

  private:
    double capacity_ah_;
    double scale_;  // of the resistances of a 100 Ah cell
    double ohms_;
    double soc_;
    double resting_v_;
    double amps_ = 0.0;
    double fast_v_ = 0.0;
    double slow_v_ = 0.0;
};

}  // namespace jkp::sim
