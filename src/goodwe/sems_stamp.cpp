// SPDX-License-Identifier: MIT
#include "goodwe/sems_stamp.hpp"

#include <algorithm>

namespace jkp::goodwe {

std::optional<TimePoint> SemsStamp::of(const SemsReading& reading, TimePoint arrival,
                                       std::optional<std::int64_t> wall_ms) {
    const std::string& mark = reading.data_mark;
    const bool same = !mark.empty() && mark == mark_;
    std::optional<TimePoint> at;
    if (reading.data_ms && wall_ms) {
        const std::int64_t age_ms = std::max<std::int64_t>(*wall_ms - *reading.data_ms, 0);
        at = arrival - std::chrono::milliseconds(age_ms);
        if (same && at_) at = std::min(*at, *at_);
    } else if (same) {
        at = at_;
    } else if (!mark.empty() && !mark_.empty()) {
        // The change came at any time since then, which is long ago after a pause of the network.
        at = seen_;
    }
    if (mark.empty()) return at;
    mark_ = mark;
    seen_ = arrival;
    at_ = at;
    return at;
}

}  // namespace jkp::goodwe
