// SPDX-License-Identifier: MIT
#include "app/event_log.hpp"

#include <gtest/gtest.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

namespace jkp::app {
namespace {

using report::Severity;
using std::chrono::seconds;

struct Fixture {
    std::ostringstream text;
    std::shared_ptr<spdlog::logger> logger =
        std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(text));
    EventLog log{logger};

    Fixture() { logger->set_pattern("%l %v"); }
    std::vector<std::string> lines() const {
        std::vector<std::string> result;
        std::istringstream in(text.str());
        for (std::string line; std::getline(in, line);) result.push_back(line);
        return result;
    }
};

constexpr TimePoint at(int second) {
    return TimePoint(seconds(second));
}

TEST(EventLog, CountsWhatRepeatsWithinAMinute) {
    Fixture f;
    for (int second = 0; second <= 60; ++second)
        f.log.repeated("poll", Severity::warning, "the BMS sent nothing", at(second));
    EXPECT_EQ(f.lines(), (std::vector<std::string>{"warning the BMS sent nothing",
                                                   "warning the BMS sent nothing (59 more since)"}));
}

TEST(EventLog, TellsEachOfAFewChangesOfAState) {
    Fixture f;
    f.log.state("can", Severity::error, "gone", at(1));
    f.log.state("can", Severity::info, "up", at(2));
    f.log.state("can", Severity::error, "gone", at(3));
    EXPECT_EQ(f.lines(), (std::vector<std::string>{"error gone", "info up", "error gone"}));
}

TEST(EventLog, OfAStateThatFlapsTheLastLineIsTrue) {
    Fixture f;
    for (int second = 0; second < 40; ++second) {
        f.log.state("can", second % 2 == 0 ? Severity::error : Severity::info,
                    second % 2 == 0 ? "gone" : "up", at(second));
        f.log.settle(at(second));
    }
    EXPECT_EQ(f.lines().size(), 10U) << "a contact must not fill the disk";
    for (int second = 40; second < 200; ++second) f.log.settle(at(second));
    ASSERT_EQ(f.lines().size(), 11U);
    EXPECT_EQ(f.lines().back(), "info up (changed 29 times more since)");
}

TEST(EventLog, TopicsDoNotHoldEachOtherBack) {
    Fixture f;
    for (int i = 0; i < 20; ++i) f.log.state("can", Severity::info, "flap", at(0));
    f.log.state("port0", Severity::error, "gone", at(0));
    EXPECT_EQ(f.lines().back(), "error gone");
}

control::Config two_packs() {
    control::Config config;
    config.packs.resize(2);
    config.packs[0].name = "garage";
    config.packs[1].name = "attic";
    return config;
}

struct Records : Fixture {
    std::vector<report::EventRecord> records;
    Records() {
        log.hand_on({[this](const report::EventRecord& record) { records.push_back(record); },
                     [] { return WallTime{1'800'000'000}; }, at(100), 7});
    }
};

TEST(EventLog, HandsOnEveryLineItWritesAndNoOther) {
    Records f;
    f.log.event({control::EventCode::hard_stop_latched, 1, 3600}, two_packs(), at(103));
    for (int second = 104; second < 160; ++second)
        f.log.event({control::EventCode::frozen_data, 0, 0}, two_packs(), at(second));
    f.log.once("command", Severity::info, "pause by mqtt", at(160));
    ASSERT_EQ(f.records.size(), f.lines().size());
    ASSERT_EQ(f.records.size(), 3U);
    const report::EventRecord& first = f.records[0];
    EXPECT_EQ(first.id, 7U);
    EXPECT_EQ(first.at, WallTime{1'800'000'000});
    EXPECT_EQ(first.uptime, seconds(3));
    EXPECT_EQ(first.code, "hard_stop_latched");
    EXPECT_EQ(first.severity, Severity::error);
    EXPECT_EQ(first.pack, "attic");
    EXPECT_EQ(first.topic, "hard_stop");
    EXPECT_EQ("error " + first.text_en, f.lines()[0]);
    EXPECT_NE(first.text_de.find("3,600 V"), std::string::npos) << first.text_de;
    EXPECT_EQ(f.records[2].id, 9U);
    EXPECT_EQ(f.records[2].code, "command");
}

TEST(EventLog, NumbersRiseByWhatTheFileHolds) {
    Records f;
    f.log.once("command", Severity::info, "before", at(101));
    f.log.raise(100);
    f.log.once("command", Severity::info, "behind", at(102));
    ASSERT_EQ(f.records.size(), 2U);
    EXPECT_EQ(f.records[0].id, 7U);
    EXPECT_EQ(f.records[1].id, 108U);
}

TEST(EventLog, ALinkIsLostAndBackUnderTheSameCode) {
    Records f;
    f.log.state("can", Severity::error, "CAN: can0 is down", at(101));
    f.log.state("can", Severity::info, "CAN: can0 is up", at(102));
    f.log.repeated("poll0silent", Severity::warning, "garage: the BMS sent nothing", at(103), {"garage", ""});
    f.log.state("mode", Severity::info, "sending", at(104), {.de = "es wird gesendet"});
    ASSERT_EQ(f.records.size(), 4U);
    EXPECT_EQ(f.records[0].code, "can");
    EXPECT_EQ(f.records[1].code, "can");
    EXPECT_EQ(f.records[0].text_de, "CAN-Verbindung, Fehler: \"CAN: can0 is down\"");
    EXPECT_EQ(f.records[2].code, "poll0");
    EXPECT_EQ(f.records[2].pack, "garage");
    EXPECT_EQ(f.records[3].text_de, "es wird gesendet");
}

TEST(EventLog, WhatFlapsIsCountedInBothLanguages) {
    Records f;
    for (int second = 100; second < 140; ++second)
        f.log.state("can", second % 2 == 0 ? Severity::error : Severity::info, "flap", at(second));
    f.log.settle(at(200));
    ASSERT_EQ(f.records.size(), 11U);
    EXPECT_EQ(f.records.back().text_en, "flap (changed 29 times more since)");
    EXPECT_NE(f.records.back().text_de.find("(seither 29 weitere Wechsel)"), std::string::npos);
    EXPECT_EQ(f.records.back().code, "can");
    EXPECT_EQ(f.records.back().severity, Severity::info);
}

class Repeating : public testing::TestWithParam<control::EventCode> {};

TEST_P(Repeating, CanComeWithEveryReadingAndIsWrittenOnceAMinute) {
    Fixture f;
    for (int second = 0; second < 60; ++second) f.log.event({GetParam(), 0, 1}, two_packs(), at(second));
    ASSERT_EQ(f.lines().size(), 1U);
    f.log.event({GetParam(), 0, 1}, two_packs(), at(60));
    ASSERT_EQ(f.lines().size(), 2U);
    EXPECT_NE(f.lines()[1].find("(59 more since)"), std::string::npos) << f.lines()[1];
}

INSTANTIATE_TEST_SUITE_P(
    EventLog, Repeating,
    testing::Values(control::EventCode::sample_rejected, control::EventCode::probe_missing,
                    control::EventCode::start_frame_held, control::EventCode::start_frame_accepted,
                    control::EventCode::frozen_data, control::EventCode::cell_counts_differ,
                    control::EventCode::peers_differ),
    [](const auto& row) { return std::string(name(row.param)); });

struct Pair {
    control::EventCode lost;
    control::EventCode back;
};
class Flapping : public testing::TestWithParam<Pair> {};

TEST_P(Flapping, WritesAFewChangesAndInTheEndWhatIsTrue) {
    Fixture f;
    const control::Config config = two_packs();
    for (int second = 0; second < 40; ++second)
        f.log.event({second % 2 == 0 ? GetParam().lost : GetParam().back, 1, 20}, config, at(second));
    EXPECT_EQ(f.lines().size(), 10U) << "a contact must not fill the disk";
    f.log.settle(at(100));
    ASSERT_EQ(f.lines().size(), 11U);
    EXPECT_NE(f.lines().back().find(report::describe({GetParam().back, 1, 20}, config)), std::string::npos)
        << f.lines().back();
}

INSTANTIATE_TEST_SUITE_P(
    EventLog, Flapping,
    testing::Values(Pair{control::EventCode::data_stale, control::EventCode::data_back},
                    Pair{control::EventCode::data_zero, control::EventCode::data_back},
                    Pair{control::EventCode::inverter_lost, control::EventCode::inverter_back},
                    Pair{control::EventCode::inverter_disobeys, control::EventCode::inverter_obeys},
                    Pair{control::EventCode::pack_lost, control::EventCode::pack_joined},
                    Pair{control::EventCode::meter_lost, control::EventCode::meter_back},
                    Pair{control::EventCode::peer_lost, control::EventCode::peer_back},
                    Pair{control::EventCode::soc_drift, control::EventCode::soc_drift_over}),
    [](const auto& row) { return std::string(name(row.param.lost)); });

TEST(EventLog, AFaultOfTheCellsIsToldEachTime) {
    Fixture f;
    for (int i = 0; i < 20; ++i)
        f.log.event({control::EventCode::hard_stop_latched, 0, 3600}, two_packs(), at(0));
    EXPECT_EQ(f.lines().size(), 20U);
}

}  // namespace
}  // namespace jkp::app
