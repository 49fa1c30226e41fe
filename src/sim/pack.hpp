// SPDX-License-Identifier: MIT
// A battery pack and its BMS: cells, balancer, heat, protections that open the MOS switches, and the reading
// the BMS would report. Deterministic: the seed decides the spread of the cells and the noise.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/pack.hpp"
#include "core/time.hpp"
#include "sim/cell.hpp"
#include "sim/trip.hpp"

namespace jkp::sim {

struct PackSpec {
    unsigned cells = 16;
    MilliampHours capacity{100'000};
    Permille soc{500};
    Permille soc_spread{0};           // cells lie within +- this
    Permille capacity_spread{0};      // cells lie within +- this
    Permille resistance_spread{500};  // factors lie in 1 .. 1 + this
    Decicelsius ambient{250};
    bool noise = false;  // +-1 mV per cell, +-0.4 A, gain error up to 0.5 %
    std::uint64_t seed = 1;
    Millivolts cell_over_voltage{3650};
    Millivolts cell_over_voltage_recovery{3550};
    Millivolts cell_under_voltage{2500};
    Millivolts cell_under_voltage_recovery{2650};
    Milliamps charge_over_current{100'000};
    Milliamps discharge_over_current{150'000};
    Milliamps balance_current{1'000};
    std::int32_t wiring_micro_ohm = 1'000;   // MOS switches, shunt and cables up to the busbar
    std::optional<Permille> current_gain{};  // what the BMS reads of 1000; absent: by seed when `noise`
    // Absent: the reported SOC is the true one. Else the BMS counts its own current from here, wrong by this.
    std::optional<Permille> soc_error{};
};

class Pack {
  public:
    explicit Pack(const PackSpec& spec);

    // Lets `dt` pass with the current that the rest of the system asks for; returns what flows (0 when the
    // switch of that direction is open).
    Milliamps step(Duration dt, Milliamps requested);

    [[nodiscard]] PackReading reading(TimePoint now) const;
    [[nodiscard]] Millivolts cell(std::size_t i) const;  // true voltage, or the forced one
    [[nodiscard]] double true_soc(std::size_t i) const { return cells_.at(i).soc(); }
    [[nodiscard]] double mean_soc() const;
    [[nodiscard]] std::size_t cells() const { return cells_.size(); }
    [[nodiscard]] const PackSpec& spec() const { return spec_; }
    [[nodiscard]] std::size_t highest() const { return highest_; }
    [[nodiscard]] std::size_t lowest() const { return lowest_; }
    // Between the terminals: what they show without current, and what a current adds to it at once.
    [[nodiscard]] double emf() const;
    [[nodiscard]] double ohms() const { return ohms_; }
    [[nodiscard]] Milliamps current() const;  // true one, of the last step
    [[nodiscard]] bool charge_mos() const;
    [[nodiscard]] bool discharge_mos() const;

    // Replaces what the BMS measures until given nothing; protections act on it.
    void force_cell(std::size_t i, std::optional<Millivolts> value);
    void force_temperature(Probe probe, std::optional<Decicelsius> value) {
        forced_.temperatures[probe] = value;
    }
    // The user's switches of the BMS: an open one opens the MOS of that direction.
    void switch_charge(bool on) { charge_switch_ = on; }
    void switch_discharge(bool on) { discharge_switch_ = on; }
    // Replaces what is reported; the physics goes on.
    void force_current(std::optional<Milliamps> value) { forced_.current = value; }
    void force_soc(std::optional<Permille> value) { forced_.soc = value; }
    void force_alarms(std::optional<PackAlarms> value) { forced_.alarms = value; }

  private:
    struct Forced {
        std::array<std::optional<Millivolts>, max_cells> cells;
        Temperatures temperatures;
        std::optional<Milliamps> current;
        std::optional<Permille> soc;
        std::optional<PackAlarms> alarms;
    };
    struct Protections {
        Trip over_voltage, under_voltage, charge_current, discharge_current;
        Trip hot, cold, mosfet_hot;
    };

    [[nodiscard]] double allowed(double amps) const;
    void step_once(double dt_s, double amps);
    void balance(double dt_s);
    void heat(double dt_s, double amps);
    void protect(double dt_s, double wanted);
    void measure();
    void count(double dt_s);
    [[nodiscard]] double gain() const;
    [[nodiscard]] double reported_soc() const;
    [[nodiscard]] double battery_celsius() const;
    [[nodiscard]] double mosfet_celsius() const;
    [[nodiscard]] PackAlarms alarms() const;
    [[nodiscard]] Milliamps measured_current(TimePoint now) const;
    [[nodiscard]] Temperatures temperatures() const;

    PackSpec spec_;
    std::vector<Cell> cells_;
    Forced forced_;
    Protections trips_;
    std::array<Millivolts, max_cells> shown_{};  // what the BMS measures, before its noise
    std::size_t highest_ = 0;
    std::size_t lowest_ = 0;
    double ohms_;
    double counted_soc_ = 0.0;
    double amps_ = 0.0;
    double celsius_;
    double mosfet_rise_ = 0.0;  // above the cells
    double throughput_ah_ = 0.0;
    bool balancing_ = false;
    bool charge_switch_ = true;
    bool discharge_switch_ = true;
};

}  // namespace jkp::sim
