// SPDX-License-Identifier: MIT
// What a person reads about a cause.
#include "report/words.hpp"

#include <gtest/gtest.h>

#include "control/builders.hpp"

namespace jkp::report {
namespace {

TEST(Words, OfTheSiteNameTheOtherBatteryAndThePeriod) {
    const control::Config config = control::test::config_of_one();
    EXPECT_EQ(
        explain({.rule = control::Rule::peer_discharging,
                 .input = control::Input::peer_current,
                 .value = -5400,
                 .age = control::seconds(4)},
                config),
        "the second battery discharges, so this one charges only from a surplus: its battery at -5.4 A, 4.0 "
        "s old");
    EXPECT_EQ(
        explain({.rule = control::Rule::oscillation, .input = control::Input::period, .value = 9500}, config),
        "both inverters chase each other: period 9.5 s");
}

}  // namespace
}  // namespace jkp::report
