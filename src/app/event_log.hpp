// SPDX-License-Identifier: MIT
// Events as log lines. The same line again within a minute is counted instead of written.
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

    void event(const control::Event& event, const control::Config& config, TimePoint now);
    // `key` names what repeats; the text may differ in details.
    void repeated(const std::string& key, report::Severity severity, const std::string& text, TimePoint now);

  private:
    struct Last {
        TimePoint at{};
        std::uint64_t suppressed = 0;
    };
    std::shared_ptr<spdlog::logger> log_;
    std::map<std::string, Last> last_;
};

}  // namespace jkp::app
