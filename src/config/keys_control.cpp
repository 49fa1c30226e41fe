// SPDX-License-Identifier: MIT
#include "config/keys.hpp"

namespace jkp::config {
namespace {

using control::AgeSettings;
using control::CellCurves;
using control::CellLimits;
using control::Config;
using control::Dynamics;
using control::PhaseSettings;
using control::RiseRule;
using control::SocSettings;
using control::TemperatureCurves;
using control::Validation;
using control::VoltageSettings;

constexpr std::string_view presets[] = {"smooth", "original", "original-strict"};
constexpr std::string_view on_lost[] = {"zero", "silence"};
constexpr std::string_view soc_sources[] = {"bms", "counter"};
constexpr std::string_view top_holds[] = {"none", "original"};

// Choosing a preset replaces all curves; the rows of [control.curves] come later and change single ones.
constexpr ChoiceField<Settings> preset_choice{
    presets, [](const Settings& s) { return static_cast<std::size_t>(s.preset); },
    [](Settings& s, std::size_t index) {
        s.preset = static_cast<control::Preset>(index);
        s.control.curves = control::cell_curves(s.preset);
    }};

template <auto... Path>
constexpr auto rule(Unit unit, double minimum, double maximum) {
    return number<&Settings::control, Path...>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto cells(Unit unit, double minimum, double maximum) {
    return rule<&Config::cells, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto dynamics(Unit unit, double minimum, double maximum) {
    return rule<&Config::dynamics, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto phase(Unit unit, double minimum, double maximum) {
    return rule<&Config::phase, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto voltage(Unit unit, double minimum, double maximum) {
    return rule<&Config::voltage, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto soc(Unit unit, double minimum, double maximum) {
    return rule<&Config::soc, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto age(Unit unit, double minimum, double maximum) {
    return rule<&Config::age, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto validation(Unit unit, double minimum, double maximum) {
    return rule<&Config::validation, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto cell_curve() {
    return curve<&Settings::control, &Config::curves, Member>(volts, 2, 4);
}
template <auto Member>
constexpr auto temperature_curve(double maximum) {
    return curve<&Settings::control, &Config::temperature, Member>(celsius, -40, maximum);
}

template <auto Member>
constexpr auto bank(Unit unit, double minimum, double maximum) {
    return rule<&Config::bank, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto window(Unit unit, double minimum, double maximum) {
    return rule<&Config::soc_window, Member>(unit, minimum, maximum);
}
template <auto Member>
constexpr auto resistance(Unit unit, double minimum, double maximum) {
    return rule<&Config::resistance, Member>(unit, minimum, maximum);
}

const Key<Settings> rows[] = {
    {"bank", "quorum", bank<&control::BankSettings::quorum>(plain, 0, control::max_packs),
     "How many packs must answer for the bank to be used; 0 = all. With fewer than all, a silent pack holds "
     "the "
     "bank to the age rules until its data is as old as zero_s, and is then left out and told."},
    {"bank", "max_charge_a", bank<&control::BankSettings::max_charge>(amps, 1, 3276.7),
     "The most all packs together may be charged with, for a common cable or fuse; without it the sum of the "
     "packs."},
    {"bank", "max_discharge_a", bank<&control::BankSettings::max_discharge>(amps, 1, 3276.7),
     "The most all packs together may be discharged with; without it the sum of the packs."},
    {"bank", "share_margin", bank<&control::BankSettings::share_margin>(share, 1, 2),
     "The measured share of a pack counts this many times; more gives a lower limit when packs share "
     "unevenly."},
    {"bank", "share_window_s", bank<&control::BankSettings::share_window>(seconds_, 10, 600),
     "The time over which the share of a pack is measured; a longer one follows changes later."},
    {"bank", "share_from_c", bank<&control::BankSettings::share_from>(share, 0.01, 0.5),
     "Shares are measured only above this part of the capacity per hour."},

    {"control", "preset", preset_choice,
     "The set of cell curves to start from: smooth tapers gently, the other two are the steps of the earlier "
     "program."},
    {"control", "over_current_share", rule<&Config::over_current_share>(share, 0.1, 1),
     "The part of the over-current setting of the BMS that is used at most."},
    {"control", "cell_resistance_mohm",
     rule<&Config::resistance, &control::ResistanceSettings::micro_ohm>(milliohms, 0.05, 10),
     "The resistance of one cell with its connection at 100 Ah, used to judge the stability of the curves."},

    {"control.soc_window", "minimum_pct",
     rule<&Config::soc_window, &control::SocWindow::range, &control::SocRange::minimum>(percent, 0, 90),
     "Discharging ends at this state of charge; 0 leaves it to the cells."},
    {"control.soc_window", "maximum_pct",
     rule<&Config::soc_window, &control::SocWindow::range, &control::SocRange::maximum>(percent, 10, 100),
     "Charging ends at this state of charge; 100 leaves it to the cells. Below 100 the battery is never "
     "found "
     "full, so its counter drifts."},
    {"control.soc_window", "winter_minimum_pct", window<&control::SocWindow::winter_minimum>(percent, 0, 90),
     "The minimum in the winter months, when the sun may not come back for weeks."},
    {"control.soc_window", "winter_maximum_pct",
     window<&control::SocWindow::winter_maximum>(percent, 10, 100),
     "The maximum in the winter months; a battery in storage ages least at a middle charge."},
    {"control.soc_window", "winter_from_month", window<&control::SocWindow::winter_from>(plain, 1, 12),
     "The first month of the winter."},
    {"control.soc_window", "winter_to_month", window<&control::SocWindow::winter_to>(plain, 1, 12),
     "The last month of the winter. While the date is not known, the narrower borders hold."},
    {"control.soc_window", "taper_pct", window<&control::SocWindow::taper>(percent, 1, 20),
     "Within this distance of a border the current falls steadily to 0."},

    {"control.resistance", "compensate",
     flag<&Settings::control, &Config::resistance, &control::ResistanceSettings::compensate>(),
     "Whether the charge limit allows for the voltage drop over the cell's resistance, once that was "
     "learned; "
     "charges faster near the top, with the curve as a fence behind it."},
    {"control.resistance", "target_v", resistance<&control::ResistanceSettings::target>(volts, 3.35, 3.5),
     "The cell voltage the compensated limit steers to."},
    {"control.resistance", "fence_shift_v",
     resistance<&control::ResistanceSettings::fence_shift>(volts, 0, 0.02),
     "How much higher the charge curve lies while the compensated limit is in use."},
    {"control.resistance", "over_estimate",
     resistance<&control::ResistanceSettings::over_estimate>(share, 1, 5),
     "The learned resistance counts this many times; a larger value is calmer and slower."},
    {"control.resistance", "step_from_c",
     resistance<&control::ResistanceSettings::step_from>(share, 0.01, 0.5),
     "The resistance is learned from changes of the current above this part of the capacity per hour."},
    {"control.resistance", "step_min_a", resistance<&control::ResistanceSettings::step_minimum>(amps, 1, 50),
     "And above this current."},
    {"control.resistance", "steps", resistance<&control::ResistanceSettings::steps>(plain, 4, 64),
     "So many changes are needed before the value is used."},
    {"control.resistance", "confidence",
     resistance<&control::ResistanceSettings::confidence>(share, 0.5, 0.99),
     "The part of the voltage changes that the current must explain."},

    {"control.curves", "charge_by_highest", cell_curve<&CellCurves::charge_by_highest>(),
     "The charge limit by the highest cell; it must not rise with the voltage."},
    {"control.curves", "charge_by_lowest", cell_curve<&CellCurves::charge_by_lowest>(),
     "The charge limit by the lowest cell, for deeply discharged cells; it must not fall with the voltage."},
    {"control.curves", "discharge_by_lowest", cell_curve<&CellCurves::discharge_by_lowest>(),
     "The discharge limit by the lowest cell; it must not fall with the voltage."},
    {"control.curves", "charge_rise_hold_s",
     rule<&Config::curves, &CellCurves::charge_rise, &RiseRule::hold>(seconds_, 0, 86400),
     "How long after its last reduction the charge limit stays down."},
    {"control.curves", "charge_rise_highest_below_v",
     rule<&Config::curves, &CellCurves::charge_rise, &RiseRule::highest_below>(volts, 3, 3.6),
     "The charge limit rises again only while the highest cell is below this."},
    {"control.curves", "charge_rise_soc_above_pct",
     rule<&Config::curves, &CellCurves::charge_rise, &RiseRule::soc_above>(percent, 0, 100),
     "The charge limit rises again only while the state of charge is above this."},
    {"control.curves", "discharge_rise_hold_s",
     rule<&Config::curves, &CellCurves::discharge_rise, &RiseRule::hold>(seconds_, 0, 86400),
     "How long after its last reduction the discharge limit stays down."},
    {"control.curves", "discharge_rise_highest_below_v",
     rule<&Config::curves, &CellCurves::discharge_rise, &RiseRule::highest_below>(volts, 2.5, 3.65),
     "The discharge limit rises again only while the highest cell is below this."},
    {"control.curves", "discharge_rise_soc_above_pct",
     rule<&Config::curves, &CellCurves::discharge_rise, &RiseRule::soc_above>(percent, 0, 100),
     "The discharge limit rises again only while the state of charge is above this."},

    {"control.temperature", "charge", temperature_curve<&TemperatureCurves::charge>(80),
     "The charge limit by battery temperature; lithium iron phosphate must not be charged below 0 °C."},
    {"control.temperature", "discharge", temperature_curve<&TemperatureCurves::discharge>(80),
     "The discharge limit by battery temperature."},
    {"control.temperature", "mosfet", temperature_curve<&TemperatureCurves::mosfet>(120),
     "Both limits by the temperature of the BMS transistors; it must not rise."},

    {"control.cells", "hard_stop_v", cells<&CellLimits::hard_stop>(volts, 3.4, 3.65),
     "No cell shall be above this voltage; at it the inverter is told over-voltage."},
    {"control.cells", "hard_stop_margin_v", cells<&CellLimits::hard_stop_margin>(volts, 0, 0.05),
     "Charging ends this much below hard_stop_v; with 0 the dead time of the inverter lifts a cell above "
     "it."},
    {"control.cells", "latch_v", cells<&CellLimits::latch>(volts, 3.42, 3.7),
     "From this voltage the stop is kept until the cell has been below latch_release_v for latch_release_s."},
    {"control.cells", "latch_release_v", cells<&CellLimits::latch_release>(volts, 3.2, 3.6),
     "The highest cell must be below this to release the stop."},
    {"control.cells", "latch_release_s", cells<&CellLimits::latch_release_time>(seconds_, 10, 3600),
     "And must stay there this long."},
    {"control.cells", "critical_high_v", cells<&CellLimits::critical_high>(volts, 3.5, 3.8),
     "From this voltage both directions are 0 and charging waits for an acknowledgement."},
    {"control.cells", "critical_low_v", cells<&CellLimits::critical_low>(volts, 2, 3),
     "At this voltage discharging ends with a fault."},
    {"control.cells", "charge_lockout_v", cells<&CellLimits::charge_lockout>(volts, 2.3, 2.9),
     "Below this a cell may be damaged: charging waits until a person releases it on this machine."},
    {"control.cells", "recovery_floor_v", cells<&CellLimits::recovery_floor>(volts, 1.5, 2.7),
     "Cells below this are not charged even after the release."},
    {"control.cells", "recovery_rate_share", cells<&CellLimits::recovery_rate>(share, 0.001, 0.1),
     "The recovery current as a part of the capacity per hour."},
    {"control.cells", "recovery_max_a", cells<&CellLimits::recovery_maximum>(amps, 0.1, 20),
     "The recovery current is never above this."},
    {"control.cells", "recovery_time_h", cells<&CellLimits::recovery_time>(hours, 0.5, 24),
     "How long a release is good for."},
    {"control.cells", "recovery_rise_min", cells<&CellLimits::recovery_rise_time>(minutes, 5, 240),
     "Recovery ends when the lowest cell does not rise within this time."},
    {"control.cells", "recovery_temperature_c", cells<&CellLimits::recovery_temperature>(celsius, 0, 30),
     "Recovery needs at least this battery temperature."},

    {"control.dynamics", "rise_hold_s", dynamics<&Dynamics::rise_hold>(seconds_, 0, 3600),
     "How long a limit waits after a decrease before it rises; shorter makes hunting faster."},
    {"control.dynamics", "rise_window_s", dynamics<&Dynamics::rise_window>(seconds_, 0, 3600),
     "A limit rises only to what was allowed all the time for so long; shorter makes it follow noise and "
     "loads."},
    {"control.dynamics", "rise_from_share", dynamics<&Dynamics::rise_from>(share, 0, 0.2),
     "A rise begins only when it gains this part of the maximum; 0 follows every millivolt."},
    {"control.dynamics", "rise_a_per_s", dynamics<&Dynamics::rise_per_second>(amps, 0.1, 50),
     "How fast a limit rises."},
    {"control.dynamics", "rise_share_per_s", dynamics<&Dynamics::rise_per_second_share>(share, 0.001, 0.2),
     "A limit rises by at most this part of the pack's maximum each second."},
    {"control.dynamics", "hold_restart_share", dynamics<&Dynamics::hold_restart>(share, 0, 0.2),
     "A decrease of more than this part of the maximum starts the waiting time anew."},
    {"control.dynamics", "start_hold_s", dynamics<&Dynamics::start_hold>(seconds_, 0, 600),
     "How long the limits stay 0 after the start of the program."},
    {"control.dynamics", "start_samples", dynamics<&Dynamics::start_samples>(plain, 1, 60),
     "How many valid readings are needed after the start before a limit rises."},

    {"control.phase", "absorb_v", phase<&PhaseSettings::absorb_at>(volts, 3.3, 3.6),
     "The highest cell at which the end of charge is watched."},
    {"control.phase", "absorb_delay_s", phase<&PhaseSettings::absorb_delay>(seconds_, 1, 600),
     "For how long it must be there."},
    {"control.phase", "end_v", phase<&PhaseSettings::end_voltage>(volts, 3.3, 3.6),
     "The rest voltage at which a cell counts as full."},
    {"control.phase", "end_reference_v", phase<&PhaseSettings::end_reference>(volts, 3.4, 3.75),
     "The voltage at which a cell would be full at the tail current."},
    {"control.phase", "end_tail_share", phase<&PhaseSettings::end_tail>(share, 0.01, 0.2),
     "The tail current as a part of the capacity per hour."},
    {"control.phase", "end_highest_v", phase<&PhaseSettings::end_highest>(volts, 3.3, 3.6),
     "The end of charge is counted only while the highest cell is at least here."},
    {"control.phase", "end_current_a", phase<&PhaseSettings::end_current>(amps, -20, 0),
     "And the pack current at least this; negative is a small discharge."},
    {"control.phase", "end_time_s", phase<&PhaseSettings::end_time>(seconds_, 5, 3600),
     "For how long before the battery is called full."},
    {"control.phase", "end_certain_v", phase<&PhaseSettings::end_certain>(volts, 3.4, 3.65),
     "A highest cell at this voltage for end_time_s is full whatever the current."},
    {"control.phase", "absorb_max_min", phase<&PhaseSettings::absorb_maximum>(minutes, 5, 600),
     "The longest time near the top; then the voltage is lowered without calling the battery full."},
    {"control.phase", "balance_difference_v", phase<&PhaseSettings::balance_difference>(volts, 0.002, 0.1),
     "While the cells differ by more than this the voltage is held for balancing."},
    {"control.phase", "balance_max_h", phase<&PhaseSettings::balance_maximum>(hours, 0, 24),
     "But at most this long."},
    {"control.phase", "rebulk_discharged_share", phase<&PhaseSettings::rebulk_discharged>(share, 0.01, 0.9),
     "Charging begins again when this part of the capacity has been taken since full."},
    {"control.phase", "rebulk_v", phase<&PhaseSettings::rebulk_voltage>(volts, 3, 3.4),
     "Or when the highest cell rests below this voltage."},
    {"control.phase", "rebulk_delay_min", phase<&PhaseSettings::rebulk_delay>(minutes, 1, 240),
     "For this long."},
    {"control.phase", "rebulk_interval_days", phase<&PhaseSettings::rebulk_interval>(days, 1, 90),
     "Or after this many days in any case."},
    {"control.phase", "full_overdue_days", phase<&PhaseSettings::full_overdue>(days, 1, 365),
     "A battery not full for this long is reported, because balancing and SOC then drift."},

    {"control.voltage", "charge_per_cell_v", voltage<&VoltageSettings::charge_per_cell>(volts, 3.2, 3.6),
     "The charge voltage sent to the inverter, per cell."},
    {"control.voltage", "charge_per_cell_unknown_ovp_v",
     voltage<&VoltageSettings::charge_per_cell_unknown_ovp>(volts, 3.2, 3.6),
     "The same while the over-voltage setting of the BMS is not known."},
    {"control.voltage", "float_per_cell_v", voltage<&VoltageSettings::float_per_cell>(volts, 3.2, 3.5),
     "The charge voltage after the battery is full, per cell."},
    {"control.voltage", "float_ramp_v_per_s",
     voltage<&VoltageSettings::float_ramp_per_second>(volts, 0.001, 0.05),
     "How fast each cell's voltage is taken down to the float voltage."},
    {"control.voltage", "discharge_per_cell_v",
     voltage<&VoltageSettings::discharge_per_cell>(volts, 2.3, 3.2),
     "The discharge voltage sent to the inverter, per cell."},
    {"control.voltage", "clip_margin_v", voltage<&VoltageSettings::clip_margin>(volts, 0, 0.2),
     "Left above the sum of the clipped cell voltages when one cell runs ahead."},
    {"control.voltage", "max_below_pack_v", voltage<&VoltageSettings::maximum_below_pack>(volts, 0.1, 5),
     "The charge voltage is never further below the present pack voltage; some inverters dump the difference "
     "into the "
     "grid."},

    {"control.soc", "source", choice<&Settings::control, &Config::soc, &SocSettings::source>(soc_sources),
     "Whether the state of charge of the BMS or the program's own counter is sent."},
    {"control.soc", "top_hold", choice<&Settings::control, &Config::soc, &SocSettings::top_hold>(top_holds),
     "With original, 2 % less are sent in the first hour, as the earlier program did."},
    {"control.soc", "before_full_pct", soc<&SocSettings::before_full>(percent, 80, 100),
     "The most that is sent before the battery has been found full."},
    {"control.soc", "low_floor_pct", soc<&SocSettings::low_floor>(percent, 1, 20),
     "The least that is sent before a cell is empty."},
    {"control.soc", "empty_v", soc<&SocSettings::empty_voltage>(volts, 2.6, 3.2),
     "The lowest cell at which the battery counts as empty."},
    {"control.soc", "empty_s", soc<&SocSettings::empty_time>(seconds_, 1, 600),
     "For how long it must be there."},
    {"control.soc", "rate_pct_per_min", soc<&SocSettings::per_minute>(percent, 0.1, 20),
     "How fast the sent value may move without a current that explains it."},
    {"control.soc", "above_source_pct", soc<&SocSettings::above_source>(percent, 0, 20),
     "How far the sent value may be above its source."},
    {"control.soc", "drift_alarm_pct", soc<&SocSettings::drift_alarm>(percent, 1, 50),
     "A difference of counter and BMS above this is reported."},
    {"control.soc", "soh_pct", rule<&Config::soh>(percent, 50, 100),
     "The state of health that is sent; this BMS protocol does not measure it."},

    {"control.age", "fresh_s", age<&AgeSettings::fresh>(seconds_, 0.5, 10),
     "Up to this age (or two poll periods) a reading is as good as new."},
    {"control.age", "reduce_from_s", age<&AgeSettings::reduce_from>(seconds_, 1, 30),
     "From this age the limits are taken down."},
    {"control.age", "zero_s", age<&AgeSettings::zero_at>(seconds_, 2, 60), "At this age they are 0."},
    {"control.age", "lost_s", age<&AgeSettings::lost_at>(seconds_, 5, 3600),
     "From this age on_lost applies."},
    {"control.age", "on_lost", choice<&Settings::control, &Config::age, &AgeSettings::on_lost>(on_lost),
     "Whether zero limits go on being sent or the bus falls silent."},
    {"control.age", "frozen_s", age<&AgeSettings::frozen_after>(seconds_, 10, 3600),
     "Readings that do not change for this long while current flows count as old."},
    {"control.age", "frozen_current_a", age<&AgeSettings::frozen_current>(amps, 0.5, 100),
     "The current from which unchanged readings are suspicious."},

    {"control.validation", "cell_min_v", validation<&Validation::cell_minimum>(volts, 0, 2),
     "A reading with a cell below this is refused as impossible."},
    {"control.validation", "cell_max_v", validation<&Validation::cell_maximum>(volts, 3.8, 6),
     "A reading with a cell above this is refused as impossible."},
    {"control.validation", "sum_tolerance_pct", validation<&Validation::sum_tolerance>(percent, 0.2, 10),
     "How far the sum of the cells may be from the pack voltage."},
    {"control.validation", "temperature_min_c", validation<&Validation::temperature_minimum>(celsius, -60, 0),
     "A temperature below this is a broken probe."},
    {"control.validation", "temperature_max_c",
     validation<&Validation::temperature_maximum>(celsius, 60, 200),
     "A temperature above this is a broken probe."},
    {"control.validation", "over_current_factor", validation<&Validation::over_current_factor>(share, 1, 5),
     "A current above this many times the largest over-current setting is refused as impossible."},
    {"control.validation", "start_hold_off_s", validation<&Validation::start_hold_off>(seconds_, 0, 600),
     "How long readings that look like a starting BMS are held back."},

    {"control.alarms", "near_zero_share",
     rule<&Config::alarms, &control::AlarmSettings::near_zero>(share, 0, 0.5),
     "Below this part of the maximum a limit raises the matching warning bit in 0x359."},
    {"control.alarms", "disobeyed_a",
     rule<&Config::alarms, &control::AlarmSettings::disobeyed_current>(amps, 0.2, 20),
     "An inverter that charges with more than this although the limit is 0 is named in the log."},
    {"control.alarms", "disobeyed_after_s",
     rule<&Config::alarms, &control::AlarmSettings::disobeyed_after>(seconds_, 10, 600),
     "For how long it must; shorter than dead time and slew of the inverter gives false alarms."},
};

constexpr TableText table_rows[] = {
    {"pack", "One [[pack]] for each battery; every key stands below its own [[pack]] line."},
    {"can", "The way to the inverter."},
    {"profile", "How the inverter wants to see the battery."},
    {"log", "What is written where."},
    {"state", "What survives a restart."},
    {"socket", "The door for jk-pylon status, why, recover and ack."},
    {"web",
     "Dashboard, HTTP API and metrics: docs/web.md. Read-only without a token, and reached from this machine "
     "only unless told otherwise."},
    {"history", "What is recorded, and for how long; docs/history.md."},
    {"notify", "Events posted to a web address. Off by default."},
    {"meter", "The grid meter, where the house meets the grid. jk-pylon meter sma shows what it sends."},
    {"meter.json",
     "Any other grid meter that answers JSON or a plain number over HTTP; needs meter.kind \"json\". "
     "Examples "
     "for Shelly, Tasmota, HomeWizard, Home Assistant and evcc are in docs/sources.md."},
    {"peer", "The second inverter, whose battery is only watched."},
    {"peer.goodwe",
     "A second inverter of GoodWe, read on the local network; nothing is ever written to it. It may be "
     "switched off at any time."},
    {"peer.sems",
     "Its battery as the SEMS portal shows it. Off by default: the data are minutes old, the interfaces are "
     "unofficial and can be closed any day; reading the inverter in the local network is better."},
    {"peer.sensor",
     "A magnetometer on I2C beside its battery cable, instead of or besides its network interface; "
     "docs/sensor.md. Off unless bus is set."},
    {"peer.json",
     "Its battery from anything that answers JSON or a plain number over HTTP, read as [meter.json] is."},
    {"control", "The rules; the defaults are right for lithium iron phosphate cells."},
    {"bank", "All packs together."},
    {"control.soc_window", "The part of the capacity to be used, by season. Off by default."},
    {"control.resistance", "The resistance-compensated charge limit. Off by default."},
    {"control.curves",
     "Own curves instead of those of the preset. A list of [volt, share] points is linear between the points "
     "and "
     "constant outside, share 1 being the pack's maximum. A table { below_a = 60, steps_a = [[3.45, 30], "
     "[3.5, 0]] } "
     "steps to the ampere value at each voltage."},
    {"control.temperature", "Curves as lists of [°C, share] points."},
    {"control.cells", "Voltages of one cell at which charging or discharging ends, apart from the curves."},
    {"control.dynamics", "Limits fall at once and rise slowly."},
    {"control.phase", "When charging ends and when it begins again."},
    {"control.voltage", "The voltages sent to the inverter; most hybrids follow the current limits first."},
    {"control.soc", "The state of charge sent to the inverter."},
    {"control.age", "What happens while the BMS does not answer."},
    {"control.validation", "Readings that cannot be true are refused."},
    {"control.alarms", "Warnings to the inverter."},
    {"control.coordination", "A second inverter with its own battery at the same meter."},
    {"control.oscillation", "Two inverters that chase each other are seen at the meter."},
};

}  // namespace

std::span<const Key<Settings>> control_keys() {
    return rows;
}
std::span<const TableText> tables() {
    return table_rows;
}

std::vector<const Key<Settings>*> settings_keys() {
    std::vector<const Key<Settings>*> keys;
    for (const Key<Settings>& key : site_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : history_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : meter_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : peer_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : portal_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : control_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : coordination_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : sensor_keys()) keys.push_back(&key);
    for (const Key<Settings>& key : web_keys()) keys.push_back(&key);
    return keys;
}

}  // namespace jkp::config
