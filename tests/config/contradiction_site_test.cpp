// SPDX-License-Identifier: MIT
// Contradictions of ages, currents, the SOC window, several packs and the site: values that are each in
// range. One row each.
#include "contradiction.hpp"

namespace jkp::config::testing {
namespace {

class SiteContradictions : public ::testing::TestWithParam<Row> {};

TEST_P(SiteContradictions, AreToldInOneLineThatNamesBothKeys) {
    expect_refused(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    SocWindow, SiteContradictions,
    ::testing::Values(
        Row{"TheMinimumIsAboveTheMaximum",
            "[control.soc_window]\n"
            "minimum_pct = 80\n"
            "maximum_pct = 40\n",
            "site.toml:7: control.soc_window.maximum_pct = 40: control.soc_window.minimum_pct "
            "(80 %) must be below control.soc_window.maximum_pct (40 %)"},
        Row{"TheWinterMinimumIsTheWinterMaximum",
            "[control.soc_window]\n"
            "winter_minimum_pct = 60\n"
            "winter_maximum_pct = 60\n",
            "site.toml:7: control.soc_window.winter_maximum_pct = 60: "
            "control.soc_window.winter_minimum_pct (60 %) must be below "
            "control.soc_window.winter_maximum_pct (60 %)"},
        Row{"TheWinterMinimumIsAboveTheMaximum",
            "[control.soc_window]\n"
            "maximum_pct = 50\n"
            "winter_minimum_pct = 60\n",
            "site.toml:7: control.soc_window.winter_minimum_pct = 60: "
            "control.soc_window.winter_minimum_pct (60 %) must be below "
            "control.soc_window.maximum_pct (50 %), or no charge is in both ranges while the "
            "date is not known"},
        Row{"TheMinimumIsAboveTheWinterMaximum",
            "[control.soc_window]\n"
            "minimum_pct = 60\n"
            "winter_maximum_pct = 50\n",
            "site.toml:7: control.soc_window.winter_maximum_pct = 50: "
            "control.soc_window.minimum_pct (60 %) must be below "
            "control.soc_window.winter_maximum_pct (50 %), or no charge is in both ranges while "
            "the date is not known"},
        Row{"TheRangesOfTheSeasonsDoNotOverlap",
            "[control.soc_window]\n"
            "minimum_pct = 10\n"
            "maximum_pct = 40\n"
            "winter_minimum_pct = 50\n"
            "winter_maximum_pct = 80\n",
            "site.toml:8: control.soc_window.winter_minimum_pct = 50: "
            "control.soc_window.winter_minimum_pct (50 %) must be below "
            "control.soc_window.maximum_pct (40 %), or no charge is in both ranges while the "
            "date is not known"},
        Row{"ChargingRisesOnlyAboveTheMaximum",
            "[control.curves]\n"
            "charge_rise_soc_above_pct = 80\n"
            "[control.soc_window]\n"
            "maximum_pct = 80\n",
            "site.toml:8: control.soc_window.maximum_pct = 80: "
            "control.curves.charge_rise_soc_above_pct (80 %) must be below "
            "control.soc_window.maximum_pct (80 %), or the limit never rises again"},
        Row{"ChargingRisesOnlyAboveTheWinterMaximum",
            "[control.curves]\n"
            "charge_rise_soc_above_pct = 60\n"
            "[control.soc_window]\n"
            "winter_maximum_pct = 50\n",
            "site.toml:8: control.soc_window.winter_maximum_pct = 50: "
            "control.curves.charge_rise_soc_above_pct (60 %) must be below "
            "control.soc_window.winter_maximum_pct (50 %), or the limit never rises again"},
        Row{"DischargingRisesOnlyAboveAHundredPercent",
            "[control.curves]\n"
            "discharge_rise_soc_above_pct = 100\n",
            "site.toml:6: control.curves.discharge_rise_soc_above_pct = 100: "
            "control.curves.discharge_rise_soc_above_pct (100 %) must be below "
            "control.soc_window.maximum_pct (100 %), or the limit never rises again"},
        Row{"APresetRisesOnlyAboveTheWinterMaximum",
            "[control]\n"
            "preset = \"original-strict\"\n"
            "[control.soc_window]\n"
            "winter_maximum_pct = 35\n",
            "site.toml:8: control.soc_window.winter_maximum_pct = 35: "
            "control.curves.discharge_rise_soc_above_pct (40 %) must be below "
            "control.soc_window.winter_maximum_pct (35 %), or the limit never rises again"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Ages, SiteContradictions,
    ::testing::Values(
        Row{"FreshIsLongerThanTheFirstReduction",
            "[control.age]\n"
            "fresh_s = 6\n",
            "site.toml:6: control.age.fresh_s = 6: control.age.fresh_s (6 s) must be at most "
            "control.age.reduce_from_s (5 s)"},
        Row{"ZeroComesBeforeTheReduction",
            "[control.age]\n"
            "zero_s = 4\n",
            "site.toml:6: control.age.zero_s = 4: control.age.reduce_from_s (5 s) must be below "
            "control.age.zero_s (4 s)"},
        Row{"LostComesBeforeZero",
            "[control.age]\n"
            "lost_s = 10\n",
            "site.toml:6: control.age.lost_s = 10: control.age.zero_s (15 s) must be at most "
            "control.age.lost_s (10 s)"},
        Row{"OneLostAnswerReachesTheReduction",
            "poll_s = 2\n"
            "[control.age]\n"
            "reduce_from_s = 3\n",
            "site.toml:7: control.age.reduce_from_s = 3: twice pack[0].poll_s (2 s) must be at "
            "most control.age.reduce_from_s (3 s), or a single lost answer costs current"},
        Row{"OneSlowFailureReachesTheReduction",
            "response_timeout_ms = 1500\n"
            "[control.age]\n"
            "reduce_from_s = 2\n",
            "site.toml:7: control.age.reduce_from_s = 2: pack[0].response_timeout_ms (1.5 s) and "
            "pack[0].poll_s (1 s) together must be at most control.age.reduce_from_s (2 s), or a "
            "single lost answer costs current"},
        Row{"FastIsSlowerThanTheOrdinaryPoll",
            "fast_poll = true\n"
            "fast_poll_s = 0.9\n"
            "poll_s = 0.5\n",
            "site.toml:7: pack[0].poll_s = 0.5: pack[0].fast_poll_s (0.9 s) must be at most "
            "pack[0].poll_s (0.5 s)"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Currents, SiteContradictions,
    ::testing::Values(
        Row{"TheSmallestUsefulCurrentIsAboveThePacksMaximum",
            "[profile]\n"
            "smallest_useful_a = 50\n"
            "[[pack]]\n"
            "port = \"/dev/b\"\n"
            "max_charge_a = 10\n"
            "max_discharge_a = 60\n",
            "site.toml:9: pack[1].max_charge_a = 10: profile.smallest_useful_a (50 A) must be at "
            "most pack[1].max_charge_a (10 A), or no current ever flows"},
        Row{"TheSmallestUsefulCurrentIsAboveTheDischargeMaximum",
            "[profile]\n"
            "smallest_useful_a = 50\n"
            "[[pack]]\n"
            "port = \"/dev/b\"\n"
            "max_charge_a = 60\n"
            "max_discharge_a = 20\n",
            "site.toml:10: pack[1].max_discharge_a = 20: profile.smallest_useful_a (50 A) must "
            "be at most pack[1].max_discharge_a (20 A), or no current ever flows"},
        Row{"TheSmallestUsefulCurrentIsAboveTheBanksMaximum",
            "[profile]\n"
            "smallest_useful_a = 20\n"
            "[bank]\n"
            "max_charge_a = 15\n",
            "site.toml:8: bank.max_charge_a = 15: profile.smallest_useful_a (20 A) must be at "
            "most bank.max_charge_a (15 A), or no current ever flows"},
        Row{"TheSmallestUsefulCurrentIsAboveTheBanksDischargeMaximum",
            "[profile]\n"
            "smallest_useful_a = 20\n"
            "[bank]\n"
            "max_discharge_a = 15\n",
            "site.toml:8: bank.max_discharge_a = 15: profile.smallest_useful_a (20 A) must be at "
            "most bank.max_discharge_a (15 A), or no current ever flows"},
        Row{"TheSmallestUsefulCurrentIsAboveTheChargeCurve",
            "[profile]\n"
            "smallest_useful_a = 20\n"
            "[control.curves]\n"
            "charge_by_highest = { below_a = 10, steps_a = [[3.5, 0]] }\n",
            "site.toml:8: control.curves.charge_by_highest = {...}: profile.smallest_useful_a "
            "(20 A) must be at most the most that control.curves.charge_by_highest allows (10 "
            "A), or no current ever flows"},
        Row{"TheSmallestUsefulCurrentIsAboveTheRefillCurve",
            "[profile]\n"
            "smallest_useful_a = 20\n"
            "[control.curves]\n"
            "charge_by_lowest = [[2.6, 0], [3.0, 0.3]]\n",
            "site.toml:8: control.curves.charge_by_lowest = [...]: profile.smallest_useful_a (20 "
            "A) must be at most the most that control.curves.charge_by_lowest allows (18 A), or "
            "no current ever flows"},
        Row{"TheSmallestUsefulCurrentIsAboveTheDischargeCurve",
            "[profile]\n"
            "smallest_useful_a = 20\n"
            "[control.curves]\n"
            "discharge_by_lowest = [[3.0, 0], [3.2, 0.25]]\n",
            "site.toml:8: control.curves.discharge_by_lowest = [...]: profile.smallest_useful_a "
            "(20 A) must be at most the most that control.curves.discharge_by_lowest allows (15 "
            "A), or no current ever flows"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Bank, SiteContradictions,
    ::testing::Values(
        Row{"TwoPacksShareAPort",
            "[[pack]]\n"
            "port = \"/dev/ttyUSB0\"\n"
            "max_charge_a = 60\n"
            "max_discharge_a = 60\n",
            "site.toml:6: pack[1].port = \"/dev/ttyUSB0\": pack[1].port and pack[0].port are both "
            "/dev/ttyUSB0: each BMS needs a port of its own"},
        Row{"TwoPacksShareAName",
            "name = \"a\"\n"
            "[[pack]]\n"
            "name = \"a\"\n"
            "port = \"/dev/b\"\n"
            "max_charge_a = 60\n"
            "max_discharge_a = 60\n",
            "site.toml:7: pack[1].name = \"a\": pack[1].name and pack[0].name are both a: each "
            "pack needs its own name"},
        Row{"APackHasTheStandardNameOfAnother",
            "name = \"pack2\"\n"
            "[[pack]]\n"
            "port = \"/dev/b\"\n"
            "max_charge_a = 60\n"
            "max_discharge_a = 60\n",
            "site.toml:5: pack[0].name = \"pack2\": pack[1].name and pack[0].name are both pack2: "
            "each pack needs its own name"},
        Row{"TwoPacksHaveDifferentNumbersOfCells",
            "cell_count = 16\n"
            "[[pack]]\n"
            "port = \"/dev/b\"\n"
            "max_charge_a = 60\n"
            "max_discharge_a = 60\n"
            "cell_count = 15\n",
            "site.toml:10: pack[1].cell_count = 15: pack[1].cell_count (15) must equal "
            "pack[0].cell_count (16): packs in parallel have equally many cells"},
        Row{"TheQuorumIsAboveTheNumberOfPacks",
            "[bank]\n"
            "quorum = 2\n",
            "site.toml:6: bank.quorum = 2: bank.quorum (2) must be at most the number of "
            "[[pack]] tables (1)"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Site, SiteContradictions,
    ::testing::Values(
        Row{"SlcanHasNoPort",
            "[can]\n"
            "kind = \"slcan\"\n",
            "site.toml:6: can.kind = \"slcan\": can.kind \"slcan\" needs can.port"},
        Row{"CannelloniHasNoOtherEnd",
            "[can]\n"
            "kind = \"cannelloni\"\n",
            "site.toml:6: can.kind = \"cannelloni\": can.kind \"cannelloni\" needs can.remote"},
        Row{"CandumpHasNoFile",
            "[can]\n"
            "kind = \"candump\"\n",
            "site.toml:6: can.kind = \"candump\": can.kind \"candump\" needs can.file"},
        Row{"SlcanDoesNotKnowTheBitRate",
            "[can]\n"
            "kind = \"slcan\"\n"
            "port = \"/dev/x\"\n"
            "bitrate = 83333\n",
            "site.toml:8: can.bitrate = 83333: can.kind \"slcan\" knows can.bitrate 10000, 20000, "
            "50000, 100000, 125000, 250000, 500000, 800000 and 1000000 bit/s only"},
        Row{"OnlySocketcanCanBeManaged",
            "[can]\n"
            "kind = \"slcan\"\n"
            "port = \"/dev/x\"\n"
            "manage_interface = true\n",
            "site.toml:8: can.manage_interface = true: can.manage_interface works with can.kind "
            "\"socketcan\" only"},
        Row{"TheBmsAndTheCanAdapterShareAPort",
            "[can]\n"
            "kind = \"slcan\"\n"
            "port = \"/dev/ttyUSB0\"\n",
            "site.toml:7: can.port = \"/dev/ttyUSB0\": can.port and pack[0].port are both "
            "/dev/ttyUSB0: each needs its own"},
        Row{"TheFramesAndTheStateShareAFile",
            "[can]\n"
            "kind = \"candump\"\n"
            "file = \"/tmp/a\"\n"
            "[state]\n"
            "file = \"/tmp/a\"\n",
            "site.toml:9: state.file = \"/tmp/a\": state.file and can.file are both /tmp/a: each "
            "needs its own"},
        Row{"TheLogAndTheStateShareAFile",
            "[log]\n"
            "target = \"file\"\n"
            "file = \"/tmp/a\"\n"
            "[state]\n"
            "file = \"/tmp/a\"\n",
            "site.toml:9: state.file = \"/tmp/a\": state.file and log.file are both /tmp/a: each "
            "needs its own"},
        Row{"TheSocketAndTheStateShareAFile",
            "[socket]\n"
            "path = \"/tmp/a\"\n"
            "[state]\n"
            "file = \"/tmp/a\"\n",
            "site.toml:8: state.file = \"/tmp/a\": socket.path and state.file are both /tmp/a: "
            "each needs its own"}),
    name_of);

}  // namespace
}  // namespace jkp::config::testing
