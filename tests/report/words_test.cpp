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

TEST(Words, OfACommandNameWhoGaveItAndWhatItIs) {
    using control::CommandKind;
    using control::Event;
    using control::EventCode;
    const control::Config config = control::test::config_of_one();
    EXPECT_EQ(
        describe(Event{EventCode::command_accepted, 0, 20'000, CommandKind::max_charge, "mqtt"}, config),
        "command max_charge_a 20.0 A by mqtt");
    EXPECT_EQ(describe(Event{EventCode::command_accepted, 0, 1, CommandKind::pause, "local user 0"}, config),
              "command pause on by local user 0");
    EXPECT_EQ(describe(Event{EventCode::command_ended, 0, 1, CommandKind::pause, "http 10.0.0.7"}, config),
              "command pause released by http 10.0.0.7");
    EXPECT_EQ(describe(Event{EventCode::command_expired, 0, 1, CommandKind::force_charge, "mqtt"}, config),
              "command force_charge on is over; it was ordered by mqtt");
    EXPECT_EQ(
        describe(Event{EventCode::command_refused, 0, 3, CommandKind::force_charge, "mqtt"}, config),
        "command force_charge by mqtt refused: a pack has a fault, a lockout or a latched hard stop; see "
        "`jk-pylon status`");
    EXPECT_EQ(describe(Event{EventCode::command_ended, 0, 0, CommandKind::max_charge, {}}, config),
              "command max_charge_a released");
    EXPECT_EQ(command_value(CommandKind::pause, 0), "off");
    EXPECT_EQ(command_value(CommandKind::max_charge, std::nullopt), "released");
    EXPECT_EQ(describe(control::CommandCut::configured_maximum, control::test::amps(60)),
              "the configured maximum is 60.0 A");
    EXPECT_EQ(describe(control::CommandCut::none, {}), "");
    EXPECT_EQ(severity(EventCode::command_refused), Severity::warning);
    EXPECT_EQ(explain({.rule = control::Rule::paused}, config), "paused by command");
}

}  // namespace
}  // namespace jkp::report
