// SPDX-License-Identifier: MIT
// The codes of the event log, and its words in both languages.
#include "report/event_record.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "control/builders.hpp"
#include "report/words_de.hpp"

namespace jkp::report {
namespace {

using control::EventCode;

constexpr auto last_code = EventCode::command_refused;

std::vector<EventCode> codes() {
    std::vector<EventCode> all;
    for (int i = 0; i <= static_cast<int>(last_code); ++i) all.push_back(static_cast<EventCode>(i));
    return all;
}

// A value that every event can carry: the events whose value is a choice get a small one.
std::int32_t value_of(EventCode code) {
    const bool choice = code == EventCode::sample_rejected || code == EventCode::probe_missing ||
                        code == EventCode::phase_changed || code == EventCode::command_refused;
    return choice ? 2 : 3471;
}

// The numbers of a sentence with a point for the decimals, and the units behind them.
std::multiset<std::string> numbers(std::string text) {
    std::multiset<std::string> found;
    constexpr std::string_view digits = "0123456789";
    for (std::size_t at = text.find_first_of(digits); at != std::string::npos;
         at = text.find_first_of(digits, at)) {
        std::size_t end = at;
        while (end < text.size() && (digits.find(text[end]) != std::string_view::npos || text[end] == 'x' ||
                                     ((text[end] == '.' || text[end] == ',') && end + 1 < text.size() &&
                                      digits.find(text[end + 1]) != std::string_view::npos)))
            ++end;
        std::string number = text.substr(at, end - at);
        std::ranges::replace(number, ',', '.');
        for (const std::string_view unit : {" mV", " V", " mOhm", " W", " A", " %", " s"}) {
            if (!std::string_view(text).substr(end).starts_with(unit)) continue;
            number += unit;
            break;
        }
        found.insert(number);
        at = end;
    }
    return found;
}

class EachCode : public testing::TestWithParam<EventCode> {};
INSTANTIATE_TEST_SUITE_P(EventRecord, EachCode, testing::ValuesIn(codes()),
                         [](const auto& row) { return std::string(control::name(row.param)); });

TEST_P(EachCode, HasWordsInBothLanguagesWithTheSameNumbersAndUnits) {
    const EventRecord record =
        event_record({GetParam(), 0, value_of(GetParam())}, control::test::config_of_one());
    EXPECT_EQ(record.code, control::name(GetParam()));
    EXPECT_FALSE(record.topic.empty());
    ASSERT_FALSE(record.text_en.empty());
    ASSERT_FALSE(record.text_de.empty());
    EXPECT_NE(record.text_en, record.text_de);
    EXPECT_EQ(numbers(record.text_en), numbers(record.text_de)) << record.text_en << '\n' << record.text_de;
    for (const char* word : {"OVP", "UVP", "SOC", "`jk-pylon ack`", "temperature_sensors", "0x305"}) {
        EXPECT_EQ(record.text_en.find(word) == std::string::npos,
                  record.text_de.find(word) == std::string::npos)
            << word << '\n'
            << record.text_en << '\n'
            << record.text_de;
    }
}

TEST_P(EachCode, NamesItsPackInBothLanguagesOrNone) {
    control::Config config = control::test::config_of_one();
    config.packs[0].name = "zzgarage";
    const EventRecord record = event_record({GetParam(), 0, value_of(GetParam())}, config);
    const bool named = record.text_en.find("zzgarage") != std::string::npos;
    EXPECT_EQ(record.text_de.find("zzgarage") != std::string::npos, named) << record.text_de;
    EXPECT_EQ(record.pack, named ? "zzgarage" : "");
}

TEST(EventRecord, TheListOfCodesEndsWhereThisTestThinks) {
    std::set<std::string_view> names;
    for (const EventCode code : codes()) EXPECT_TRUE(names.insert(control::name(code)).second);
    EXPECT_DEATH(static_cast<void>(control::name(static_cast<EventCode>(static_cast<int>(last_code) + 1))),
                 "");
}

TEST(EventRecord, WhatIsWrongEndsUnderTheSameTopic) {
    constexpr std::pair<EventCode, EventCode> ends[] = {
        {EventCode::data_stale, EventCode::data_back},
        {EventCode::data_zero, EventCode::data_back},
        {EventCode::inverter_lost, EventCode::inverter_back},
        {EventCode::inverter_disobeys, EventCode::inverter_obeys},
        {EventCode::hard_stop_latched, EventCode::hard_stop_released},
        {EventCode::critical_high, EventCode::fault_acknowledged},
        {EventCode::critical_low, EventCode::fault_acknowledged},
        {EventCode::low_cell_lockout, EventCode::recovery_succeeded},
        {EventCode::pack_lost, EventCode::pack_joined},
        {EventCode::meter_lost, EventCode::meter_back},
        {EventCode::peer_lost, EventCode::peer_back},
        {EventCode::soc_drift, EventCode::soc_drift_over},
        {EventCode::oscillation_found, EventCode::oscillation_over},
    };
    for (const auto& [begin, end] : ends) {
        EXPECT_EQ(topic(begin), topic(end));
        EXPECT_GT(severity(begin), Severity::info);
        EXPECT_EQ(severity(end), Severity::info);
    }
}

// What the log, the history, MQTT and the webhook hand on.
TEST(EventRecord, AnOscillationComesWithItsEvidence) {
    const EventRecord record = event_record({.code = EventCode::oscillation_found,
                                             .value = 1200,
                                             .evidence = {.period = std::chrono::milliseconds(12'400),
                                                          .half_waves = 5,
                                                          .own = Watts(800),
                                                          .cap = Milliamps(9990)}},
                                            control::test::config_of_one());
    EXPECT_EQ(
        record.text_en,
        "both inverters chase each other: the power at the meter swings by 1200 W with a period of 12.4 "
        "s, 5 half-waves alike; our battery swings along by 800 W; both limits are cut to 10.0 A. Give one "
        "of them a slower control or another target");
    EXPECT_EQ(
        record.text_de,
        "Die Wechselrichter jagen einander: Die Leistung am Zähler schwingt um 1200 W mit einer Periode "
        "von 12,4 s, 5 gleiche Halbwellen; unsere Batterie schwingt um 800 W mit; beide Grenzen sind auf "
        "10,0 A gekürzt. Einen von beiden langsamer regeln lassen oder ihm ein anderes Ziel geben");
}

TEST(EventRecord, GermanNumbersHaveAComma) {
    EXPECT_EQ(describe_de({EventCode::hard_stop_released, 0, 3412}, control::test::config_of_one()),
              "A: Ladestopp aufgehoben, höchste Zelle 3,412 V");
    EXPECT_EQ(
        describe_de({EventCode::soc_drift, 0, 125}, control::test::config_of_one()),
        "Eigene Ladungszählung und BMS weichen um 12,5 % voneinander ab; eine Vollladung berichtigt beide");
}

TEST(EventRecord, EveryRejectionPhaseAndModeHasGermanWords) {
    std::set<std::string> once;
    for (int i = 0; i <= static_cast<int>(control::Rejection::probe_missing); ++i)
        EXPECT_TRUE(once.insert(describe_de(static_cast<control::Rejection>(i))).second);
    for (int i = 0; i <= static_cast<int>(control::Phase::fault); ++i)
        EXPECT_TRUE(once.insert(phase_words_de(static_cast<control::Phase>(i))).second);
    for (int i = 0; i <= static_cast<int>(control::TransportMode::muted); ++i)
        EXPECT_TRUE(once.insert(mode_words_de(static_cast<control::TransportMode>(i))).second);
}

TEST(EventRecord, ALinkSaysInGermanWhatItIsAboutAndInEnglishWhatItSaid) {
    EXPECT_EQ(link_words_de("port0", Severity::error, "pack1: the port is gone"),
              "Serielle Verbindung zum BMS, Fehler: \"pack1: the port is gone\"");
    EXPECT_EQ(link_words_de("source sma", Severity::info, "sma: heard"),
              "Quelle sma, Meldung: \"sma: heard\"");
    EXPECT_EQ(link_words_de("can", Severity::error, "x"), "CAN-Verbindung, Fehler: \"x\"");
    EXPECT_EQ(link_words_de("unheard", Severity::warning, "x"), "unheard, Warnung: \"x\"");
    EXPECT_EQ(link_words_de("foreign", Severity::error, "another battery").find("another"),
              std::string::npos);
}

TEST(EventRecord, SeveritiesHaveNames) {
    for (const Severity severity : {Severity::info, Severity::warning, Severity::error})
        EXPECT_EQ(severity_from(name(severity)), severity);
    EXPECT_EQ(severity_from("fatal"), std::nullopt);
}

}  // namespace
}  // namespace jkp::report
