// SPDX-License-Identifier: MIT
// The other inverter of the house with a battery of its own: nobody tells it limits, it does its own
// self-use, and it can be read. Power and current of its battery: + charge.
#pragma once

#include "core/site.hpp"
#include "sim/self_use.hpp"

namespace jkp::sim {

struct SecondInverterSpec {
    SelfUseSpec self_use;
    WattHours capacity{10'000};
    Permille soc{500};
    Permille empty_at{100};  // discharges down to here
    Watts max_charge{3'600};
    Watts max_discharge{3'600};
    Permille efficiency{960};     // of one direction
    Permille sun_share{0};        // of the sun is on its own DC side
    bool charges_from_ac = true;  // else only from its own sun
    Millivolts nominal_voltage{51'200};
};

class SecondInverter {
  public:
    explicit SecondInverter(const SecondInverterSpec& spec);

    // One step with the grid power its meter shows, and the sun of the whole site.
    void step(double seen_w, double sun_w, double dt_s);

    [[nodiscard]] double battery_w() const { return battery_w_; }
    [[nodiscard]] double ac_w() const;  // what it takes from the AC side for its battery
    [[nodiscard]] double soc() const { return soc_; }
    // What its own display would show.
    [[nodiscard]] PeerReading reading() const;
    // A battery power as by a timetable or an app of the maker; nothing = self-use.
    void force(std::optional<Watts> power) { forced_ = power; }

    SecondInverterSpec spec;  // may be changed at run time, apart from capacity and SOC
    SelfUse self_use;

  private:
    [[nodiscard]] PowerRange range(double sun_w) const;
    [[nodiscard]] double volts() const;

    double soc_;
    double battery_w_ = 0.0;
    std::optional<Watts> forced_;
};

// The AC side of a battery power: charging costs more, discharging gives less.
constexpr double ac_side(double battery_w, Permille efficiency) {
    const double share = efficiency.count() / 1000.0;
    return battery_w > 0.0 ? battery_w / share : battery_w * share;
}

}  // namespace jkp::sim
