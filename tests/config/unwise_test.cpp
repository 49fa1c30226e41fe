// SPDX-License-Identifier: MIT
// What loads but has no effect or an unexpected one. One row each.
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

class Unwise : public ::testing::TestWithParam<Row> {};

TEST_P(Unwise, IsSaidInOneLine) {
    expect_warned(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Values, Unwise,
    ::testing::Values(
        Row{"ARecoveryCurrentBelowTheLeastUsefulOneIsNamed",
            "[profile]\n"
            "smallest_useful_a = 6\n",
            "site.toml:6: profile.smallest_useful_a = 6: control.cells.recovery_max_a (5 A) is "
            "below profile.smallest_useful_a (6 A): a recovery never charges"},
        Row{"ASmallPackWhoseRecoveryNeverChargesIsNamed",
            "capacity_ah = 90\n"
            "[control.cells]\n"
            "recovery_rate_share = 0.01\n",
            "site.toml:5: pack[0].capacity_ah = 90: control.cells.recovery_rate_share of it (0.9 "
            "A) is below profile.smallest_useful_a (1 A): a recovery of this pack never charges"},
        Row{"FrozenReadingsThatCannotBeFoundAreNamed",
            "[control.age]\n"
            "frozen_current_a = 61\n",
            "site.toml:6: control.age.frozen_current_a = 61: control.age.frozen_current_a (61 A) "
            "is above what pack pack1 may ever carry (60 A): frozen readings of it are not found"},
        Row{"ABankMaximumAboveThePacksIsNamed",
            "[bank]\n"
            "max_charge_a = 61\n",
            "site.toml:6: bank.max_charge_a = 61: bank.max_charge_a (61 A) is above the sum of "
            "max_charge_a of all packs (60 A) and has no effect"},
        Row{"ABankDischargeMaximumAboveThePacksIsNamed",
            "[bank]\n"
            "max_discharge_a = 61\n",
            "site.toml:6: bank.max_discharge_a = 61: bank.max_discharge_a (61 A) is above the "
            "sum of max_discharge_a of all packs (60 A) and has no effect"},
        Row{"AChargeVoltageAboveTheEndOfTheCurveIsNamed",
            "[control.voltage]\n"
            "charge_per_cell_v = 3.5\n"
            "[control.curves]\n"
            "charge_by_highest = [[3.3, 1], [3.48, 0]]\n",
            "site.toml:8: control.curves.charge_by_highest = [...]: "
            "control.voltage.charge_per_cell_v (3.5 V) is above 3.48 V, where "
            "control.curves.charge_by_highest reaches 0: the charge voltage never ends a charge"},
        Row{"ABatteryThatIsNeverEmptyIsNamed",
            "[control.soc]\n"
            "empty_v = 2.9\n",
            "site.toml:6: control.soc.empty_v = 2.9: control.soc.empty_v (2.9 V) is below 3 V, "
            "up to where control.curves.discharge_by_lowest is 0: the battery is never found "
            "empty"},
        Row{"AHardStopTooNearTheLatchIsNamed",
            "[control.cells]\n"
            "hard_stop_v = 3.59\n",
            "site.toml:6: control.cells.hard_stop_v = 3.59: control.cells.hard_stop_v (3.59 V) "
            "counts as 3.58 V: it stays 0.02 V below control.cells.latch_v"},
        Row{"AHardStopThatLowersTheCurveIsNamed",
            "[control.cells]\n"
            "hard_stop_v = 3.51\n",
            "site.toml:6: control.cells.hard_stop_v = 3.51: so low a stop lowers the charge "
            "curve, the charge voltage and the voltages of control.phase by 0.01 V"},
        Row{"ATaperWiderThanTheWindowIsNamed",
            "[control.soc_window]\n"
            "minimum_pct = 50\n"
            "maximum_pct = 52\n",
            "site.toml:7: control.soc_window.maximum_pct = 52: control.soc_window.taper_pct (3 "
            "%) is more than from control.soc_window.minimum_pct to "
            "control.soc_window.maximum_pct (2 %): the full current never flows"},
        Row{"ATaperWiderThanTheWinterWindowIsNamed",
            "[control.soc_window]\n"
            "winter_minimum_pct = 50\n"
            "winter_maximum_pct = 52\n",
            "site.toml:7: control.soc_window.winter_maximum_pct = 52: "
            "control.soc_window.taper_pct (3 %) is more than from "
            "control.soc_window.winter_minimum_pct to control.soc_window.winter_maximum_pct (2 "
            "%): the full current never flows"},
        Row{"WinterMonthsWithoutAWinterRangeAreNamed",
            "[control.soc_window]\n"
            "winter_from_month = 10\n",
            "site.toml:6: control.soc_window.winter_from_month = 10: is not used: neither "
            "winter_minimum_pct nor winter_maximum_pct is set"},
        Row{"AFastPollThatIsOffIsNamed", "fast_poll_s = 0.2\n",
            "site.toml:5: pack[0].fast_poll_s = 0.2: is not used: pack[0].fast_poll is false"},
        Row{"AKeyOfAnotherLogTargetIsNamed",
            "[log]\n"
            "files = 4\n",
            "site.toml:6: log.files = 4: is not used: log.target is not \"file\""},
        Row{"AKeyOfAnotherKindOfBusIsNamed",
            "[can]\n"
            "port = \"/dev/x\"\n",
            "site.toml:6: can.port = \"/dev/x\": is not used: it belongs to kind \"slcan\""},
        Row{"APortOfAnotherKindOfBusIsNamed",
            "[can]\n"
            "local_port = 7\n",
            "site.toml:6: can.local_port = 7: is not used: it belongs to kind \"cannelloni\""},
        Row{"AnAliveFrameThatIsNotSentIsNamed",
            "[can]\n"
            "transmit = false\n"
            "send_alive = true\n",
            "site.toml:7: can.send_alive = true: is not used: can.transmit is false"}),
    name_of);

}  // namespace
}  // namespace jkp::config::testing
