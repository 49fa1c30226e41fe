// SPDX-License-Identifier: MIT
// What loads but is said to be unwise.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config_test_support.hpp"

namespace jkp::config {
namespace {

using namespace testing;
using ::testing::HasSubstr;

// 200 A x 12.5 per volt x 1 mOhm x 100 / 50 Ah = 5.
TEST(Warnings, ALoopGainOfOneOrMoreIsNamedWithItsNumber) {
    const std::string warnings = warnings_of(
        "[[pack]]\nport = \"/dev/x\"\nmax_charge_a = 200\nmax_discharge_a = 10\ncapacity_ah = 50\n");
    EXPECT_EQ(
        warnings,
        "site.toml:3: pack[0].max_charge_a = 200: the loop gain of control.curves.charge_by_highest is 5.00 "
        "(maximum x steepest 12.50 per volt x 2.00 mOhm): at 1 or more the current can hunt; make the curve "
        "flatter or the maximum smaller\n");
}

TEST(Warnings, ALoopGainJustBelowOneIsFine) {
    const auto at = [](int amps) {
        return warnings_of("[[pack]]\nport = \"/dev/x\"\nmax_charge_a = " + std::to_string(amps) +
                           "\nmax_discharge_a = 10\ncapacity_ah = 100\n");
    };
    EXPECT_EQ(at(79), "");
    EXPECT_THAT(at(80), HasSubstr("is 1.00"));
}

TEST(Warnings, TheGainOfTheDischargeCurveIsJudgedToo) {
    EXPECT_THAT(
        warnings_of("[[pack]]\nport = \"/dev/x\"\nmax_charge_a = 10\nmax_discharge_a = 300\n"
                    "capacity_ah = 100\n[control.curves]\ndischarge_by_lowest = [[3.0, 0], [3.2, 1]]\n"),
        HasSubstr("site.toml:7: control.curves.discharge_by_lowest = [...]: the loop gain of "
                  "control.curves.discharge_by_lowest is 1.50"));
}

TEST(Warnings, StepsAreExemptFromTheGainButNeedTheirHold) {
    const std::string steps =
        "capacity_ah = 50\n[control]\npreset = \"original\"\n[control.dynamics]\nrise_hold_s = ";
    EXPECT_EQ(warnings_of(with(steps + "10\n")), "");
    EXPECT_THAT(warnings_of(with(steps + "5\n")), HasSubstr("control.dynamics.rise_hold_s = 5: steps in"));
}

std::string sixty_four_packs(int max_charge_a) {
    std::string text;
    for (int i = 0; i < 64; ++i) {
        text += "[[pack]]\nport = \"/dev/" + std::to_string(i) +
                "\"\nmax_charge_a = " + std::to_string(max_charge_a) + "\nmax_discharge_a = 50\n";
    }
    return text;
}

TEST(Warnings, ASumOfPacksThatTheWireCannotCarryIsNamed) {
    EXPECT_EQ(warnings_of(sixty_four_packs(51)), "");
    EXPECT_EQ(warnings_of(sixty_four_packs(52)),
              "site.toml:255: pack[63].max_charge_a = 52: the sum of max_charge_a of all packs (3328 A) is "
              "above 3276.7 A, the most that can be told to the inverter; the rest is not used\n");
    EXPECT_EQ(warnings_of(sixty_four_packs(52) + "[bank]\nmax_charge_a = 3000\n"), "")
        << "the bank's own maximum is what counts then";
}

TEST(Warnings, APresetWithItsOwnDefaultsIsNotQuestioned) {
    EXPECT_EQ(warnings_of(with("[control]\npreset = \"original-strict\"\n")), "");
    EXPECT_THAT(warnings_of(with("[control]\npreset = \"original-strict\"\n"
                                 "[control.voltage]\ncharge_per_cell_v = 3.45\n")),
                HasSubstr("site.toml:8: control.voltage.charge_per_cell_v = 3.45"));
}

}  // namespace
}  // namespace jkp::config
