// SPDX-License-Identifier: MIT
// What a control step decided, with every cause. The only thing the encoder, the dashboard and the log see.
#pragma once

#include "control/age.hpp"
#include "control/bank.hpp"
#include "control/bound.hpp"
#include "control/coordination.hpp"
#include "control/event.hpp"
#include "control/phase.hpp"
#include "core/battery_flag.hpp"

namespace jkp::control {

// Where a limit is on its way to, and how long it still has to wait before it may rise.
struct Rise {
    Milliamps target;
    Duration wait{};
    bool operator==(const Rise&) const = default;
};

struct Decision {
    TimePoint at{};
    bool complete = false;                      // every pack has given a complete valid reading (rule S5)
    bool transmit = false;                      // frames may be put on the bus
    ChargeBound charge;                         // CCL, with the winning cause
    DischargeBound discharge;                   // DCL
    Bounds<Direction::charge> charge_limiters;  // all limiters of now, as far as they fit
    Bounds<Direction::discharge> discharge_limiters;
    Rise charge_rise;
    Rise discharge_rise;
    Millivolts charge_voltage;     // CVL
    Millivolts discharge_voltage;  // DVL
    Permille soc;
    Permille soh;
    Millivolts voltage;
    Milliamps current;  // 0 once the data is too old
    Decicelsius temperature;
    BatteryFlags protections;
    BatteryFlags alarms;
    std::uint8_t modules = 1;
    bool charge_enable = false;
    bool discharge_enable = false;
    bool force_charge_1 = false;
    bool force_charge_2 = false;
    bool full_charge = false;
    Phase phase = Phase::init;
    AgeStage age_stage = AgeStage::fresh;
    Duration age{};  // of the oldest pack's data
    CellExtreme highest;
    std::uint8_t highest_pack = 0;
    CellExtreme lowest;
    std::uint8_t lowest_pack = 0;
    SiteDecision site;
    Events events;
    bool operator==(const Decision&) const = default;
};

}  // namespace jkp::control
