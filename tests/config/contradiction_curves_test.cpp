// SPDX-License-Identifier: MIT
// Contradictions of the curves and the temperature tables: values that are each in range. One row each.
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

class CurveContradictions : public ::testing::TestWithParam<Row> {};

TEST_P(CurveContradictions, AreToldInOneLineThatNamesBothKeys) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Curves, CurveContradictions,
    ::testing::Values(
        Row{"TheChargeCurveRises",
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 0.5], [3.4, 1], [3.5, 0]]\n",
            "site.toml:6: control.curves.charge_by_highest = [...]: the charge limit must not "
            "rise with the voltage of the highest cell"},
        Row{"TheChargeCurveDoesNotEndAtZero",
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.5, 0.1]]\n",
            "site.toml:6: control.curves.charge_by_highest = [...]: the charge limit must reach "
            "0 at the last voltage"},
        Row{"TheChargeCurveEndsAboveTheHardStop",
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.6, 0]]\n",
            "site.toml:6: control.curves.charge_by_highest = [...]: "
            "control.curves.charge_by_highest reaches 0 at 3.6 V only: must be at most "
            "control.cells.hard_stop_v (3.55 V)"},
        Row{"TheHardStopIsLoweredBelowTheChargeCurve",
            "[control.cells]\n"
            "hard_stop_v = 3.49\n"
            "[control.phase]\n"
            "end_certain_v = 3.48\n",
            "site.toml:6: control.cells.hard_stop_v = 3.49: control.curves.charge_by_highest "
            "reaches 0 at 3.5 V only: must be at most control.cells.hard_stop_v (3.49 V)"},
        Row{"AbsorbIsAboveTheEndOfTheChargeCurve",
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.43, 0]]\n",
            "site.toml:6: control.curves.charge_by_highest = [...]: control.phase.absorb_v (3.44 "
            "V) must be below 3.43 V, where control.curves.charge_by_highest reaches 0: the "
            "battery would never be full"},
        Row{"AbsorbIsAboveTheLastStep",
            "[control.curves]\n"
            "charge_by_highest = { below_a = 60, steps_a = [[3.43, 0]] }\n",
            "site.toml:6: control.curves.charge_by_highest = {...}: control.phase.absorb_v (3.44 "
            "V) must be at most 3.43 V, where control.curves.charge_by_highest reaches 0: the "
            "battery would never be full"},
        Row{"AbsorbIsWhereTheLinearChargeCurveIsZero",
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.44, 0]]\n",
            "site.toml:6: control.curves.charge_by_highest = [...]: control.phase.absorb_v (3.44 "
            "V) must be below 3.44 V, where control.curves.charge_by_highest reaches 0: the "
            "battery would never be full"},
        Row{"TheTailIsWatchedAboveTheEndOfTheChargeCurve",
            "[control.phase]\n"
            "absorb_v = 3.4\n"
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.41, 0]]\n",
            "site.toml:8: control.curves.charge_by_highest = [...]: control.phase.end_highest_v "
            "(3.42 V) must be below 3.41 V, where control.curves.charge_by_highest reaches 0: "
            "the battery would never be full"},
        Row{"TheRestVoltageIsAboveTheEndOfTheChargeCurve",
            "[control.phase]\n"
            "absorb_v = 3.36\n"
            "end_highest_v = 3.36\n"
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.37, 0]]\n"
            "[control.voltage]\n"
            "float_per_cell_v = 3.34\n",
            "site.toml:9: control.curves.charge_by_highest = [...]: control.phase.end_v (3.37 V) "
            "must be below 3.37 V, where control.curves.charge_by_highest reaches 0: the battery "
            "would never be full"},
        Row{"TheRefillCurveFalls",
            "[control.curves]\n"
            "charge_by_lowest = [[2.8, 1], [3.0, 0]]\n",
            "site.toml:6: control.curves.charge_by_lowest = [...]: the charge limit must not "
            "fall with the voltage of the lowest cell"},
        Row{"TheRefillCurveIsZeroAboveTheLockout",
            "[control.curves]\n"
            "charge_by_lowest = [[2.8, 0], [3.0, 1]]\n",
            "site.toml:6: control.curves.charge_by_lowest = [...]: "
            "control.curves.charge_by_lowest is 0 up to 2.8 V: must be at most "
            "control.cells.charge_lockout_v (2.7 V), or a cell between the two can neither be "
            "charged nor released"},
        Row{"TheRefillStepsBeginAboveTheLockout",
            "[control.curves]\n"
            "charge_by_lowest = { below_a = 0, steps_a = [[2.75, 30]] }\n",
            "site.toml:6: control.curves.charge_by_lowest = {...}: "
            "control.curves.charge_by_lowest is 0 up to 2.75 V: must be at most "
            "control.cells.charge_lockout_v (2.7 V), or a cell between the two can neither be "
            "charged nor released"},
        Row{"TheDischargeCurveFalls",
            "[control.curves]\n"
            "discharge_by_lowest = [[2.8, 0], [3.0, 1], [3.2, 0.5]]\n",
            "site.toml:6: control.curves.discharge_by_lowest = [...]: the discharge limit must "
            "not fall with the voltage of the lowest cell"},
        Row{"TheDischargeCurveDoesNotBeginAtZero",
            "[control.curves]\n"
            "discharge_by_lowest = [[2.8, 0.1], [3.0, 1]]\n",
            "site.toml:6: control.curves.discharge_by_lowest = [...]: the discharge limit must "
            "be 0 at the first voltage"},
        Row{"TheDischargeCurveEndsBelowTheLowFault",
            "[control.curves]\n"
            "discharge_by_lowest = [[2.4, 0], [3.0, 1]]\n",
            "site.toml:6: control.curves.discharge_by_lowest = [...]: "
            "control.curves.discharge_by_lowest is 0 below 2.4 V only: must be at least "
            "control.cells.critical_low_v (2.5 V)"},
        Row{"TheDischargeStepsEndBelowTheLowFault",
            "[control.curves]\n"
            "discharge_by_lowest = { below_a = 0, steps_a = [[2.4, 9]] }\n",
            "site.toml:6: control.curves.discharge_by_lowest = {...}: "
            "control.curves.discharge_by_lowest is 0 below 2.4 V only: must be at least "
            "control.cells.critical_low_v (2.5 V)"},
        Row{"TheDischargeCurveEndsBelowTheDischargeVoltage",
            "[control.curves]\n"
            "discharge_by_lowest = [[2.7, 0], [3.0, 1]]\n",
            "site.toml:6: control.curves.discharge_by_lowest = [...]: "
            "control.voltage.discharge_per_cell_v (2.8 V) must be at most 2.7 V, down to where "
            "control.curves.discharge_by_lowest allows current"},
        Row{"TheChargeLimitMayRiseAboveTheHardStop",
            "[control.curves]\n"
            "charge_rise_highest_below_v = 3.58\n",
            "site.toml:6: control.curves.charge_rise_highest_below_v = 3.58: "
            "control.curves.charge_rise_highest_below_v (3.58 V) must be at most "
            "control.cells.hard_stop_v (3.55 V)"},
        Row{"TheDischargeLimitRisesOnlyWhereItIsZero",
            "[control.curves]\n"
            "discharge_rise_highest_below_v = 2.95\n",
            "site.toml:6: control.curves.discharge_rise_highest_below_v = 2.95: "
            "control.curves.discharge_rise_highest_below_v (2.95 V) must be above 3 V, up to "
            "where control.curves.discharge_by_lowest is 0, or the limit never rises again"},
        Row{"TheCompensatedTargetIsAboveTheFence",
            "[control.resistance]\n"
            "compensate = true\n"
            "target_v = 3.5\n"
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.47, 0]]\n",
            "site.toml:9: control.curves.charge_by_highest = [...]: control.resistance.target_v "
            "(3.5 V) must be at most 3.49 V, where control.curves.charge_by_highest reaches 0 "
            "with control.resistance.fence_shift_v (0.02 V)"},
        Row{"TheCompensatedTargetIsAtTheHardStop",
            "[control.resistance]\n"
            "compensate = true\n"
            "target_v = 3.5\n"
            "[control.cells]\n"
            "hard_stop_v = 3.5\n"
            "[control.phase]\n"
            "end_certain_v = 3.49\n",
            "site.toml:9: control.cells.hard_stop_v = 3.5: control.resistance.target_v (3.5 V) "
            "must be below control.cells.hard_stop_v (3.5 V)"},
        Row{"AbsorbIsAboveTheCompensatedTarget",
            "[control.resistance]\n"
            "compensate = true\n"
            "target_v = 3.43\n",
            "site.toml:7: control.resistance.target_v = 3.43: control.phase.absorb_v (3.44 V) "
            "must be at most control.resistance.target_v (3.43 V), or the battery is never found "
            "full"},
        Row{"TheTailIsWatchedAboveTheCompensatedTarget",
            "[control.resistance]\n"
            "compensate = true\n"
            "target_v = 3.41\n"
            "[control.phase]\n"
            "absorb_v = 3.41\n",
            "site.toml:7: control.resistance.target_v = 3.41: control.phase.end_highest_v (3.42 "
            "V) must be at most control.resistance.target_v (3.41 V), or the battery is never "
            "found full"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Temperatures, CurveContradictions,
    ::testing::Values(
        Row{"ChargingIsAllowedBelowFreezing",
            "[control.temperature]\n"
            "charge = [[-10, 0], [10, 1], [45, 0]]\n",
            "site.toml:6: control.temperature.charge = [...]: the charge limit must be 0 below 0 "
            "°C"},
        Row{"TheChargeTableDoesNotEndAtZero",
            "[control.temperature]\n"
            "charge = [[0, 0], [10, 1]]\n",
            "site.toml:6: control.temperature.charge = [...]: the limit must reach 0 at the last "
            "temperature"},
        Row{"TheChargeTableRisesTwice",
            "[control.temperature]\n"
            "charge = [[0, 0], [10, 1], [20, 0.5], [30, 1], [50, 0]]\n",
            "site.toml:6: control.temperature.charge = [...]: the limit must not rise again "
            "after it has fallen"},
        Row{"TheChargeTableIsZeroEverywhere",
            "[control.temperature]\n"
            "charge = [[0, 0], [50, 0]]\n",
            "site.toml:6: control.temperature.charge = [...]: the limit must not be 0 at every "
            "temperature"},
        Row{"TheDischargeTableDoesNotEndAtZero",
            "[control.temperature]\n"
            "discharge = [[0, 0], [10, 1]]\n",
            "site.toml:6: control.temperature.discharge = [...]: the limit must reach 0 at the "
            "last temperature"},
        Row{"TheDischargeTableRisesTwice",
            "[control.temperature]\n"
            "discharge = [[-10, 0], [0, 1], [20, 0.5], [30, 1], [50, 0]]\n",
            "site.toml:6: control.temperature.discharge = [...]: the limit must not rise again "
            "after it has fallen"},
        Row{"TheDischargeTableIsZeroEverywhere",
            "[control.temperature]\n"
            "discharge = [[0, 0], [50, 0]]\n",
            "site.toml:6: control.temperature.discharge = [...]: the limit must not be 0 at "
            "every temperature"},
        Row{"TheTransistorTableRises",
            "[control.temperature]\n"
            "mosfet = [[60, 0.5], [70, 1], [90, 0]]\n",
            "site.toml:6: control.temperature.mosfet = [...]: the limit must not rise with the "
            "temperature"},
        Row{"TheTransistorTableDoesNotEndAtZero",
            "[control.temperature]\n"
            "mosfet = [[60, 0.5], [70, 0.2]]\n",
            "site.toml:6: control.temperature.mosfet = [...]: the limit must reach 0 at the last "
            "temperature"},
        Row{"AHotTransistorCountsAsABrokenProbe",
            "[control.validation]\n"
            "temperature_max_c = 85\n",
            "site.toml:6: control.validation.temperature_max_c = 85: "
            "control.validation.temperature_max_c (85 °C) must be at least 90 °C, where "
            "control.temperature.mosfet reaches 0, or a probe there counts as broken"},
        Row{"AColdBatteryCountsAsABrokenProbe",
            "[control.validation]\n"
            "temperature_min_c = -10\n",
            "site.toml:6: control.validation.temperature_min_c = -10: "
            "control.validation.temperature_min_c (-10 °C) must be at most -15 °C, where "
            "control.temperature.discharge reaches 0, or a probe there counts as broken"},
        Row{"RecoveryIsTooHotToCharge",
            "[control.cells]\n"
            "recovery_temperature_c = 30\n"
            "[control.temperature]\n"
            "charge = [[0, 0], [10, 1], [25, 0]]\n",
            "site.toml:8: control.temperature.charge = [...]: at "
            "control.cells.recovery_temperature_c (30 °C) control.temperature.charge must allow "
            "current, or a recovery begins that cannot charge"}),
    name_of);

}  // namespace
}  // namespace jkp::config::testing
