// SPDX-License-Identifier: MIT
// The text that a source tells -> a stamped reading, whichever way it came; what cannot be used is counted by
// its reason. Thread: that of the io_context.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "core/result.hpp"
#include "core/site.hpp"
#include "core/stamped.hpp"
#include "meter/json_value.hpp"
#include "meter/source_clock.hpp"

namespace jkp::app {

struct JsonSourceCounters;
struct JsonSourceHandlers;

using JsonRule = std::variant<meter::GridRule, meter::PeerRule>;
using JsonReading = std::variant<Stamped<GridReading>, Stamped<PeerReading>>;

class JsonIntake {
  public:
    explicit JsonIntake(JsonRule rule) : rule_(std::move(rule)) {}

    // The error says why it cannot be used. `kept`: a broker had it since nobody knows when, so it counts
    // only when the source itself tells the time.
    Result<JsonReading, std::string> read(std::string_view text, TimePoint arrival, bool kept,
                                          JsonSourceCounters& counters);
    void restart() { clock_ = {}; }

  private:
    template <class T>
    Result<JsonReading, std::string> dated(const Result<meter::Dated<T>, meter::JsonFault>& read,
                                           TimePoint arrival, bool kept, JsonSourceCounters& counters);
    Result<TimePoint, std::string> stamp(std::optional<std::int64_t> measured_ms, TimePoint arrival);

    JsonRule rule_;
    meter::SourceClock clock_;
};

// To the handler of its kind, if there is one.
void hand_over(const JsonReading& reading, const JsonSourceHandlers& handlers);

}  // namespace jkp::app
