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

}  // namespace
}  // namespace jkp::app
