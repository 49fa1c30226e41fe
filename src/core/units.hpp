// SPDX-License-Identifier: MIT
// Integer quantities that cannot be mixed up. Construction from a bare number is explicit; sums,
// differences, scaling by integers and comparison are the only arithmetic.
// Sign of battery current and power everywhere: + charges the battery. Grid power: + is export.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <limits>

namespace jkp {

template <class Tag, class Rep>
class Quantity {
  public:
    using rep = Rep;

    constexpr Quantity() = default;
    constexpr explicit Quantity(Rep count) : count_(count) {}

    [[nodiscard]] constexpr Rep count() const { return count_; }
    constexpr auto operator<=>(const Quantity&) const = default;

    constexpr Quantity operator-() const { return Quantity(static_cast<Rep>(-count_)); }
    constexpr Quantity& operator+=(Quantity other) { return *this = *this + other; }
    constexpr Quantity& operator-=(Quantity other) { return *this = *this - other; }
    friend constexpr Quantity operator+(Quantity a, Quantity b) {
        return Quantity(static_cast<Rep>(a.count_ + b.count_));
    }
    friend constexpr Quantity operator-(Quantity a, Quantity b) {
        return Quantity(static_cast<Rep>(a.count_ - b.count_));
    }
    friend constexpr Quantity operator*(Quantity a, Rep n) {
        return Quantity(static_cast<Rep>(a.count_ * n));
    }
    friend constexpr Quantity operator/(Quantity a, Rep n) {
        return Quantity(static_cast<Rep>(a.count_ / n));
    }

    static constexpr Quantity max() { return Quantity(std::numeric_limits<Rep>::max()); }

  private:
    Rep count_ = 0;
};

using Millivolts = Quantity<struct MillivoltsTag, std::int32_t>;
using Milliamps = Quantity<struct MilliampsTag, std::int32_t>;      // battery: + charge
using Decicelsius = Quantity<struct DecicelsiusTag, std::int32_t>;  // 0.1 degree Celsius
using Permille = Quantity<struct PermilleTag, std::int32_t>;        // 0.1 %
using Watts = Quantity<struct WattsTag, std::int32_t>;              // grid: + export; battery: + charge
using WattHours = Quantity<struct WattHoursTag, std::int64_t>;
using MilliampHours = Quantity<struct MilliampHoursTag, std::int64_t>;

constexpr Milliamps magnitude(Milliamps value) {
    return value < Milliamps(0) ? -value : value;
}

// value * share, rounded towards zero; computed in 64 bits so that it cannot wrap.
constexpr Milliamps scaled(Milliamps value, Permille share) {
    return Milliamps(static_cast<std::int32_t>(std::int64_t{value.count()} * share.count() / 1000));
}

}  // namespace jkp
