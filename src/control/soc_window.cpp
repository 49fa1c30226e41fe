// SPDX-License-Identifier: MIT
#include "control/soc_window.hpp"

#include <algorithm>

namespace jkp::control {
namespace {

constexpr Permille all{1000};

bool is_winter(const SocWindow& window, std::uint8_t month) {
    const bool over_new_year = window.winter_from > window.winter_to;
    const bool after_begin = month >= window.winter_from;
    const bool before_end = month <= window.winter_to;
    return over_new_year ? after_begin || before_end : after_begin && before_end;
}

// `distance` from the border that ends the current.
Permille taper(const SocWindow& window, Permille distance) {
    if (distance <= Permille(0)) return Permille(0);
    if (distance >= window.taper) return all;
    return Permille(distance.count() * all.count() / window.taper.count());
}

}  // namespace

SocRange soc_range(const SocWindow& window, std::optional<std::uint8_t> month) {
    const SocRange winter = window.winter();
    if (month) return is_winter(window, *month) ? winter : window.range;
    return {std::max(window.range.minimum, winter.minimum), std::min(window.range.maximum, winter.maximum)};
}

// A border at 0 or 100 % is none: there the cells decide.
Permille charge_share_at(const SocWindow& window, const SocRange& range, Permille soc) {
    return range.maximum >= all ? all : taper(window, range.maximum - soc);
}

Permille discharge_share_at(const SocWindow& window, const SocRange& range, Permille soc) {
    return range.minimum <= Permille(0) ? all : taper(window, soc - range.minimum);
}

}  // namespace jkp::control
