// SPDX-License-Identifier: MIT
// Every default of docs/control.md once more, so that none changes unnoticed, and what a new state knows:
// nothing.
#include <gtest/gtest.h>

#include "builders.hpp"
#include "control/saved.hpp"
#include "control/transport.hpp"

namespace jkp::control::test {
namespace {

TEST(Defaults, OfTheCells) {
    const CellLimits c;
    EXPECT_EQ(c.hard_stop, mv(3550));
    EXPECT_EQ(c.hard_stop_margin, mv(10));
    EXPECT_EQ(c.latch, mv(3600));
    EXPECT_EQ(c.latch_release, mv(3450));
    EXPECT_EQ(c.latch_release_time, seconds(60));
    EXPECT_EQ(c.critical_high, mv(3650));
    EXPECT_EQ(c.critical_low, mv(2500));
    EXPECT_EQ(c.charge_lockout, mv(2700));
    EXPECT_EQ(c.recovery_floor, mv(2000));
    EXPECT_EQ(c.recovery_rate, percent(2));
    EXPECT_EQ(c.recovery_maximum, amps(5));
    EXPECT_EQ(c.recovery_time, hours(4));
    EXPECT_EQ(c.recovery_rise_time, minutes(30));
    EXPECT_EQ(c.recovery_temperature, celsius(5));
}

TEST(Defaults, OfTheDynamics) {
    const Dynamics d;
    EXPECT_EQ(d.rise_hold, seconds(30));
    EXPECT_EQ(d.rise_window, seconds(90));
    EXPECT_EQ(d.rise_from, percent(5));
    EXPECT_EQ(d.rise_per_second, amps(1));
    EXPECT_EQ(d.rise_per_second_share, percent(2));
    EXPECT_EQ(d.hold_restart, percent(1));
    EXPECT_EQ(d.start_hold, seconds(5));
    EXPECT_EQ(d.start_samples, 3);
}

TEST(Defaults, OfTheCoordination) {
    const CoordinationSettings c;
    EXPECT_TRUE(c.enabled);
    EXPECT_FALSE(c.expects_grid);
    EXPECT_FALSE(c.expects_peer);
    EXPECT_EQ(c.charging_enter, amps(2));
    EXPECT_EQ(c.charging_leave, amps(1));
    EXPECT_EQ(c.discharging_enter, amps(1.2));
    EXPECT_EQ(c.discharging_leave, amps(0.6));
    EXPECT_EQ(c.surplus, watts(100));
    EXPECT_EQ(c.large_surplus, watts(2000));
    EXPECT_EQ(c.leave_hold, seconds(20));
    EXPECT_EQ(c.quick_hold, seconds(3));
    EXPECT_EQ(c.repeat_within, minutes(15));
    EXPECT_EQ(c.rise_per_second, amps(2));
    EXPECT_EQ(c.large_rise_per_second, amps(6));
    EXPECT_EQ(c.response, seconds(5));
    EXPECT_EQ(c.transfer_budget, WattHours(2));
    EXPECT_EQ(c.grid_max_age, seconds(10));
    EXPECT_EQ(c.peer_max_age, (std::array<Duration, 4>{seconds(20), seconds(15), seconds(60), minutes(10)}));
    EXPECT_EQ(c.unknown_hold, seconds(60));
    EXPECT_EQ(c.on_unknown, OnUnknown::neutral);
    EXPECT_EQ(c.grid_maximum, watts(50'000));
    EXPECT_EQ(c.peer_maximum, amps(150));
    EXPECT_EQ(c.peer_jump, amps(100));
    EXPECT_EQ(c.peer_voltage, mv(51'200));
}

TEST(Defaults, OfTheOscillationObserver) {
    const OscillationSettings o;
    EXPECT_TRUE(o.enabled);
    EXPECT_EQ(o.crossing, watts(150));
    EXPECT_EQ(o.swing, watts(300));
    EXPECT_EQ(o.alike, percent(30));
    EXPECT_EQ(o.shortest_period, seconds(2));
    EXPECT_EQ(o.longest_period, minutes(10));
    EXPECT_EQ(o.own_part, percent(25));
    EXPECT_EQ(o.own_agreement, percent(75));
    EXPECT_EQ(o.cut_to, Permille(333));
    EXPECT_EQ(o.hold_periods, 5);
}

TEST(Defaults, OfThePhases) {
    const PhaseSettings p;
    EXPECT_EQ(p.absorb_at, mv(3440));
    EXPECT_EQ(p.absorb_delay, seconds(10));
    EXPECT_EQ(p.end_voltage, mv(3370));
    EXPECT_EQ(p.end_reference, mv(3650));
    EXPECT_EQ(p.end_tail, percent(5));
    EXPECT_EQ(p.end_highest, mv(3420));
    EXPECT_EQ(p.end_current, amps(-0.5));
    EXPECT_EQ(p.end_time, seconds(60));
    EXPECT_EQ(p.end_certain, mv(3500));
    EXPECT_EQ(p.absorb_maximum, minutes(60));
    EXPECT_EQ(p.balance_difference, mv(10));
    EXPECT_EQ(p.balance_maximum, hours(2));
    EXPECT_EQ(p.rebulk_discharged, percent(10));
    EXPECT_EQ(p.rebulk_voltage, mv(3300));
    EXPECT_EQ(p.rebulk_delay, minutes(10));
    EXPECT_EQ(p.rebulk_interval, hours(336));
    EXPECT_EQ(p.full_overdue, hours(720));
}

TEST(Defaults, OfVoltageAndSoc) {
    const VoltageSettings v;
    EXPECT_EQ(v.charge_per_cell, mv(3450));
    EXPECT_EQ(v.charge_per_cell_unknown_ovp, mv(3400));
    EXPECT_EQ(v.float_per_cell, mv(3350));
    EXPECT_EQ(v.float_ramp_per_second, mv(1));
    EXPECT_EQ(v.discharge_per_cell, mv(2800));
    EXPECT_EQ(v.clip_margin, mv(10));
    EXPECT_EQ(v.maximum_below_pack, mv(1000));
    const SocSettings s;
    EXPECT_EQ(s.source, SocSource::bms);
    EXPECT_EQ(s.top_hold, SocTopHold::none);
    EXPECT_EQ(s.before_full, percent(98));
    EXPECT_EQ(s.low_floor, percent(2));
    EXPECT_EQ(s.empty_voltage, mv(3030));
    EXPECT_EQ(s.empty_time, seconds(10));
    EXPECT_EQ(s.per_minute, percent(1));
    EXPECT_EQ(s.above_source, percent(3));
    EXPECT_EQ(s.drift_alarm, percent(10));
}

TEST(Defaults, OfAgeAndValidation) {
    const AgeSettings a;
    EXPECT_EQ(a.fresh, seconds(2));
    EXPECT_EQ(a.reduce_from, seconds(5));
    EXPECT_EQ(a.zero_at, seconds(15));
    EXPECT_EQ(a.lost_at, seconds(60));
    EXPECT_EQ(a.on_lost, OnLost::zero);
    EXPECT_EQ(a.frozen_after, seconds(120));
    EXPECT_EQ(a.frozen_current, amps(5));
    const Validation v;
    EXPECT_EQ(v.cell_minimum, mv(500));
    EXPECT_EQ(v.cell_maximum, mv(5000));
    EXPECT_EQ(v.sum_tolerance, percent(2));
    EXPECT_EQ(v.temperature_minimum, celsius(-40));
    EXPECT_EQ(v.temperature_maximum, celsius(120));
    EXPECT_EQ(v.over_current_factor, percent(150));
    EXPECT_EQ(v.start_hold_off, seconds(60));
}

TEST(Defaults, OfAPackAndTheBank) {
    const PackConfig p;
    EXPECT_EQ(p.max_charge, amps(0));
    EXPECT_EQ(p.max_discharge, amps(0));
    EXPECT_FALSE(p.capacity || p.cell_count);
    EXPECT_EQ(p.battery_probes, (FixedVector<Probe, max_probes>{Probe::t1, Probe::t2}));
    EXPECT_TRUE(p.mosfet_probe);
    EXPECT_EQ(p.poll_period, seconds(1));
    const BankSettings b;
    EXPECT_EQ(b.quorum, 0);
    EXPECT_FALSE(b.max_charge || b.max_discharge);
    EXPECT_EQ(b.share_margin, percent(110));
    EXPECT_EQ(b.share_window, seconds(60));
    EXPECT_EQ(b.share_from, percent(5));
    const SocWindow w;
    EXPECT_EQ(w.range.minimum, percent(0));
    EXPECT_EQ(w.range.maximum, percent(100));
    EXPECT_FALSE(w.seasonal());
    EXPECT_EQ(w.winter_from, 11);
    EXPECT_EQ(w.winter_to, 2);
    EXPECT_EQ(w.taper, percent(3));
    const ResistanceSettings r;
    EXPECT_EQ(r.micro_ohm, 1000);
    EXPECT_FALSE(r.compensate);
    EXPECT_EQ(r.target, mv(3450));
    EXPECT_EQ(r.fence_shift, mv(20));
    EXPECT_EQ(r.over_estimate, percent(200));
    EXPECT_EQ(r.step_from, percent(5));
    EXPECT_EQ(r.step_minimum, amps(5));
    EXPECT_EQ(r.steps, 16);
    EXPECT_EQ(r.confidence, percent(80));
}

TEST(Defaults, OfTheRest) {
    const Config c;
    EXPECT_EQ(c.alarms.near_zero, percent(10));
    EXPECT_EQ(c.alarms.disobeyed_current, amps(0.5));
    EXPECT_EQ(c.alarms.disobeyed_after, seconds(60));
    EXPECT_EQ(c.over_current_share, percent(90));
    EXPECT_EQ(c.smallest_useful, amps(1));
    EXPECT_EQ(c.soh, percent(100));
    EXPECT_EQ(c.inverter_lost, InverterLost::report);
    EXPECT_EQ(c.inverter_lost_after, seconds(10));
    EXPECT_FALSE(c.force_charge_requests);
    EXPECT_FALSE(c.full_charge_requests);
    EXPECT_EQ(c.curves, cell_curves(Preset::smooth));
    EXPECT_EQ(c.temperature, default_temperature_curves());
    const TransportSettings t;
    EXPECT_TRUE(t.transmit);
    EXPECT_TRUE(t.supervise_echo);
    EXPECT_EQ(t.period, seconds(1));
    EXPECT_EQ(t.grace, milliseconds(100));
    EXPECT_EQ(t.minimum_gap, milliseconds(200));
    EXPECT_EQ(t.echo_timeout, seconds(2));
    EXPECT_EQ(t.foreign_silence, seconds(10));
}

constexpr Permille share(int permille) {
    return Permille(permille);
}

TEST(Defaults, OfTheCurves) {
    const CellCurves smooth = cell_curves(Preset::smooth);
    EXPECT_EQ(smooth.charge_by_highest, Curve(LinearCurve{{{3380, share(1000)},
                                                           {3420, share(500)},
                                                           {3450, share(150)},
                                                           {3480, share(20)},
                                                           {3500, share(0)}}}));
    EXPECT_EQ(smooth.charge_by_lowest,
              Curve(LinearCurve{{{2700, share(0)}, {2900, share(200)}, {3000, share(1000)}}}));
    EXPECT_EQ(smooth.discharge_by_lowest, Curve(LinearCurve{{{3000, share(0)},
                                                             {3030, share(20)},
                                                             {3080, share(150)},
                                                             {3150, share(500)},
                                                             {3250, share(1000)}}}));
    EXPECT_EQ(smooth.charge_rise, RiseRule{});
    EXPECT_EQ(smooth.discharge_rise, RiseRule{});
    const TemperatureCurves t = default_temperature_curves();
    EXPECT_EQ(t.charge, (LinearCurve{{{0, share(0)},
                                      {50, share(150)},
                                      {100, share(500)},
                                      {150, share(1000)},
                                      {400, share(1000)},
                                      {450, share(500)},
                                      {500, share(0)}}}));
    EXPECT_EQ(t.discharge, (LinearCurve{{{-150, share(0)},
                                         {-100, share(250)},
                                         {0, share(500)},
                                         {100, share(1000)},
                                         {450, share(1000)},
                                         {500, share(500)},
                                         {550, share(0)}}}));
    EXPECT_EQ(t.mosfet, (LinearCurve{{{700, share(1000)}, {800, share(400)}, {900, share(0)}}}));
}

TEST(Defaults, OfTheSteppedCurves) {
    const CellCurves original = cell_curves(Preset::original);
    EXPECT_EQ(
        original.charge_by_highest,
        Curve(StepCurve{amps(60), {{3450, amps(30)}, {3470, amps(15)}, {3500, amps(2)}, {3550, amps(0)}}}));
    EXPECT_EQ(original.charge_by_lowest, Curve(StepCurve{amps(0), {{2700, amps(30)}, {3000, amps(60)}}}));
    EXPECT_EQ(
        original.discharge_by_lowest,
        Curve(StepCurve{amps(0), {{2900, amps(10)}, {3000, amps(30)}, {3100, amps(50)}, {3300, amps(60)}}}));
    const CellCurves strict = cell_curves(Preset::original_strict);
    EXPECT_EQ(strict.charge_by_highest, Curve(StepCurve{amps(60), {{3420, amps(30)}, {3440, amps(0)}}}));
    EXPECT_EQ(strict.charge_by_lowest, Curve(StepCurve{amps(0), {{2700, amps(20)}, {3200, amps(60)}}}));
    EXPECT_EQ(strict.discharge_by_lowest, Curve(StepCurve{amps(0), {{3151, amps(60)}}}));
    EXPECT_EQ(strict.charge_rise, (RiseRule{minutes(45), mv(3400), std::nullopt}));
    EXPECT_EQ(strict.discharge_rise, (RiseRule{{}, std::nullopt, percent(40)}));
}

// A limit that nothing has set yet is 0, and nothing is claimed or latched.
TEST(Defaults, ANewStateAllowsAndClaimsNothing) {
    const State s;
    EXPECT_EQ(s.charge.output, amps(0));
    EXPECT_EQ(s.discharge.output, amps(0));
    EXPECT_EQ(s.phase.phase, Phase::init);
    EXPECT_FALSE(s.phase.full_claimed || s.phase.overdue_told || s.mustered || s.inverter_lost);
    EXPECT_EQ(s.phase.discharged, 0);
    EXPECT_EQ(s.age_stage, AgeStage::fresh);
    EXPECT_FALSE(s.soc.is_empty || s.soc.drifting);
    EXPECT_EQ(s.soc.counter_rest, 0);
    const PackState p;
    EXPECT_FALSE(p.frozen || p.part.present || p.part.charges || p.part.discharges);
    EXPECT_EQ(p.part.charge_share, 1'000'000);
    EXPECT_EQ(p.part.discharge_share, 1'000'000);
    EXPECT_EQ(p.capacity, MilliampHours(0));
    EXPECT_EQ(p.evidence.count, 0);
    EXPECT_EQ(p.valid_samples, 0U);
    EXPECT_EQ(p.rejected_samples, 0U);
    EXPECT_EQ(p.latches, PackLatches{});
    EXPECT_FALSE(p.latches.hard_stop || p.latches.low || p.latches.lockout || p.latches.fault());
    EXPECT_EQ(p.latches.high_samples + p.latches.critical_samples, 0);
    EXPECT_EQ(p.latches.low_samples + p.latches.lockout_samples, 0);
    EXPECT_EQ(p.ladder.charge_then, amps(0));
    EXPECT_EQ(p.ladder.discharge_then, amps(0));
    EXPECT_EQ(p.charge_gate.allowed, Milliamps::max());
    EXPECT_FALSE(p.validator.start.told || p.validator.start.accepted || p.validator.nearly_empty);
    EXPECT_FALSE(p.cell_count_differs);
    EXPECT_EQ(SocState{}.members, 0U);
    EXPECT_EQ(SocState{}.bank_soc, 0);
    EXPECT_EQ(p.limits.over_voltage_known, false);
    EXPECT_FALSE((Recovery{.started = at({}), .lowest_at_start = mv(0)}.risen));
    EXPECT_EQ(PackKnowledge{}.low_cell_floor, amps(0));
}

TEST(Defaults, ANewDecisionSendsNothing) {
    const Decision d;
    EXPECT_FALSE(d.complete || d.transmit || d.charge_enable || d.discharge_enable);
    EXPECT_FALSE(d.force_charge_1 || d.force_charge_2 || d.full_charge);
    EXPECT_EQ(d.modules, 1);
    EXPECT_EQ(d.highest_pack, 0);
    EXPECT_EQ(d.lowest_pack, 0);
    EXPECT_EQ(d.highest.number, 0);
    const Event e;
    EXPECT_EQ(e.pack, 0);
    EXPECT_EQ(e.value, 0);
    const Reason r;
    EXPECT_EQ(r.pack, 0);
    EXPECT_EQ(r.index, 0);
    EXPECT_EQ(r.value, 0);
    EXPECT_EQ(r.share_ppm, 1'000'000);
    EXPECT_EQ(ChargeBound{}.value(), Milliamps::max());
    EXPECT_EQ(CurvePoint{}.x, 0);
    EXPECT_EQ(Step{}.x, 0);
    const BankView b;
    EXPECT_EQ(b.packs, 0);
    EXPECT_EQ(b.highest_pack + b.lowest_pack, 0U);
    EXPECT_EQ(b.capacity, MilliampHours(0));
    const PackView v;
    EXPECT_EQ(v.index, 0U);
    EXPECT_EQ(v.capacity, MilliampHours(0));
}

TEST(Defaults, ANewSavedStateLatchesNothing) {
    const Saved s;
    EXPECT_EQ(s.version, 1);
    EXPECT_FALSE(s.orderly || s.full_claimed);
    EXPECT_EQ(s.discharged, 0);
    const SavedPack p;
    EXPECT_FALSE(p.hard_stop || p.low || p.lockout || p.recovery_risen);
}

}  // namespace
}  // namespace jkp::control::test
