// SPDX-License-Identifier: MIT
// How old the data of the portal are. It passes on what inverters send it every few minutes, and goes on
// showing the last of an inverter that is gone, so the arrival of an answer says nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/time.hpp"
#include "goodwe/sems_answer.hpp"

namespace jkp::goodwe {

class SemsStamp {
  public:
    // The instant of the data: their own time when they carry one and the wall clock is known. Otherwise
    // their mark tells: once it has changed they are not older than the last sight of the one before; until
    // then, or without a mark, nobody knows and there is none. Data that have not changed keep the instant
    // they had. Never later than `arrival`. `wall_ms`: milliseconds since 1970 UTC at `arrival`; absent = the
    // clock is not set.
    std::optional<TimePoint> of(const SemsReading& reading, TimePoint arrival,
                                std::optional<std::int64_t> wall_ms);

  private:
    std::string mark_;
    TimePoint seen_;  // the mark, the last time
    std::optional<TimePoint> at_;
};

}  // namespace jkp::goodwe
