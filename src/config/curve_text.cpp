// SPDX-License-Identifier: MIT
#include "config/curve_text.hpp"

#include <cmath>

#include "config/values.hpp"

namespace jkp::config {
namespace {

using control::Curve;
using control::LinearCurve;
using control::max_curve_points;
using control::StepCurve;

constexpr double most_amps = 500;

struct Pair {
    std::int32_t x;
    std::int32_t y;
};

std::string numbered(std::size_t i) {
    return "point " + std::to_string(i + 1);
}

Result<Pair, std::string> read_pair(const Node& node, const CurveRange& range, Unit y, double most) {
    const auto* items = std::get_if<Array>(&node.value);
    if (items == nullptr || items->size() != 2) return failure(std::string(" must be a pair of two numbers"));
    const auto x_value = as_number((*items)[0]);
    const auto y_value = as_number((*items)[1]);
    if (!x_value || !y_value) return failure(std::string(" must be a pair of two numbers"));
    if (*x_value < range.minimum || *x_value > range.maximum) {
        return failure(" begins with " + decimal(*x_value) + ": must be " +
                       between(range.minimum, range.maximum, range.x.word));
    }
    if (*y_value < 0 || *y_value > most) {
        return failure(" ends with " + decimal(*y_value) + ": must be " + between(0, most, y.word));
    }
    return Pair{static_cast<std::int32_t>(std::lround(*x_value * range.x.scale)),
                static_cast<std::int32_t>(std::lround(*y_value * y.scale))};
}

// Ascending pairs; `least` of them or more.
Result<std::vector<Pair>, std::string> read_pairs(const Node& node, const CurveRange& range, Unit y,
                                                  double most, std::size_t least) {
    const auto* items = std::get_if<Array>(&node.value);
    if (items == nullptr || items->size() < least || items->size() > max_curve_points) {
        return failure("must be a list of " + std::to_string(least) + " to " +
                       std::to_string(max_curve_points) + " pairs");
    }
    std::vector<Pair> pairs;
    for (const Node& item : *items) {
        const auto pair = read_pair(item, range, y, most);
        if (!pair) return failure(numbered(pairs.size()) + pair.error());
        if (!pairs.empty() && pair->x <= pairs.back().x) {
            return failure(numbered(pairs.size()) + " must be above the one before it");
        }
        pairs.push_back(*pair);
    }
    return pairs;
}

Result<Curve, std::string> read_linear(const Node& node, const CurveRange& range) {
    const auto pairs = read_pairs(node, range, share, 1, 2);
    if (!pairs) return failure(pairs.error());
    LinearCurve curve;
    for (const Pair& pair : *pairs) curve.points.push_back({pair.x, Permille(pair.y)});
    return curve;
}

Result<Curve, std::string> read_steps(const Table& table, const CurveRange& range) {
    const Node* below = find(table, "below_a");
    const Node* steps = find(table, "steps_a");
    if (below == nullptr || steps == nullptr || table.size() != 2) {
        return failure(std::string("a curve of steps has exactly the keys below_a and steps_a"));
    }
    const auto below_value = as_number(*below);
    if (!below_value || *below_value < 0 || *below_value > most_amps) {
        return failure("below_a must be " + between(0, most_amps, "A"));
    }
    const auto pairs = read_pairs(*steps, range, amps, most_amps, 1);
    if (!pairs) return failure("steps_a: " + pairs.error());
    StepCurve curve;
    curve.below = Milliamps(static_cast<std::int32_t>(std::lround(*below_value * amps.scale)));
    for (const Pair& pair : *pairs) curve.steps.push_back({pair.x, Milliamps(pair.y)});
    return curve;
}

std::string pair_text(double x, double y) {
    return "[" + decimal(x) + ", " + decimal(y) + "]";
}

struct CurveWords {
    Unit x;
    std::string operator()(const LinearCurve& curve) const {
        std::string text;
        for (const auto& point : curve.points) {
            text +=
                (text.empty() ? "[" : ", ") + pair_text(point.x / x.scale, point.share.count() / share.scale);
        }
        return text + "]";
    }
    std::string operator()(const StepCurve& curve) const {
        std::string text;
        for (const auto& step : curve.steps) {
            text +=
                (text.empty() ? "[" : ", ") + pair_text(step.x / x.scale, step.limit.count() / amps.scale);
        }
        return "{ below_a = " + decimal(curve.below.count() / amps.scale) + ", steps_a = " + text + "] }";
    }
};

}  // namespace

Result<Curve, std::string> read_curve(const Node& node, const CurveRange& range) {
    const auto* table = std::get_if<Table>(&node.value);
    if (table != nullptr && range.steps_allowed) return read_steps(*table, range);
    return read_linear(node, range);
}

std::string curve_text(const Curve& curve, Unit x) {
    return std::visit(CurveWords{x}, curve);
}

}  // namespace jkp::config
