// SPDX-License-Identifier: MIT
// The voltages of one pack after the BMS's own protections have been respected: all our levers must act
// before the BMS opens its MOS. At the top (OVP) only ever lower than configured, at the bottom (UVP) higher.
#pragma once

#include <optional>

#include "control/config.hpp"
#include "core/units.hpp"

namespace jkp::control {

struct Thresholds {
    Millivolts hard_stop;
    Millivolts latch;
    Millivolts latch_release;
    Millivolts lowered_by;       // charge curve, CVL per cell and phase voltages are this much lower
    Millivolts charge_per_cell;  // CVL of one cell
    bool over_voltage_known = false;
    Millivolts raised_by;           // the discharge curve ends this much higher
    Millivolts discharge_per_cell;  // DVL of one cell
    bool operator==(const Thresholds&) const = default;
};

Thresholds thresholds(const Config& config, std::optional<Millivolts> bms_over_voltage,
                      std::optional<Millivolts> bms_under_voltage = {});

}  // namespace jkp::control
