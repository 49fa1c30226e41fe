// SPDX-License-Identifier: MIT
// The whole house at its grid connection: sun and loads, our battery and inverter as power only, the second
// inverter, and the balance that the meter sees. One truth in watts drives everything. Steps of 100 ms.
// Signs: grid + = export, batteries + = charge.
#pragma once

#include <functional>

#include "sim/second_inverter.hpp"
#include "sim/self_use.hpp"
#include "sim/sun_house.hpp"

namespace jkp::sim {

struct SiteSpec {
    SelfUseSpec first;               // how our inverter looks after the meter
    Permille first_efficiency{950};  // of one direction
    SecondInverterSpec second;
};

// Our inverter as the house sees it: what its battery does, and what the limits it obeys leave it.
struct FirstPower {
    double battery_w = 0.0;
    PowerRange range;
};

// What flows at one instant.
struct Flow {
    double sun_w = 0.0;
    double house_w = 0.0;
    double first_w = 0.0;   // battery, + charge
    double second_w = 0.0;  // battery, + charge
    double grid_w = 0.0;    // + export
};

class Site {
  public:
    static constexpr Duration step_time = GridTrace::step;
    using Source = std::function<SunHouse(TimePoint)>;

    Site(const SiteSpec& spec, Source source, TimePoint start);

    // When the next step is due.
    [[nodiscard]] TimePoint next() const { return next_; }
    // Lets one step pass; `next()` is then later.
    void step(const FirstPower& first);

    // What our inverter wants its battery to do for the meter.
    [[nodiscard]] double wish_w() const { return first_.wanted_w(); }
    [[nodiscard]] const Flow& flow() const { return flow_; }
    // Grid energy since the start, in Ws, + export: a meter's averages are differences of it.
    [[nodiscard]] double exported_ws() const { return exported_ws_; }

    [[nodiscard]] SelfUse& first() { return first_; }
    [[nodiscard]] SecondInverter& second() { return second_; }
    [[nodiscard]] const SecondInverter& second() const { return second_; }
    // Sun and house from now on.
    void supply(Source source) { source_ = std::move(source); }

  private:
    SelfUse first_;
    Permille first_efficiency_;
    SecondInverter second_;
    Source source_;
    TimePoint next_;
    GridTrace trace_;
    Flow flow_;
    double exported_ws_ = 0.0;
};

}  // namespace jkp::sim
