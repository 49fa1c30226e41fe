// SPDX-License-Identifier: MIT
// The voltages of one pack after the BMS's own over-voltage protection (OVP) has been respected: all our
// levers must act before the BMS opens its MOS. Only ever lower than configured.
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
    bool operator==(const Thresholds&) const = default;
};

Thresholds thresholds(const Config& config, std::optional<Millivolts> bms_over_voltage);

}  // namespace jkp::control
