// SPDX-License-Identifier: MIT
#include "scenario/load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario/keys.hpp"
#include "scenario/quantities.hpp"
#include "support.hpp"

namespace jkp::scenario::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

std::string error_of_event(std::string_view keys) {
    return errors_of(with("[[event]]\nat = \"1min\"\n" + std::string(keys)));
}
std::string error_of_expect(std::string_view keys) {
    return errors_of(with("[[expect]]\n" + std::string(keys)));
}

TEST(LoadScenario, TheSmallestOneHasDefaults) {
    const Scenario scenario = loaded(smallest);
    EXPECT_EQ(scenario.head.title, "A test");
    EXPECT_EQ(scenario.duration(), minutes(5));
    EXPECT_EQ(scenario.head.sample, seconds(10));
    EXPECT_EQ(scenario.gateway.control.packs.size(), 1U);
    EXPECT_EQ(scenario.packs.size(), 1U);
    EXPECT_TRUE(scenario.packs[0].noise);
    EXPECT_EQ(scenario.wish[0].current, Milliamps(10'000));
}

TEST(LoadScenario, ReadsEveryTableInItsUnits) {
    const Scenario s = loaded(with(
        "[[plant.pack]]\ncapacity_ah = 280\ncells = 15\nsoc_pct = 33.5\nover_voltage_v = 3.57\n"
        "wiring_mohm = 2.5\nambient_c = -4\nnoise = false\n"
        "[plant.inverter]\ndead_time_s = 4.5\nleak_a = 2\nignores_limits = true\n"
        "[[event]]\nat = \"1min30s\"\nwhat = \"cell misread\"\ncell = 15\nvolts = 5.2\nfor = \"2s\"\n"
        "[[expect]]\nquantity = \"dcl_a\"\nfrom = \"1min\"\nto = \"2min\"\nmin = 0.5\nhow = \"once\"\n"));
    EXPECT_EQ(s.packs[0].capacity, MilliampHours(280'000));
    EXPECT_EQ(s.packs[0].cells, 15U);
    EXPECT_EQ(s.packs[0].soc, Permille(335));
    EXPECT_EQ(s.packs[0].cell_over_voltage, Millivolts(3570));
    EXPECT_EQ(s.packs[0].wiring_micro_ohm, 2500);
    EXPECT_EQ(s.packs[0].ambient, Decicelsius(-40));
    EXPECT_FALSE(s.packs[0].noise);
    EXPECT_EQ(s.inverter.dead_time, std::chrono::milliseconds(4500));
    EXPECT_EQ(s.inverter.leak, Milliamps(2000));
    EXPECT_TRUE(s.inverter.ignore_limits);
    EXPECT_EQ(s.events[0].what, What::cell_misread);
    EXPECT_EQ(s.events[0].at, seconds(90));
    EXPECT_EQ(s.events[0].lasts, seconds(2));
    EXPECT_EQ(s.events[0].voltage, Millivolts(5200));
    EXPECT_EQ(s.expectations[0].minimum, 500);
    EXPECT_EQ(s.expectations[0].how, How::once);
    EXPECT_EQ(quantities()[s.expectations[0].quantity].name, "dcl_a");
}

TEST(LoadScenario, ThePlantTakesCapacityAndCellsOfTheGatewayWhenItSaysNothing) {
    std::string text(smallest);
    text.insert(text.find("[[wish]]"), "capacity_ah = 150\ncell_count = 8\n");
    const Scenario scenario = loaded(text);
    EXPECT_EQ(scenario.packs[0].capacity, MilliampHours(150'000));
    EXPECT_EQ(scenario.packs[0].cells, 8U);
}

TEST(LoadScenario, TheGatewayMayStandInAFileOfItsOwn) {
    const Fetch fetch = [](const std::string& name) -> Result<std::string, std::string> {
        EXPECT_EQ(name, "site.toml");
        return std::string("[[pack]]\nport = \"/dev/x\"\nmax_charge_a = 7\nmax_discharge_a = 60\n");
    };
    const std::string text =
        "[scenario]\ntitle = \"t\"\nduration = \"1min\"\nconfig = \"site.toml\"\n"
        "[[wish]]\nat = \"0s\"\namps = 1\n";
    EXPECT_EQ(loaded(text, fetch).gateway.control.packs[0].max_charge, Milliamps(7000));
    EXPECT_THAT(errors_of(text),
                HasSubstr("s.toml:4: scenario.config = \"site.toml\": cannot read site.toml"));
    EXPECT_THAT(errors_of(text + "[bank]\nquorum = 1\n", fetch), HasSubstr("write one of both"));
}

TEST(LoadScenario, ErrorsOfTheOtherFileNameThatFile) {
    const Fetch fetch = [](const std::string&) -> Result<std::string, std::string> {
        return std::string("[[pack]]\nport = \"/dev/x\"\nmax_charge_a = 6000\nmax_discharge_a = 60\n");
    };
    EXPECT_THAT(errors_of("[scenario]\ntitle = \"t\"\nduration = \"1min\"\nconfig = \"site.toml\"\n"
                          "[[wish]]\nat = \"0s\"\namps = 1\n",
                          fetch),
                HasSubstr("site.toml:3: pack[0].max_charge_a = 6000: must be between 1 and 500 A"));
}

TEST(LoadScenario, TellsEveryErrorAtOnceInTheOrderOfTheFile) {
    const std::string errors = errors_of(
        "[scenario]\n"
        "title = \"t\"\n"
        "duration = \"5 minutes\"\n"
        "[[pack]]\n"
        "max_charge_a = 6000\n"
        "max_discharge_a = 60\n"
        "[[wish]]\n"
        "at = 0\n"
        "[[event]]\n"
        "at = \"1min\"\n"
        "what = \"cell forcd\"\n"
        "[[expect]]\n"
        "quantity = \"ccl\"\n"
        "[[plant.pack]]\n"
        "capacity = 280\n");
    EXPECT_EQ(std::ranges::count(errors, '\n'), 7) << errors;
    EXPECT_THAT(errors, HasSubstr("s.toml:3: scenario.duration = \"5 minutes\": must be a duration such as"));
    EXPECT_THAT(errors, HasSubstr("s.toml:5: pack[0].max_charge_a = 6000: must be between 1 and 500 A\n"));
    EXPECT_THAT(errors, HasSubstr("s.toml:7: wish[0].amps: is missing and has no default\n"));
    EXPECT_THAT(errors, HasSubstr("s.toml:8: wish[0].at = 0: must be a text, not a whole number\n"));
    EXPECT_THAT(errors, HasSubstr("did you mean \"cell forced\"?\n"));
    EXPECT_THAT(errors, HasSubstr("s.toml:13: expect[0].quantity = \"ccl\": must be one of \"ccl_a\""));
    EXPECT_THAT(errors, HasSubstr("s.toml:15: plant.pack[0].capacity = 280: is not a known key; did you mean "
                                  "\"capacity_ah\"?\n"));
}

TEST(LoadScenario, UnknownTablesAndKeysAreErrors) {
    EXPECT_THAT(errors_of(with("[plan]\n")), HasSubstr("s.toml:11: plan = {}: is not a known key"));
    EXPECT_THAT(errors_of(with("[plant]\nsun = 1\n")),
                HasSubstr("s.toml:12: plant.sun = 1: is not a known key"));
    EXPECT_THAT(errors_of(with("[plant.inverter]\ndeadtime_s = 1\n")),
                HasSubstr("did you mean \"dead_time_s\"?"));
    EXPECT_THAT(error_of_event("what = \"can cut\"\nwhen = 1\n"),
                HasSubstr("event[0].when = 1: is not a known key"));
}

TEST(LoadScenario, WrongShapesAreErrors) {
    EXPECT_THAT(errors_of(with("event = 3\n")), HasSubstr("wish[0].event"));
    EXPECT_THAT(errors_of("event = 3\n" + std::string(smallest)),
                HasSubstr("write [[event]] in double brackets"));
    EXPECT_THAT(errors_of("expect = [1]\n" + std::string(smallest)), HasSubstr("write [[expect]] in double"));
    EXPECT_THAT(errors_of("plant = 3\n" + std::string(smallest)),
                HasSubstr("must be a table: write [plant]"));
    EXPECT_THAT(errors_of("scenario = 3\n"), HasSubstr("must be a table: write [scenario]"));
    EXPECT_THAT(errors_of("= 3\n"), HasSubstr("s.toml:1: syntax error"));
}

TEST(LoadScenario, WhatIsMissingIsNamed) {
    EXPECT_THAT(errors_of(""), HasSubstr("scenario: is missing: write [scenario]"));
    EXPECT_THAT(errors_of(""), HasSubstr("pack: is missing"));
    EXPECT_THAT(errors_of(""), HasSubstr("wish: is missing"));
    EXPECT_THAT(errors_of("[scenario]\n"), HasSubstr("scenario.duration: is missing and has no default"));
}

TEST(LoadScenario, AsManyPlantPacksAsPacks) {
    EXPECT_THAT(errors_of(with("[[plant.pack]]\n[[plant.pack]]\n")),
                HasSubstr("s.toml:11: plant.pack: must stand as often as [[pack]]: 1 times, not 2"));
}

TEST(LoadScenario, WishesFollowEachOtherAndExcludeADrawnDay) {
    EXPECT_THAT(errors_of(with("[[wish]]\nat = \"0s\"\namps = 1\n")),
                HasSubstr("wish[1].at = \"0s\": must be later"));
    EXPECT_THAT(errors_of(with("[plant.day]\nseed = 1\n")), HasSubstr("exclude each other"));
}

TEST(LoadScenario, AnEventTakesItsOwnKeysAndNoOther) {
    EXPECT_THAT(error_of_event("what = \"cell forced\"\ncell = 3\n"),
                HasSubstr("s.toml:11: event[0].volts: is missing; \"cell forced\" needs it"));
    EXPECT_THAT(error_of_event("what = \"can cut\"\nvolts = 3\n"),
                HasSubstr("event[0].volts = 3: is no key of \"can cut\""));
    EXPECT_THAT(error_of_event("what = \"gateway crash\"\n"), HasSubstr("event[0].for: is missing"));
    EXPECT_THAT(error_of_event("what = \"acknowledge\"\nfor = \"1s\"\n"),
                HasSubstr("is no key of \"acknowledge\""));
}

TEST(LoadScenario, AnEventHappensToAPackAndCellThatExistDuringTheScenario) {
    EXPECT_THAT(error_of_event("what = \"bms silent\"\npack = \"Z\"\n"),
                HasSubstr("event[0].pack = \"Z\": is not the name of a [[pack]]; there is \"A\""));
    EXPECT_THAT(error_of_event("what = \"cell forced\"\ncell = 17\nvolts = 3\n"),
                HasSubstr("event[0].cell = 17: the pack has 16 cells"));
    EXPECT_THAT(error_of_event("what = \"cells lost\"\ncells = 20\n"), HasSubstr("the pack has 16 cells"));
    EXPECT_THAT(errors_of(with("[[event]]\nat = \"6min\"\nwhat = \"can cut\"\n")),
                HasSubstr("event[0].at = \"6min\": is after the end of the scenario"));
    EXPECT_THAT(error_of_event("what = \"cell forced\"\ncell = 1\nvolts = \"3 V\"\n"),
                HasSubstr("must be a number between -100 and 100 V, not a text"));
}

TEST(LoadScenario, WithSeveralPacksAnEventNamesOne) {
    const std::string second = "[[pack]]\nname = \"B\"\nmax_charge_a = 1\nmax_discharge_a = 1\n";
    EXPECT_THAT(error_of_event("what = \"bms silent\"\n" + second), HasSubstr("event[0].pack: is missing"));
    EXPECT_EQ(error_of_event("what = \"bms silent\"\npack = \"B\"\n" + second), "");
}

TEST(LoadScenario, AnExpectationDemandsSomethingThatCanBe) {
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\n"),
                HasSubstr("takes min, max or both, or else equals"));
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nmin = 1\nequals = 1\n"), HasSubstr("or else equals"));
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nmin = 2\nmax = 1\n"), HasSubstr("min is above max"));
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nequals = \"5 A\"\n"),
                HasSubstr("must be a number, not a text"));
    EXPECT_THAT(error_of_expect("quantity = \"present\"\nequals = 1\n"), HasSubstr("must be true or false"));
    EXPECT_THAT(error_of_expect("quantity = \"phase\"\nmax = 1\n"), HasSubstr("takes equals with a word"));
    EXPECT_THAT(error_of_expect("quantity = \"phase\"\nequals = \"ful\"\n"),
                HasSubstr("did you mean \"full\"?"));
    EXPECT_THAT(error_of_expect("quantity = \"event\"\nequals = \"pack_lost\"\nhow = \"always\"\n"),
                HasSubstr("is momentary"));
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nequals = 1\npack = \"A\"\n"),
                HasSubstr("of the whole bank"));
}

TEST(LoadScenario, AnExpectationLiesWithinTheScenario) {
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nmin = 1\nfrom = \"6min\"\n"),
                HasSubstr("is after the end"));
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nmin = 1\nto = \"6min\"\n"),
                HasSubstr("is after the end"));
    EXPECT_THAT(error_of_expect("quantity = \"ccl_a\"\nmin = 1\nfrom = \"2min\"\nto = \"1min\"\n"),
                HasSubstr("from is after to"));
}

TEST(LoadScenario, TheKindsStandInTheOrderOfTheirNumbers) {
    ASSERT_EQ(kinds().size(), what_count);
    for (std::size_t i = 0; i < what_count; ++i) EXPECT_EQ(static_cast<std::size_t>(kinds()[i].what), i);
}

}  // namespace
}  // namespace jkp::scenario::test
