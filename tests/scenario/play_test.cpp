// SPDX-License-Identifier: MIT
#include "scenario/play.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "scenario/keys.hpp"
#include "scenario/plot.hpp"
#include "scenario/text.hpp"
#include "support.hpp"

namespace jkp::scenario::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

std::string expect(const std::string& keys) {
    return "[[expect]]\n" + keys;
}

// What did not hold, or "".
std::string failures(const std::string& more) {
    return failures_text(play(loaded(with(more))));
}

std::string failures_of_6_minutes(const std::string& more) {
    std::string text = with(more);
    text.replace(text.find("5min"), 4, "6min");
    return failures_text(play(loaded(text)));
}

struct Effect {
    std::string_view event;   // keys besides at and pack
    std::string_view expect;  // what must then be so
};

class EachEvent : public testing::TestWithParam<Effect> {};

// At 2min all is well; the event comes at 3min, and the effect is looked for from 3min on.
TEST_P(EachEvent, HasItsEffectAndNotBefore) {
    const std::string demand = "[[expect]]\nhow = \"once\"\n" + std::string(GetParam().expect);
    const std::string before =
        "[[expect]]\nto = \"2min59s\"\nfrom = \"90s\"\nhow = \"never\"\n" + std::string(GetParam().expect);
    const std::string event = "[[event]]\nat = \"3min\"\n" + std::string(GetParam().event);
    EXPECT_EQ(failures_of_6_minutes(event + demand + "from = \"3min\"\n" + before), "");
    EXPECT_NE(failures_of_6_minutes(demand + "from = \"3min\"\n"), "")
        << "it must not be so without the event";
}

constexpr Effect effects[] = {
    {"what = \"cell forced\"\ncell = 3\nvolts = 3.56\n",
     "quantity = \"charge_rule\"\nequals = \"hard_stop\"\n"},
    {"what = \"cell misread\"\ncell = 3\nvolts = 3.56\n",
     "quantity = \"charge_rule\"\nequals = \"hard_stop\"\n"},
    {"what = \"temperature forced\"\ncelsius = -3\n",
     "quantity = \"charge_rule\"\nequals = \"battery_temperature\"\n"},
    {"what = \"soc forced\"\nsoc_pct = 80\n", "quantity = \"event\"\nequals = \"soc_drift\"\n"},
    {"what = \"current forced\"\namps = 400\n", "quantity = \"rejected\"\nmin = 1\n"},
    {"what = \"bms alarm\"\nalarm = \"cell_under_voltage\"\n",
     "quantity = \"discharge_rule\"\nequals = \"bms_alarm\"\n"},
    {"what = \"bms silent\"\n", "quantity = \"age_stage\"\nequals = \"zero\"\n"},
    {"what = \"bms frozen\"\n", "quantity = \"event\"\nequals = \"frozen_data\"\n"},
    {"what = \"start-up frames\"\n", "quantity = \"event\"\nequals = \"start_frame_held\"\n"},
    {"what = \"damaged answers\"\n", "quantity = \"age_stage\"\nequals = \"zero\"\n"},
    {"what = \"cells lost\"\ncells = 15\n", "quantity = \"rejected\"\nmin = 1\n"},
    {"what = \"sum mismatch\"\nvolts = -3\n", "quantity = \"rejected\"\nmin = 1\n"},
    {"what = \"charge switch open\"\n", "quantity = \"charge_mos\"\nequals = false\n"},
    {"what = \"discharge switch open\"\n", "quantity = \"discharge_mos\"\nequals = false\n"},
    {"what = \"gateway crash\"\nfor = \"20s\"\n", "quantity = \"silence_s\"\nmin = 18\n"},
    {"what = \"gateway stop\"\nfor = \"20s\"\n", "quantity = \"silence_s\"\nmin = 18\n"},
    {"what = \"can cut\"\n", "quantity = \"event\"\nequals = \"inverter_lost\"\n"},
    {"what = \"foreign battery\"\n", "quantity = \"silence_s\"\nmin = 8\n"},
};

// "cell_forced" of `what = "cell forced"`
std::string name_of(const testing::TestParamInfo<Effect>& tested) {
    const std::string_view text = tested.param.event;
    const std::size_t begin = text.find('"') + 1;
    std::string name(text.substr(begin, text.find('"', begin) - begin));
    std::ranges::replace_if(name, [](char c) { return c == ' ' || c == '-'; }, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Kinds, EachEvent, testing::ValuesIn(effects), name_of);

TEST(Play, AnEventEndsAfterItsTime) {
    EXPECT_EQ(failures("[[event]]\nat = \"1min\"\nwhat = \"bms silent\"\nfor = \"30s\"\n" +
                       expect("quantity = \"current_a\"\nfrom = \"80s\"\nto = \"90s\"\nequals = 0\n") +
                       expect("quantity = \"current_a\"\nfrom = \"4min\"\nequals = 10\n")),
              "");
}

TEST(Play, AnInverterThatLeaksChargesAtALimitOf0) {
    const std::string cold =
        "[[plant.pack]]\nambient_c = -3\n" + expect("quantity = \"current_a\"\nfrom = \"1min\"\n");
    EXPECT_EQ(failures(cold + "equals = 0\n"), "");
    EXPECT_EQ(failures(cold + "equals = 2\n[[event]]\nat = \"0s\"\nwhat = \"inverter leaks\"\namps = 2\n"),
              "");
    EXPECT_EQ(failures(cold + "equals = 10\n[[event]]\nat = \"0s\"\nwhat = \"inverter ignores limits\"\n"),
              "");
}

TEST(Play, ACommandThatIsRefusedIsAFailure) {
    EXPECT_EQ(failures("[[event]]\nat = \"1min\"\nwhat = \"acknowledge\"\n"),
              "FAILED  acknowledge is accepted: it was refused (line 11)\n");
    EXPECT_THAT(failures("[[event]]\nat = \"1min\"\nwhat = \"recover\"\n"), HasSubstr("it was refused"));
}

TEST(Play, AFaultIsAcknowledgedOnceTheCellsAreBack) {
    EXPECT_EQ(
        failures("[[event]]\nat = \"1min\"\nwhat = \"cell forced\"\ncell = 2\nvolts = 3.66\nfor = \"5s\"\n"
                 "[[event]]\nat = \"3min\"\nwhat = \"acknowledge\"\n" +
                 expect("quantity = \"phase\"\nfrom = \"65s\"\nto = \"3min\"\nequals = \"fault\"\n") +
                 expect("quantity = \"phase\"\nfrom = \"3min3s\"\nhow = \"never\"\nequals = \"fault\"\n")),
        "");
}

TEST(Play, NobodyCanStopAProgramThatDoesNotRun) {
    const std::string twice =
        "[[event]]\nat = \"1min\"\nwhat = \"gateway crash\"\nfor = \"1min\"\n"
        "[[event]]\nat = \"80s\"\nwhat = \"gateway crash\"\nfor = \"1min\"\n";
    EXPECT_THAT(failures(twice), HasSubstr("line 15"));
}

TEST(Play, ThereIsNoValueOfTheGatewayWhileItDoesNotRun) {
    const std::string crash = "[[event]]\nat = \"1min\"\nwhat = \"gateway crash\"\nfor = \"1min\"\n";
    const std::string within = "from = \"61s\"\nto = \"119s\"\n";
    EXPECT_THAT(failures(crash + expect("quantity = \"ccl_a\"\nmin = 0\n" + within)),
                HasSubstr("there was no value in that time"));
    EXPECT_THAT(failures(crash + expect("quantity = \"phase\"\nequals = \"bulk\"\n" + within)),
                HasSubstr("no value"));
    EXPECT_EQ(failures(crash + expect("quantity = \"battery_v\"\nmin = 50\n" + within)), "");
}

TEST(Play, TheWishMovesAsItSays) {
    EXPECT_EQ(
        failures("ramp = true\n[[wish]]\nat = \"3min\"\namps = -20\n[[wish]]\nat = \"4min\"\namps = 5\n" +
                 expect("quantity = \"current_a\"\nfrom = \"90s\"\nto = \"92s\"\nmin = -6\nmax = -4\n") +
                 expect("quantity = \"current_a\"\nfrom = \"190s\"\nto = \"239s\"\nequals = -20\n") +
                 expect("quantity = \"current_a\"\nfrom = \"250s\"\nequals = 5\n")),
        "");
}

TEST(Play, ADrawnDayIsScaledToTheBankAndTheSameEachTime) {
    const std::string text =
        "[scenario]\ntitle = \"t\"\nduration = \"24h\"\nsample_s = 600\n"
        "[[pack]]\nmax_charge_a = 30\nmax_discharge_a = 30\n[plant.day]\nseed = 4\nfrom = \"6h\"\n";
    const std::string first = csv_text(play(loaded(text)).record);
    EXPECT_EQ(first, csv_text(play(loaded(text)).record));
    std::string other = text;
    other.replace(other.find("seed = 4"), 8, "seed = 5");
    EXPECT_NE(first, csv_text(play(loaded(other)).record));
}

TEST(Play, TheSeedDecidesTheNoise) {
    std::string other(smallest);
    other.insert(other.find("[[pack]]"), "seed = 9\n");
    EXPECT_NE(csv_text(play(loaded(smallest)).record), csv_text(play(loaded(other)).record));
}

TEST(Play, AnExpectationOfEveryPackIsOneOfTheWorst) {
    const std::string two =
        "[[pack]]\nname = \"B\"\nmax_charge_a = 60\nmax_discharge_a = 60\n"
        "[[event]]\nat = \"2min\"\nwhat = \"charge switch open\"\npack = \"B\"\n"
        "[[expect]]\nquantity = \"charge_mos\"\nequals = true\n";
    EXPECT_THAT(failures(two), HasSubstr("charge_mos is true from 0s to 5min: it was false after 2min"));
    EXPECT_EQ(failures(two + "pack = \"A\"\n"), "");
    EXPECT_THAT(failures(two + "pack = \"B\"\n"), HasSubstr("charge_mos of B is true"));
}

TEST(Play, TellsProgress) {
    std::vector<Duration> told;
    play(loaded(smallest), [&](Duration passed) { told.push_back(passed); });
    ASSERT_FALSE(told.empty());
    EXPECT_LE(told.back(), minutes(5));
}

TEST(Record, HoldsARowForEachSample) {
    const Outcome outcome = play(loaded(smallest));
    ASSERT_EQ(outcome.record.rows.size(), 31U);
    EXPECT_EQ(outcome.record.rows.back().at, minutes(5));
    for (const Row& row : outcome.record.rows) {
        EXPECT_EQ(row.numbers.size(), outcome.record.numbers.size());
        EXPECT_EQ(row.words.size(), outcome.record.words.size());
    }
}

TEST(Record, LeavesTheFieldsOfAStoppedGatewayEmptyInTheCsv) {
    const auto scenario =
        loaded(with("[[event]]\nat = \"1min\"\nwhat = \"gateway crash\"\nfor = \"1min\"\n"));
    const std::string csv = csv_text(play(scenario).record);
    EXPECT_THAT(csv, HasSubstr("\n90,,,,,"));
    EXPECT_THAT(csv, HasSubstr("\n300,60,60,55.2,"));
}

TEST(Story, TellsWhatWasDoneWhatTheGatewaySaidAndWhatLimits) {
    const auto scenario =
        loaded(with("[[event]]\nat = \"3min\"\nwhat = \"sum mismatch\"\nvolts = 3\nfor = \"1min\"\n"));
    const std::string story = story_text(scenario, play(scenario));
    EXPECT_THAT(story, HasSubstr("00:03:00 > sum mismatch: 3 V, for 1min\n"));
    EXPECT_THAT(story, HasSubstr("00:04:00 > over: sum mismatch: 3 V, for 1min\n"));
    EXPECT_THAT(
        story,
        HasSubstr("A: reading rejected: the cells do not add up to the pack voltage (59 more, to 00:0"));
    EXPECT_THAT(story, HasSubstr("= charge limit 0.0 A: old data"));
    EXPECT_THAT(story, HasSubstr("What limited charging\n"));
}

TEST(Story, ClockText) {
    EXPECT_EQ(clock_text(seconds(0)), "00:00:00");
    EXPECT_EQ(clock_text(seconds(3661)), "01:01:01");
    EXPECT_EQ(clock_text(std::chrono::hours(25)), "1d 01:00:00");
}

TEST(Plot, ShowsPhasesEventsAndEscapesTheTitle) {
    std::string text = with("[[event]]\nat = \"3min\"\nwhat = \"can cut\"\n");
    text.replace(text.find("A test"), 6, "1 < 2 & </svg>");
    const auto scenario = loaded(text);
    const std::string svg = plot_svg(scenario, play(scenario));
    EXPECT_THAT(svg, HasSubstr("1 &lt; 2 &amp; &lt;/svg&gt;"));
    EXPECT_THAT(svg, HasSubstr(">bulk</text>"));
    EXPECT_THAT(svg, HasSubstr(">can cut</text>"));
    EXPECT_THAT(svg, HasSubstr("<title>charge limit</title>"));
}

}  // namespace
}  // namespace jkp::scenario::test
