// SPDX-License-Identifier: MIT
// A value and the monotonic instant at which its last byte arrived.
#pragma once

#include "core/time.hpp"

namespace jkp {

template <class T>
struct Stamped {
    T value;
    TimePoint at;

    [[nodiscard]] constexpr Duration age(TimePoint now) const { return now - at; }
    constexpr bool operator==(const Stamped&) const = default;
};

}  // namespace jkp
