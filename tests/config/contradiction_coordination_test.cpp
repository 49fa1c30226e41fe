// SPDX-License-Identifier: MIT
// Contradictions of the coordination with a second inverter: values that are each in range. One row each.
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

class CoordinationContradictions : public ::testing::TestWithParam<Row> {};

TEST_P(CoordinationContradictions, AreToldInOneLineThatNamesBothKeys) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Site, CoordinationContradictions,
    ::testing::Values(
        Row{"ChargingIsLeftWhereItIsEntered",
            "[control.coordination]\n"
            "charging_leave_a = 2\n",
            "site.toml:6: control.coordination.charging_leave_a = 2: "
            "control.coordination.charging_leave_a (2 A) must be below "
            "control.coordination.charging_enter_a (2 A), or the limit comes and goes with each value"},
        Row{"DischargingIsLeftAboveWhereItIsEntered",
            "[control.coordination]\n"
            "discharging_enter_a = 0.5\n",
            "site.toml:6: control.coordination.discharging_enter_a = 0.5: "
            "control.coordination.discharging_leave_a (0.6 A) must be below "
            "control.coordination.discharging_enter_a (0.5 A), or the limit comes and goes with each value"},
        Row{"EverySurplusIsLarge",
            "[control.coordination]\n"
            "large_surplus_w = 100\n",
            "site.toml:6: control.coordination.large_surplus_w = 100: control.coordination.surplus_w (100 W) "
            "must be below control.coordination.large_surplus_w (100 W)"},
        Row{"TheQuickHoldIsTheSlowerOne",
            "[control.coordination]\n"
            "leave_hold_s = 2.5\n",
            "site.toml:6: control.coordination.leave_hold_s = 2.5: control.coordination.quick_hold_s (3 s) "
            "must "
            "be at most control.coordination.leave_hold_s (2.5 s)"},
        Row{"TheFastRiseIsTheSlowerOne",
            "[control.coordination]\n"
            "rise_a_per_s = 6.5\n",
            "site.toml:6: control.coordination.rise_a_per_s = 6.5: control.coordination.rise_a_per_s (6.5 A) "
            "must be at most control.coordination.large_rise_a_per_s (6 A)"},
        Row{"ChargingIsNeverBelieved",
            "[control.coordination]\n"
            "charging_enter_a = 20\n"
            "peer_max_a = 20\n",
            "site.toml:7: control.coordination.peer_max_a = 20: control.coordination.charging_enter_a (20 A) "
            "must be below control.coordination.peer_max_a (20 A)"},
        Row{"DischargingIsNeverBelieved",
            "[control.coordination]\n"
            "discharging_enter_a = 20\n"
            "peer_max_a = 20\n",
            "site.toml:7: control.coordination.peer_max_a = 20: control.coordination.discharging_enter_a (20 "
            "A) "
            "must be below control.coordination.peer_max_a (20 A)"},
        Row{"ALargeSurplusIsNeverBelieved",
            "[control.coordination]\n"
            "grid_max_w = 2000\n",
            "site.toml:6: control.coordination.grid_max_w = 2000: control.coordination.large_surplus_w (2000 "
            "W) "
            "must be below control.coordination.grid_max_w (2000 W)"},
        Row{"TheBandIsAsWideAsTheSwing",
            "[control.oscillation]\n"
            "crossing_w = 300\n",
            "site.toml:6: control.oscillation.crossing_w = 300: control.oscillation.crossing_w (300 W) must "
            "be "
            "below control.oscillation.swing_w (300 W), or neither side of the smallest swing is found"},
        Row{"NoPeriodIsLeft",
            "[control.oscillation]\n"
            "shortest_period_s = 60\n"
            "longest_period_s = 60\n",
            "site.toml:7: control.oscillation.longest_period_s = 60: control.oscillation.shortest_period_s "
            "(60 s) "
            "must be below control.oscillation.longest_period_s (60 s)"},
        Row{"AMeterThatIsAlwaysTooOld",
            "[meter]\n"
            "kind = \"json\"\n"
            "[meter.json]\n"
            "url = \"https://meter.example/\"\n"
            "power = \"/p\"\n"
            "positive = \"import\"\n"
            "poll_s = 7\n",
            "site.toml:11: meter.json.poll_s = 7: meter.json.poll_s (7 s) and meter.json.timeout_s (3 s) "
            "together must be below control.coordination.grid_max_age_s (10 s), or the source is not known "
            "again and again"},
        Row{"AJsonPeerThatIsAlwaysTooOld",
            "[peer.json]\n"
            "url = \"https://meter.example/\"\n"
            "power = \"/p\"\n"
            "positive = \"charge\"\n"
            "[control.coordination]\n"
            "json_max_age_s = 5\n",
            "site.toml:10: control.coordination.json_max_age_s = 5: peer.json.poll_s (2 s) and "
            "peer.json.timeout_s (3 s) together must be below control.coordination.json_max_age_s (5 s), or "
            "the source is not known again and again"},
        Row{"AGoodweThatIsAlwaysTooOld",
            "[peer.goodwe]\n"
            "host = \"192.168.1.30\"\n"
            "poll_s = 16\n",
            "site.toml:7: peer.goodwe.poll_s = 16: peer.goodwe.poll_s (16 s) and its answer (4 s) together "
            "must be below control.coordination.local_max_age_s (20 s), or the source is not known again and "
            "again"},
        Row{"APortalThatIsAlwaysTooOld",
            "[peer.sems]\n"
            "station = \"1234\"\n"
            "poll_s = 300\n"
            "api = \"legacy\"\n",
            "site.toml:7: peer.sems.poll_s = 300: peer.sems.poll_s (300 s) and the delay of the portal (300 "
            "s) together must be below control.coordination.portal_max_age_s (600 s), or the source is not "
            "known again and again"},
        Row{"APortalWithoutATimeOfItsDataThatIsAlwaysTooOld",
            "[peer.sems]\n"
            "station = \"1234\"\n"
            "poll_s = 150\n",
            "site.toml:7: peer.sems.poll_s = 150: peer.sems.poll_s (150 s) and the delay of the portal and "
            "the look before (450 s) together must be below control.coordination.portal_max_age_s (600 s), "
            "or the source is not known again and again"}),
    name_of);

TEST(CoordinationFreshness, SourcesThatAreJustYoungEnoughAreAccepted) {
    EXPECT_EQ(errors_of(with("[peer.goodwe]\n"
                             "host = \"192.168.1.30\"\n"
                             "poll_s = 15.9\n"
                             "[peer.sems]\n"
                             "station = \"1234\"\n"
                             "poll_s = 149\n"
                             "[peer.json]\n"
                             "url = \"https://meter.example/\"\n"
                             "power = \"/p\"\n"
                             "positive = \"charge\"\n"
                             "poll_s = 56.9\n")),
              "");
}

}  // namespace
}  // namespace jkp::config::testing
