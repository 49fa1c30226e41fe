// SPDX-License-Identifier: MIT
#include "meter/field_calibration.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::meter {
namespace {

constexpr double least_spread = 0.1;      // of a direction that counts, as part of the widest
constexpr double least_counts = 2;        // standard deviation along the widest direction
constexpr double least_explained = 0.75;  // of the variance of the currents
constexpr double range_margin = 0.25;     // of |B|

using Points = std::span<const CalibrationPoint>;

double amps(const CalibrationPoint& point) {
    return point.current.count() / 1000.0;
}

// Means, and how fields and currents vary together about them.
struct Moments {
    Vector3 field{};
    double current = 0;
    Matrix3 field_field{};
    Vector3 field_current{};
    double current_current = 0;
};

Moments moments(Points points) {
    Moments m;
    const auto n = static_cast<double>(points.size());
    for (const CalibrationPoint& point : points) {
        for (std::size_t i = 0; i < 3; ++i) m.field[i] += point.field[i] / n;
        m.current += amps(point) / n;
    }
    for (const CalibrationPoint& point : points) {
        const double current = amps(point) - m.current;
        m.current_current += current * current / n;
        for (std::size_t i = 0; i < 3; ++i) {
            const double field = point.field[i] - m.field[i];
            m.field_current[i] += field * current / n;
            for (std::size_t k = 0; k < 3; ++k)
                m.field_field[i][k] += field * (point.field[k] - m.field[k]) / n;
        }
    }
    return m;
}

struct Slope {
    Vector3 amps_per_count{};
    int directions = 0;
};

// With n points at most n - 2 directions are free, else the line meets every point and the residual lies.
Slope fit(const Moments& m, std::size_t points) {
    const auto most = std::max<std::size_t>(1, points - 2);
    const auto directions = principal_axes(m.field_field);
    Slope slope;
    for (std::size_t i = 0; i < std::min<std::size_t>(most, 3); ++i) {
        const auto& [variance, direction] = directions[i];
        if (std::sqrt(variance) < least_spread * std::sqrt(directions[0].variance)) break;
        const double along = dot(direction, m.field_current) / variance;
        for (std::size_t k = 0; k < 3; ++k) slope.amps_per_count[k] += along * direction[k];
        ++slope.directions;
    }
    return slope;
}

void judge_points(Calibration& result, Points points) {
    double squares = 0;
    for (const CalibrationPoint& point : points) {
        const double counts = dot(result.projection, point.field) - result.zero_counts;
        const double off = result.amps_per_count * counts - amps(point);
        squares += off * off / static_cast<double>(points.size());
        result.residual_worst_a = std::max(result.residual_worst_a, std::abs(off));
        result.lowest_a = std::min(result.lowest_a, amps(point));
        result.highest_a = std::max(result.highest_a, amps(point));
    }
    result.residual_rms_a = std::sqrt(squares);
}

// The field moves along a straight line in space; |B| is largest at one end and smallest at one end or at the
// foot of the perpendicular from the origin.
FieldRange range_of(const Moments& m, double clamp_a) {
    Vector3 per_amp{};
    for (std::size_t i = 0; i < 3; ++i) per_amp[i] = m.field_current[i] / m.current_current;
    const auto length_at = [&](double current) {
        Vector3 at{};
        for (std::size_t i = 0; i < 3; ++i) at[i] = m.field[i] + per_amp[i] * (current - m.current);
        return std::sqrt(dot(at, at));
    };
    const double foot =
        std::clamp(m.current - dot(m.field, per_amp) / dot(per_amp, per_amp), -clamp_a, clamp_a);
    const double highest = std::max(length_at(-clamp_a), length_at(clamp_a));
    return {length_at(foot) * (1 - range_margin), highest * (1 + range_margin)};
}

bool is_one_sided(Points points) {
    const auto by_current = [](const auto& a, const auto& b) { return a.current < b.current; };
    const auto [lowest, highest] = std::ranges::minmax_element(points, by_current);
    return lowest->current > -least_reference || highest->current < least_reference;
}

}  // namespace

std::string_view name(CalibrationError error) {
    switch (error) {
        case CalibrationError::too_few: return "too_few";
        case CalibrationError::one_sided: return "one_sided";
        case CalibrationError::no_change: return "no_change";
        case CalibrationError::no_relation: return "no_relation";
    }
    return "";
}

std::string_view advice(CalibrationError error) {
    switch (error) {
        case CalibrationError::too_few:
            return "At least two points are needed; six or more at different currents are good.";
        case CalibrationError::one_sided:
            return "Points on both sides of 0 are needed: at least one while the battery is charged with 1 A "
                   "or "
                   "more, and one while it is discharged with 1 A or more.";
        case CalibrationError::no_change:
            return "The field is the same in all points: mount the sensor nearer to the cable, and near one "
                   "of "
                   "the two conductors only, because the fields of both cancel.";
        case CalibrationError::no_relation:
            return "The field does not follow the current: check the sign of each current (+ charges), that "
                   "each was steady while it was measured, and that the sensor did not move.";
    }
    return "";
}

Result<Calibration, CalibrationError> calibrate(std::span<const CalibrationPoint> points, double clamp_a) {
    if (points.size() < 2) return failure(CalibrationError::too_few);
    if (is_one_sided(points)) return failure(CalibrationError::one_sided);
    const Moments m = moments(points);
    if (std::sqrt(principal_axes(m.field_field)[0].variance) < least_counts)
        return failure(CalibrationError::no_change);
    const Slope slope = fit(m, points.size());
    const double explained = dot(slope.amps_per_count, m.field_current) / m.current_current;
    if (explained < least_explained) return failure(CalibrationError::no_relation);

    Calibration result;
    result.amps_per_count = std::sqrt(dot(slope.amps_per_count, slope.amps_per_count));
    for (std::size_t i = 0; i < 3; ++i)
        result.projection[i] = slope.amps_per_count[i] / result.amps_per_count;
    result.zero_counts = dot(result.projection, m.field) - m.current / result.amps_per_count;
    result.unknowns = slope.directions + 1;
    result.range = range_of(m, clamp_a);
    judge_points(result, points);
    return result;
}

}  // namespace jkp::meter
