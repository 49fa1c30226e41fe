// SPDX-License-Identifier: MIT
// Contradictions of the stops, the voltages and the phases: values that are each in range. One row each.
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

class CellContradictions : public ::testing::TestWithParam<Row> {};

TEST_P(CellContradictions, AreToldInOneLineThatNamesBothKeys) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Stops, CellContradictions,
    ::testing::Values(
        Row{"TheHardStopIsAboveTheLatch",
            "[control.cells]\n"
            "hard_stop_v = 3.62\n",
            "site.toml:6: control.cells.hard_stop_v = 3.62: control.cells.hard_stop_v (3.62 V) "
            "must be below control.cells.latch_v (3.6 V)"},
        Row{"TheLatchIsAtTheCriticalVoltage",
            "[control.cells]\n"
            "latch_v = 3.65\n",
            "site.toml:6: control.cells.latch_v = 3.65: control.cells.latch_v (3.65 V) must be "
            "below control.cells.critical_high_v (3.65 V)"},
        Row{"TheCriticalVoltageIsRefusedAsImpossible",
            "[control.cells]\n"
            "critical_high_v = 3.8\n"
            "[control.validation]\n"
            "cell_max_v = 3.8\n",
            "site.toml:8: control.validation.cell_max_v = 3.8: control.cells.critical_high_v "
            "(3.8 V) must be below control.validation.cell_max_v (3.8 V), or the reading is "
            "refused before it is a fault"},
        Row{"TheLatchIsReleasedAboveTheHardStop",
            "[control.cells]\n"
            "latch_release_v = 3.56\n",
            "site.toml:6: control.cells.latch_release_v = 3.56: control.cells.latch_release_v "
            "(3.56 V) must be below control.cells.hard_stop_v (3.55 V)"},
        Row{"TheLowFaultIsAboveTheLockout",
            "[control.cells]\n"
            "critical_low_v = 2.71\n",
            "site.toml:6: control.cells.critical_low_v = 2.71: control.cells.critical_low_v "
            "(2.71 V) must be below control.cells.charge_lockout_v (2.7 V)"},
        Row{"TheLowFaultIsRefusedAsImpossible",
            "[control.cells]\n"
            "critical_low_v = 2\n"
            "recovery_floor_v = 2.2\n"
            "[control.validation]\n"
            "cell_min_v = 2\n",
            "site.toml:9: control.validation.cell_min_v = 2: control.validation.cell_min_v (2 V) "
            "must be below control.cells.critical_low_v (2 V), or the reading is refused before "
            "it is a fault"},
        Row{"TheLowFaultIsAboveEmpty",
            "[control.soc]\n"
            "empty_v = 2.6\n"
            "[control.cells]\n"
            "critical_low_v = 2.65\n",
            "site.toml:8: control.cells.critical_low_v = 2.65: control.cells.critical_low_v "
            "(2.65 V) must be below control.soc.empty_v (2.6 V)"},
        Row{"RecoveryNeedsMoreThanTheLockout",
            "[control.cells]\n"
            "recovery_floor_v = 2.5\n"
            "charge_lockout_v = 2.4\n"
            "critical_low_v = 2.3\n",
            "site.toml:7: control.cells.charge_lockout_v = 2.4: control.cells.recovery_floor_v "
            "(2.5 V) must be below control.cells.charge_lockout_v (2.4 V)"},
        Row{"TheRecoveryFloorIsRefusedAsImpossible",
            "[control.validation]\n"
            "cell_min_v = 2\n",
            "site.toml:6: control.validation.cell_min_v = 2: control.validation.cell_min_v (2 V) "
            "must be below control.cells.recovery_floor_v (2 V)"},
        Row{"RecoveryMayRiseLongerThanItLasts",
            "[control.cells]\n"
            "recovery_time_h = 0.5\n"
            "recovery_rise_min = 31\n",
            "site.toml:7: control.cells.recovery_rise_min = 31: control.cells.recovery_rise_min "
            "(31 min) must be at most control.cells.recovery_time_h (0.5 h)"},
        Row{"RecoveryIsTooColdToCharge",
            "[control.cells]\n"
            "recovery_temperature_c = 0\n",
            "site.toml:6: control.cells.recovery_temperature_c = 0: at "
            "control.cells.recovery_temperature_c (0 °C) control.temperature.charge must allow "
            "current, or a recovery begins that cannot charge"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Voltages, CellContradictions,
    ::testing::Values(
        Row{"TheChargeVoltageIsAboveTheHardStop",
            "[control.voltage]\n"
            "charge_per_cell_v = 3.56\n",
            "site.toml:6: control.voltage.charge_per_cell_v = 3.56: "
            "control.voltage.charge_per_cell_v (3.56 V) must be below control.cells.hard_stop_v "
            "(3.55 V)"},
        Row{"TheCautiousChargeVoltageIsTheHigherOne",
            "[control.voltage]\n"
            "charge_per_cell_unknown_ovp_v = 3.5\n",
            "site.toml:6: control.voltage.charge_per_cell_unknown_ovp_v = 3.5: "
            "control.voltage.charge_per_cell_unknown_ovp_v (3.5 V) must be at most "
            "control.voltage.charge_per_cell_v (3.45 V)"},
        Row{"FloatIsNotBelowTheChargeVoltage",
            "[control.voltage]\n"
            "float_per_cell_v = 3.45\n",
            "site.toml:6: control.voltage.float_per_cell_v = 3.45: "
            "control.voltage.float_per_cell_v (3.45 V) must be below "
            "control.voltage.charge_per_cell_v (3.45 V)"},
        Row{"FloatIsAboveAbsorb",
            "[control.voltage]\n"
            "float_per_cell_v = 3.42\n"
            "[control.phase]\n"
            "absorb_v = 3.41\n",
            "site.toml:8: control.phase.absorb_v = 3.41: control.voltage.float_per_cell_v (3.42 "
            "V) must be at most control.phase.absorb_v (3.41 V)"},
        Row{"TheDischargeVoltageIsNotBelowFloat",
            "[control.voltage]\n"
            "discharge_per_cell_v = 3.2\n"
            "float_per_cell_v = 3.2\n"
            "[control.phase]\n"
            "rebulk_v = 3.1\n"
            "[control.curves]\n"
            "discharge_by_lowest = [[3.2, 0], [3.3, 1]]\n"
            "[control.soc]\n"
            "empty_v = 3.2\n",
            "site.toml:7: control.voltage.float_per_cell_v = 3.2: "
            "control.voltage.discharge_per_cell_v (3.2 V) must be below "
            "control.voltage.float_per_cell_v (3.2 V)"},
        Row{"TheDischargeVoltageIsNotBelowTheCautiousChargeVoltage",
            "[control.voltage]\n"
            "discharge_per_cell_v = 3.2\n"
            "charge_per_cell_unknown_ovp_v = 3.2\n"
            "[control.curves]\n"
            "discharge_by_lowest = [[3.2, 0], [3.3, 1]]\n"
            "[control.soc]\n"
            "empty_v = 3.2\n",
            "site.toml:7: control.voltage.charge_per_cell_unknown_ovp_v = 3.2: "
            "control.voltage.discharge_per_cell_v (3.2 V) must be below "
            "control.voltage.charge_per_cell_unknown_ovp_v (3.2 V)"},
        Row{"TheLockoutIsAboveTheDischargeVoltage",
            "[control.cells]\n"
            "charge_lockout_v = 2.9\n",
            "site.toml:6: control.cells.charge_lockout_v = 2.9: control.cells.charge_lockout_v "
            "(2.9 V) must be at most control.voltage.discharge_per_cell_v (2.8 V)"},
        Row{"TheDischargeVoltageIsAboveTheEndOfTheDischargeCurve",
            "[control.voltage]\n"
            "discharge_per_cell_v = 3.05\n",
            "site.toml:6: control.voltage.discharge_per_cell_v = 3.05: "
            "control.voltage.discharge_per_cell_v (3.05 V) must be at most 3 V, down to where "
            "control.curves.discharge_by_lowest allows current"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Phases, CellContradictions,
    ::testing::Values(
        Row{"AbsorbIsAboveTheChargeVoltage",
            "[control.voltage]\n"
            "charge_per_cell_v = 3.43\n",
            "site.toml:6: control.voltage.charge_per_cell_v = 3.43: control.phase.absorb_v (3.44 "
            "V) must be at most control.voltage.charge_per_cell_v (3.43 V), or the battery is "
            "never found full"},
        Row{"TheTailIsWatchedAboveTheChargeVoltage",
            "[control.phase]\n"
            "end_highest_v = 3.46\n",
            "site.toml:6: control.phase.end_highest_v = 3.46: control.phase.end_highest_v (3.46 "
            "V) must be at most control.voltage.charge_per_cell_v (3.45 V), or the battery is "
            "never found full"},
        Row{"TheRestVoltageIsAboveTheChargeVoltage",
            "[control.phase]\n"
            "end_v = 3.46\n",
            "site.toml:6: control.phase.end_v = 3.46: control.phase.end_v (3.46 V) must be at "
            "most control.voltage.charge_per_cell_v (3.45 V), or the battery is never found full"},
        Row{"AbsorbIsAboveTheCertainEnd",
            "[control.phase]\n"
            "end_certain_v = 3.43\n",
            "site.toml:6: control.phase.end_certain_v = 3.43: control.phase.absorb_v (3.44 V) "
            "must be at most control.phase.end_certain_v (3.43 V)"},
        Row{"TheTailIsWatchedAboveTheCertainEnd",
            "[control.phase]\n"
            "end_certain_v = 3.41\n"
            "absorb_v = 3.41\n",
            "site.toml:6: control.phase.end_certain_v = 3.41: control.phase.end_highest_v (3.42 "
            "V) must be at most control.phase.end_certain_v (3.41 V)"},
        Row{"TheCertainEndIsAtTheHardStop",
            "[control.phase]\n"
            "end_certain_v = 3.55\n",
            "site.toml:6: control.phase.end_certain_v = 3.55: control.phase.end_certain_v (3.55 "
            "V) must be below control.cells.hard_stop_v (3.55 V)"},
        Row{"TheRestVoltageIsAboveTheReference",
            "[control.phase]\n"
            "end_v = 3.42\n"
            "end_reference_v = 3.41\n",
            "site.toml:7: control.phase.end_reference_v = 3.41: control.phase.end_v (3.42 V) "
            "must be below control.phase.end_reference_v (3.41 V)"},
        Row{"TheTailTakesLongerThanAbsorb",
            "[control.phase]\n"
            "absorb_max_min = 5\n"
            "end_time_s = 300\n",
            "site.toml:7: control.phase.end_time_s = 300: control.phase.end_time_s (300 s) must "
            "be below control.phase.absorb_max_min (5 min), or the battery is never found full"},
        Row{"RebulkIsAboveAbsorb",
            "[control.phase]\n"
            "absorb_v = 3.35\n"
            "rebulk_v = 3.36\n",
            "site.toml:7: control.phase.rebulk_v = 3.36: control.phase.rebulk_v (3.36 V) must be "
            "below control.phase.absorb_v (3.35 V)"},
        Row{"RebulkIsAboveFloat",
            "[control.phase]\n"
            "rebulk_v = 3.36\n",
            "site.toml:6: control.phase.rebulk_v = 3.36: control.phase.rebulk_v (3.36 V) must be "
            "below control.voltage.float_per_cell_v (3.35 V), or charging begins again while the "
            "battery floats"},
        Row{"RebulkComesAfterFullIsOverdue",
            "[control.phase]\n"
            "rebulk_interval_days = 40\n",
            "site.toml:6: control.phase.rebulk_interval_days = 40: "
            "control.phase.rebulk_interval_days (40 days) must be at most "
            "control.phase.full_overdue_days (30 days)"}),
    name_of);

}  // namespace
}  // namespace jkp::config::testing
