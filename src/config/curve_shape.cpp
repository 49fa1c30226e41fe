// SPDX-License-Identifier: MIT
#include "config/curve_shape.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "config/fields.hpp"

namespace jkp::config {

using control::Curve;
using control::LinearCurve;
using control::StepCurve;

Corners corners(const Curve& curve) {
    Corners list;
    if (const auto* linear = std::get_if<LinearCurve>(&curve)) {
        for (const auto& point : linear->points)
            list.push_back({double(point.x), double(point.share.count())});
        return list;
    }
    const auto& steps = std::get<StepCurve>(curve);
    list.push_back({-std::numeric_limits<double>::infinity(), double(steps.below.count())});
    for (const auto& step : steps.steps) list.push_back({double(step.x), double(step.limit.count())});
    return list;
}

bool is_monotone(const Corners& list, Direction direction) {
    for (std::size_t i = 1; i < list.size(); ++i) {
        const double change = list[i].y - list[i - 1].y;
        if (direction == Direction::falling ? change > 0 : change < 0) return false;
    }
    return true;
}

bool has_one_summit(const Corners& list) {
    const auto summit = std::ranges::max_element(list, {}, &Corner::y);
    return is_monotone({list.begin(), summit}, Direction::rising) &&
           is_monotone({summit, list.end()}, Direction::falling);
}

std::optional<double> zero_from(const Corners& list) {
    if (list.back().y != 0) return std::nullopt;
    std::size_t i = list.size() - 1;
    while (i > 0 && list[i - 1].y == 0) --i;
    return list[i].x;
}

std::optional<double> zero_until(const Curve& curve) {
    const auto list = corners(curve);
    if (list.front().y != 0) return std::nullopt;
    std::size_t i = 0;
    while (i + 1 < list.size() && list[i + 1].y == 0) ++i;
    const bool steps = std::holds_alternative<StepCurve>(curve);
    return steps && i + 1 < list.size() ? list[i + 1].x : list[i].x;
}

Milliamps peak(const Curve& curve, Milliamps maximum) {
    const auto list = corners(curve);
    const double most = std::ranges::max_element(list, {}, &Corner::y)->y;
    const double current =
        std::holds_alternative<LinearCurve>(curve) ? most / share.scale * maximum.count() : most;
    return std::min(Milliamps(static_cast<std::int32_t>(current)), maximum);
}

double value_at(const LinearCurve& curve, double x) {
    const auto list = corners(curve);
    if (x <= list.front().x) return list.front().y;
    for (std::size_t i = 1; i < list.size(); ++i) {
        if (x > list[i].x) continue;
        return std::lerp(list[i - 1].y, list[i].y, (x - list[i - 1].x) / (list[i].x - list[i - 1].x));
    }
    return list.back().y;
}

double steepest_slope(const LinearCurve& curve) {
    double steepest = 0;
    const auto list = corners(curve);
    for (std::size_t i = 1; i < list.size(); ++i) {
        const double share_change = std::abs(list[i].y - list[i - 1].y) / share.scale;
        steepest = std::max(steepest, share_change * volts.scale / (list[i].x - list[i - 1].x));
    }
    return steepest;
}

}  // namespace jkp::config
