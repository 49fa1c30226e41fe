// SPDX-License-Identifier: MIT
// How long our inverter takes to follow a limit, learned from cuts of a current that flows.
#pragma once

#include <optional>

#include "core/time.hpp"
#include "core/units.hpp"

namespace jkp::control {

struct Response {
    std::optional<Duration> learned;
    std::optional<TimePoint> cut_at;  // waiting for the current to follow
    Milliamps target{0};
    bool charging = false;
    bool operator==(const Response&) const = default;
};

// A limit has just fallen to `target`. Nothing can be learned when hardly more than that flows.
void expect_answer(Response& response, bool charging, Milliamps target, Milliamps current, TimePoint now);

// Our current as of `at`. `standard`: while nothing is learned.
void learn_answer(Response& response, Duration standard, Milliamps current, TimePoint at);

}  // namespace jkp::control
