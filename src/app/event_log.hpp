// SPDX-License-Identifier: MIT
// Events as log lines. The same line again within a minute is counted instead of written; of a state that
// changes all the time, the last line always tells how it is now.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "control/event.hpp"
#include "report/words.hpp"

namespace spdlog {
class logger;
}

namespace jkp::app {

class EventLog {
  public:
    explicit EventLog(std::shared_ptr<spdlog::logger> log) : log_(std::move(log)) {}

    // Each change is told; what can come with every reading is held back as by the two below.
    void event(const control::Event& event, const control::Config& config, TimePoint now);
    // `key` names what repeats; the text may differ in details.
    void repeated(const std::string& key, report::Severity severity, const std::string& text, TimePoint now);

    // The state of `topic` is now what the text says. A few changes a minute are written at once; after that
    // only what is still true at the end of the minute.
    void state(const std::string& topic, report::Severity severity, const std::string& text, TimePoint now);
    // Writes what state() held back, when its time has come. Called with each control cycle.
    void settle(TimePoint now);

  private:
    struct Topic {
        TimePoint since{};
        unsigned written = 0;
        std::uint64_t held_back = 0;
        report::Severity severity = report::Severity::info;  // of what is held back
        std::string text;
    };
    void write(Topic& topic, report::Severity severity, const std::string& text);

    struct Last {
        TimePoint at{};
        std::uint64_t suppressed = 0;
    };
    std::shared_ptr<spdlog::logger> log_;
    std::map<std::string, Last> last_;
    std::map<std::string, Topic> topics_;
};

}  // namespace jkp::app
