// SPDX-License-Identifier: MIT
#include "goodwe/sems_stamp.hpp"

#include <algorithm>

namespace jkp::goodwe {

TimePoint SemsStamp::of(const SemsReading& reading, TimePoint arrival, std::optional<std::int64_t> wall_ms) {
    TimePoint at = arrival;
    if (reading.data_ms && wall_ms) {
        at -= std::chrono::milliseconds(std::max<std::int64_t>(*wall_ms - *reading.data_ms, 0));
    }
    if (!reading.data_mark.empty() && reading.data_mark == mark_) at = std::min(at, at_);
    mark_ = reading.data_mark;
    at_ = at;
    return at;
}

}  // namespace jkp::goodwe
