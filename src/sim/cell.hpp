// SPDX-License-Identifier: MIT
// One cell: resting voltage, a resistance and two slow polarisations. Volts, amperes, seconds; + charges.
#pragma once

namespace jkp::sim {

struct CellSpec {
    double capacity_ah = 100.0;
    double soc = 0.5;
    double resistance = 1.0;  // factor on the resistances of a 100 Ah cell, scaled by 100 / capacity
};

class Cell {
  public:
    explicit Cell(const CellSpec& spec) : spec_(spec), soc_(spec.soc) {}

    void step(double dt_s, double amps);
    // What a balancer moves: charge, but no current that the voltage would show.
    void move_charge(double amp_seconds) { soc_ += amp_seconds / 3600.0 / spec_.capacity_ah; }
    [[nodiscard]] double volts() const;  // with the current of the last step
    [[nodiscard]] double soc() const { return soc_; }
    [[nodiscard]] double capacity_ah() const { return spec_.capacity_ah; }
    [[nodiscard]] double ohms() const;  // of the part that follows the current at once

  private:
    CellSpec spec_;
    double soc_;
    double amps_ = 0.0;
    double fast_v_ = 0.0;
    double slow_v_ = 0.0;
};

}  // namespace jkp::sim
