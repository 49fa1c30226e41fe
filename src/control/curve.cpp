// SPDX-License-Identifier: MIT
#include "control/curve.hpp"

namespace jkp::control {
namespace {

Permille share_at(const LinearCurve& curve, std::int32_t x) {
    const auto& p = curve.points;
    if (p.empty()) return Permille(0);
    if (x <= p[0].x) return p[0].share;
    for (std::size_t i = 1; i < p.size(); ++i) {
        if (x >= p[i].x) continue;
        // Floor of the interpolation keeps a falling line falling and a rising one rising.
        const std::int64_t span = std::int64_t{p[i].x} - p[i - 1].x;
        const std::int64_t rise = std::int64_t{p[i].share.count()} - p[i - 1].share.count();
        const std::int64_t scaled_share = p[i - 1].share.count() * span + rise * (x - p[i - 1].x);
        return Permille(static_cast<std::int32_t>(scaled_share / span));
    }
    return p.back().share;
}

Milliamps limit_at(const StepCurve& curve, std::int32_t x) {
    Milliamps limit = curve.below;
    for (const Step& step : curve.steps) {
        if (x >= step.x) limit = step.limit;
    }
    return limit;
}

}  // namespace

Milliamps evaluate(const Curve& curve, std::int32_t x, Milliamps maximum) {
    const Milliamps raw = std::holds_alternative<LinearCurve>(curve)
                              ? scaled(maximum, share_at(std::get<LinearCurve>(curve), x))
                              : limit_at(std::get<StepCurve>(curve), x);
    return std::clamp(raw, Milliamps(0), std::max(maximum, Milliamps(0)));
}

}  // namespace jkp::control
