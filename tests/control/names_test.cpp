// SPDX-License-Identifier: MIT
// The words that logs, JSON and scenarios use are part of the interface: each stands here once more.
#include <gtest/gtest.h>

#include <set>

#include "builders.hpp"
#include "control/transport.hpp"

namespace jkp::control::test {
namespace {

// The names of the first values of an enumeration, in their order.
template <class Enum>
void expect_names(std::initializer_list<std::string_view> words) {
    int value = 0;
    std::set<std::string_view> once;
    for (const std::string_view word : words) {
        EXPECT_EQ(name(static_cast<Enum>(value)), word) << value;
        EXPECT_TRUE(once.insert(word).second) << word << " names two values";
        ++value;
    }
}

TEST(Names, OfRules) {
    expect_names<Rule>({"user_maximum",
                        "bms_over_current",
                        "cell_high_curve",
                        "cell_low_curve",
                        "battery_temperature",
                        "mosfet_temperature",
                        "mos_off",
                        "bms_alarm",
                        "hard_stop",
                        "soc_window",
                        "cell_high_compensated",
                        "hard_stop_latched",
                        "critical_high",
                        "critical_low",
                        "low_cell_lockout",
                        "latches_unknown",
                        "recovery",
                        "rise_rule",
                        "age",
                        "probe_age",
                        "no_pack",
                        "bank_maximum",
                        "bank_sum",
                        "inverter_lost",
                        "peer_charging",
                        "peer_discharging",
                        "peer_unknown",
                        "oscillation",
                        "site_release",
                        "user_current",
                        "paused",
                        "command_release",
                        "start",
                        "hold",
                        "ramp",
                        "smallest_useful"});
    EXPECT_EQ(name(static_cast<Rule>(rule_count - 1)), "smallest_useful");
}

TEST(Names, OfEvents) {
    expect_names<EventCode>({"first_reading",
                             "sample_rejected",
                             "start_frame_held",
                             "start_frame_accepted",
                             "probe_missing",
                             "frozen_data",
                             "thresholds_lowered",
                             "over_voltage_unknown",
                             "discharge_voltage_raised",
                             "hard_stop_latched",
                             "hard_stop_released",
                             "critical_high",
                             "critical_high_discharge_freed",
                             "critical_low",
                             "fault_acknowledged",
                             "low_cell_lockout",
                             "recovery_started",
                             "recovery_succeeded",
                             "recovery_ended",
                             "data_stale",
                             "data_zero",
                             "data_back",
                             "inverter_lost",
                             "inverter_back",
                             "inverter_disobeys",
                             "inverter_obeys",
                             "phase_changed",
                             "absorb_gave_up",
                             "full_overdue",
                             "soc_drift",
                             "soc_drift_over",
                             "pack_lost",
                             "pack_joined",
                             "resistance_learned",
                             "cell_counts_differ",
                             "meter_lost",
                             "meter_back",
                             "peer_lost",
                             "peer_back",
                             "peers_differ",
                             "oscillation_found",
                             "oscillation_over",
                             "command_accepted",
                             "command_ended",
                             "command_expired",
                             "command_refused"});
}

TEST(Names, OfPhasesStagesModesRejectionsAndRefusals) {
    expect_names<Phase>({"init", "idle", "bulk", "absorb", "full", "float", "balance", "fault"});
    expect_names<AgeStage>({"fresh", "falling", "reducing", "zero", "lost"});
    expect_names<TransportMode>({"normal", "unacknowledged", "foreign", "muted"});
    expect_names<PeerSource>({"local", "sensor", "json", "portal"});
    expect_names<SourceState>({"absent", "unknown", "known"});
    expect_names<SiteMode>(
        {"off", "neutral", "peer_charging", "peer_discharging", "peer_contradicts", "unknown", "releasing"});
    expect_names<Rejection>(
        {"cell_voltage", "cell_sum", "cell_count", "soc", "current", "start_frame", "probe_missing"});
    expect_names<Refusal>({"nothing_to_acknowledge", "still_critical", "nothing_to_recover",
                           "already_recovering", "no_data", "below_floor", "too_cold", "charge_mos_off",
                           "no_such_pack"});
    expect_names<CommandKind>(
        {"max_charge_a", "max_discharge_a", "pause", "force_charge", "full_charge", "float_hold"});
    expect_names<CommandRefusal>({"out_of_range", "not_configured", "no_data", "latched"});
}

}  // namespace
}  // namespace jkp::control::test
