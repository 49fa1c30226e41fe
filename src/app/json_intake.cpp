// SPDX-License-Identifier: MIT
#include "app/json_intake.hpp"

#include <chrono>

#include "app/json_source.hpp"

namespace jkp::app {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds clocks_may_differ{60'000};

// A clock before 2024 has not been set yet.
std::optional<milliseconds> wall_time() {
    constexpr milliseconds year_2024{1'704'067'200'000};
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    const auto now = std::chrono::duration_cast<milliseconds>(since);
    return now >= year_2024 ? std::optional(now) : std::nullopt;
}

}  // namespace

Result<JsonReading, std::string> JsonIntake::read(std::string_view text, TimePoint arrival, bool kept,
                                                  JsonSourceCounters& counters) {
    if (const auto* rule = std::get_if<meter::GridRule>(&rule_)) {
        return dated(meter::read_grid(text, *rule), arrival, kept, counters);
    }
    return dated(meter::read_peer(text, std::get<meter::PeerRule>(rule_)), arrival, kept, counters);
}

template <class T>
Result<JsonReading, std::string> JsonIntake::dated(const Result<meter::Dated<T>, meter::JsonFault>& read,
                                                   TimePoint arrival, bool kept,
                                                   JsonSourceCounters& counters) {
    if (!read) {
        ++counters.faults[static_cast<std::size_t>(read.error().error)];
        return failure(describe(read.error()));
    }
    if (kept && !read->measured_ms) {
        ++counters.kept;
        return failure(std::string("the broker had kept this value, and its age is not known"));
    }
    const auto at = stamp(read->measured_ms, arrival);
    if (!at) {
        ++counters.wrong_clock;
        return failure(at.error());
    }
    ++counters.readings;
    return JsonReading(Stamped<T>{read->value, *at});
}

Result<TimePoint, std::string> JsonIntake::stamp(std::optional<std::int64_t> measured_ms, TimePoint arrival) {
    if (!measured_ms) return arrival;
    const auto wall = wall_time();
    if (!wall)
        return failure(
            std::string("the clock of this machine is not set, so the age of a value is not known"));
    const milliseconds age = *wall - milliseconds(*measured_ms);
    if (age < -clocks_may_differ) {
        return failure("its clock is " + std::to_string(-age.count() / 1000) +
                       " s ahead of ours; set both by a time server, or take out the key time");
    }
    return arrival - clock_.age(*measured_ms, wall->count(), arrival);
}

void hand_over(const JsonReading& reading, const JsonSourceHandlers& handlers) {
    if (const auto* grid = std::get_if<Stamped<GridReading>>(&reading)) {
        if (handlers.on_grid) handlers.on_grid(*grid);
    } else if (handlers.on_peer) {
        handlers.on_peer(std::get<Stamped<PeerReading>>(reading));
    }
}

}  // namespace jkp::app
