// SPDX-License-Identifier: MIT
#include "meter/source_clock.hpp"

#include <algorithm>
#include <utility>

namespace jkp::meter {
namespace {

constexpr Duration tolerated = std::chrono::seconds(2);  // ahead: two good clocks and a rounded time
constexpr Duration span = std::chrono::minutes(10);

}  // namespace

Duration SourceClock::age(std::int64_t measured_ms, std::int64_t wall_ms, TimePoint now) {
    const Duration difference = std::chrono::milliseconds(wall_ms - measured_ms);
    if (last_ != measured_ms) learn(difference, now);
    last_ = measured_ms;
    return std::max(difference + ahead(), Duration::zero());
}

void SourceClock::learn(Duration difference, TimePoint now) {
    if (since_ && now - *since_ >= span) {
        before_ = std::exchange(smallest_, Duration::zero());
        since_ = now;
    }
    if (!since_) since_ = now;
    smallest_ = std::min(smallest_, difference);
}

Duration SourceClock::ahead() const {
    const Duration ahead = -std::min(smallest_, before_);
    return ahead > tolerated ? ahead : Duration::zero();
}

}  // namespace jkp::meter
