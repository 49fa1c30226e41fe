// SPDX-License-Identifier: MIT
// Events as log lines. The same line again within a minute is counted instead of written; of a state that
// changes all the time, the last line always tells how it is now. Each line that is written is also handed
// on as a record, in both languages, so that every outlet shows the same log. Thread: that of the loop.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "control/event.hpp"
#include "report/event_record.hpp"

namespace spdlog {
class logger;
}

namespace jkp::app {

// Where the records go, and what they are stamped with.
struct EventOutlet {
    std::function<void(const report::EventRecord&)> sink;
    std::function<std::optional<WallTime>()> wall;  // empty: the records have no time of day
    TimePoint started{};                            // of the program
    std::uint64_t next_id = 1;                      // one more than the newest record that is stored
};

// What a line about a link says besides its English sentence.
struct Wording {
    std::string pack = {};  // whose link it is
    std::string de = {};    // empty: made by report::link_words_de
};

class EventLog {
  public:
    explicit EventLog(std::shared_ptr<spdlog::logger> log) : log_(std::move(log)) {}

    // From now on; before that, lines are only written.
    void hand_on(EventOutlet outlet) { outlet_ = std::move(outlet); }

    // The numbers of later records are higher by this: the file holds some that nobody knew of.
    void raise(std::uint64_t by) { outlet_.next_id += by; }

    // Each change is told; what can come with every reading is held back as by the two below.
    void event(const control::Event& event, const control::Config& config, TimePoint now);
    // `key` names what repeats; the text may differ in details. The code of the record is `key` without the
    // kind of a failed poll: "poll0silent" is "poll0".
    void repeated(const std::string& key, report::Severity severity, const std::string& text, TimePoint now,
                  const Wording& wording = {});

    // The state of `topic` is now what the text says. A few changes a minute are written at once; after that
    // only what is still true at the end of the minute.
    void state(const std::string& topic, report::Severity severity, const std::string& text, TimePoint now,
               const Wording& wording = {});
    // Written each time, for what neither repeats nor flaps: a command, a reload.
    void once(const std::string& code, report::Severity severity, const std::string& text, TimePoint now,
              const Wording& wording = {});
    // Writes what state() held back, when its time has come. Called with each control cycle.
    void settle(TimePoint now);

  private:
    using Record = report::EventRecord;
    struct Topic {
        TimePoint since{};
        unsigned written = 0;
        std::uint64_t held_back = 0;
        Record last;  // of what is held back
    };
    struct Last {
        TimePoint at{};
        std::uint64_t suppressed = 0;
    };
    void repeated(const std::string& key, Record record, TimePoint now);
    void state(const std::string& topic, Record record, TimePoint now);
    void write(Topic& topic, Record record, TimePoint now);
    void write(Record record, TimePoint now);

    std::shared_ptr<spdlog::logger> log_;
    EventOutlet outlet_;
    std::map<std::string, Last> last_;
    std::map<std::string, Topic> topics_;
};

}  // namespace jkp::app
