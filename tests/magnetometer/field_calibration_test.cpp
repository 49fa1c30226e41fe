// SPDX-License-Identifier: MIT
#include "meter/field_calibration.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cmath>
#include <numbers>
#include <random>

namespace jkp::meter {
namespace {

constexpr double clamp_a = 60;

// A sensor beside one cable: the field without current, and what an ampere adds.
struct Mounting {
    Vector3 at_zero{};
    Vector3 per_amp{};

    [[nodiscard]] Vector3 field(double amps) const {
        Vector3 at{};
        for (std::size_t i = 0; i < 3; ++i) at[i] = at_zero[i] + per_amp[i] * amps;
        return at;
    }
    [[nodiscard]] CalibrationPoint point(double amps) const {
        return {field(amps), Milliamps(static_cast<int>(std::lround(amps * 1000)))};
    }
};

std::vector<CalibrationPoint> points_at(const Mounting& mounting, std::initializer_list<double> currents) {
    std::vector<CalibrationPoint> points;
    for (const double amps : currents) points.push_back(mounting.point(amps));
    return points;
}

double told(const Calibration& calibration, const Vector3& field) {
    return calibration.amps_per_count * (dot(calibration.projection, field) - calibration.zero_counts);
}

// About the mounting of the earlier program: 16.7 counts for an ampere.
const Mounting usual{{250, -669, -310}, {3, 16.4, -2}};

TEST(Calibration, TwoPointsMakeALine) {
    const auto result = calibrate(points_at(usual, {-20, 15}), clamp_a);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->unknowns, 2);
    EXPECT_NEAR(told(*result, usual.field(0)), 0, 1e-6);
    EXPECT_NEAR(told(*result, usual.field(40)), 40, 1e-6);
    EXPECT_NEAR(told(*result, usual.field(-60)), -60, 1e-6);
    EXPECT_NEAR(dot(result->projection, result->projection), 1, 1e-9);
    EXPECT_GT(result->amps_per_count, 0);
}

TEST(Calibration, TellsTheSpanAndTheResidual) {
    auto points = points_at(usual, {-20, -10, 0, 10, 30});
    const auto exact = calibrate(points, clamp_a);
    ASSERT_TRUE(exact);
    EXPECT_DOUBLE_EQ(exact->lowest_a, -20);
    EXPECT_DOUBLE_EQ(exact->highest_a, 30);
    EXPECT_LT(exact->residual_rms_a, 1e-6);
    EXPECT_LT(exact->residual_worst_a, 1e-6);
    points[2].current = Milliamps(3000);
    const auto off = calibrate(points, clamp_a);
    ASSERT_TRUE(off);
    EXPECT_NEAR(off->residual_worst_a, 2.4, 0.1);
    EXPECT_NEAR(off->residual_rms_a, 1.2, 0.2);
}

TEST(Calibration, OtherFieldsThatChangeMeanwhileAreSeparatedWhenThereArePointsEnough) {
    std::vector<CalibrationPoint> points;
    int n = 0;
    for (const double amps : {-20.0, -12.0, -5.0, 3.0, 11.0, 24.0, 30.0, -30.0}) {
        CalibrationPoint point = usual.point(amps);
        point.field[0] += (n % 3 - 1) * 150;  // a second cable on x
        point.field[2] += (n % 2) * 200;      // a door of iron on z
        points.push_back(point);
        ++n;
    }
    const auto result = calibrate(points, clamp_a);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->unknowns, 4);
    EXPECT_LT(result->residual_worst_a, 1e-6);
    Vector3 moved = usual.field(17);
    moved[0] += 80;
    EXPECT_NEAR(told(*result, moved), 17, 1e-6);
}

TEST(Calibration, NeedsPointsOnBothSidesOfZero) {
    EXPECT_EQ(calibrate({}, clamp_a).error(), CalibrationError::too_few);
    EXPECT_EQ(calibrate(points_at(usual, {5}), clamp_a).error(), CalibrationError::too_few);
    EXPECT_EQ(calibrate(points_at(usual, {5, 20, 30}), clamp_a).error(), CalibrationError::one_sided);
    EXPECT_EQ(calibrate(points_at(usual, {-5, -20, 0}), clamp_a).error(), CalibrationError::one_sided);
    EXPECT_EQ(calibrate(points_at(usual, {-0.999, 20}), clamp_a).error(), CalibrationError::one_sided);
    EXPECT_TRUE(calibrate(points_at(usual, {-1, 1}), clamp_a));
}

TEST(Calibration, RefusesAFieldThatDoesNotChange) {
    const Mounting far{{250, -669, -310}, {0.01, 0.05, 0}};
    EXPECT_EQ(calibrate(points_at(far, {-20, 20}), clamp_a).error(), CalibrationError::no_change);
}

TEST(Calibration, RefusesAFieldThatDoesNotFollowTheCurrent) {
    auto points = points_at(usual, {-20, -10, 10, 20, 5, -5});
    points[0].current = Milliamps(20000);
    points[3].current = Milliamps(-20000);
    EXPECT_EQ(calibrate(points, clamp_a).error(), CalibrationError::no_relation);
}

TEST(Calibration, TheRangeOfStrengthsCoversEveryCurrentUpToTheClamp) {
    const auto result = calibrate(points_at(usual, {-20, 15}), clamp_a);
    ASSERT_TRUE(result);
    for (double amps = -clamp_a; amps <= clamp_a; amps += 1) {
        const Vector3 at = usual.field(amps);
        const double strength = std::sqrt(dot(at, at));
        EXPECT_GE(strength, result->range.lowest) << amps;
        EXPECT_LE(strength, result->range.highest) << amps;
    }
    EXPECT_GT(result->range.lowest, 0);
}

TEST(Calibration, EveryErrorHasAWordAndAnAdvice) {
    for (const auto error : {CalibrationError::too_few, CalibrationError::one_sided,
                             CalibrationError::no_change, CalibrationError::no_relation}) {
        EXPECT_FALSE(name(error).empty());
        EXPECT_TRUE(advice(error).ends_with('.')) << name(error);
    }
}

TEST(PrincipalAxes, FindTheDirectionsOfACloud) {
    const double c = std::cos(0.4);
    const double s = std::sin(0.4);
    // variances 9, 4 and 1, the first two turned by 0.4 in the x-y plane
    const Matrix3 cloud{
        {{9 * c * c + 4 * s * s, 5 * c * s, 0}, {5 * c * s, 9 * s * s + 4 * c * c, 0}, {0, 0, 1}}};
    const auto found = principal_axes(cloud);
    EXPECT_NEAR(found[0].variance, 9, 1e-9);
    EXPECT_NEAR(found[1].variance, 4, 1e-9);
    EXPECT_NEAR(found[2].variance, 1, 1e-9);
    EXPECT_NEAR(std::abs(dot(found[0].direction, {c, s, 0})), 1, 1e-9);
    EXPECT_NEAR(std::abs(found[2].direction[2]), 1, 1e-9);
}

double between(double low, double high) {
    return low + (high - low) * *rc::gen::inRange(0, 1001) / 1000.0;
}

Vector3 direction() {
    const double z = between(-1, 1);
    const double turn = between(0, 2 * std::numbers::pi);
    const double r = std::sqrt(1 - z * z);
    return {r * std::cos(turn), r * std::sin(turn), z};
}

Mounting any_mounting() {
    Mounting mounting;
    const Vector3 earth = direction();
    const Vector3 cable = direction();
    const double strength = between(200, 700);
    const double per_amp = between(4, 20);
    for (std::size_t i = 0; i < 3; ++i) {
        mounting.at_zero[i] = strength * earth[i];
        mounting.per_amp[i] = per_amp * cable[i];
    }
    return mounting;
}

struct Noise {
    std::mt19937 source;
    std::normal_distribution<double> counts{0, 1};   // after averaging
    std::normal_distribution<double> amps{0, 0.15};  // of the reference
};

// Points at currents up to 30 A; told afterwards at currents up to 40 A.
RC_GTEST_PROP(CalibrationProperty, RecoversAnyMountingFromNoisyPoints, ()) {
    const Mounting mounting = any_mounting();
    Noise noise{std::mt19937(*rc::gen::arbitrary<unsigned>())};
    std::vector<CalibrationPoint> points;
    for (int i = 0; i < 12; ++i) {
        const double amps = -30 + 60.0 / 11 * i;
        CalibrationPoint point = mounting.point(amps + noise.amps(noise.source));
        point.field = mounting.field(amps);
        for (double& counts : point.field) counts += noise.counts(noise.source);
        points.push_back(point);
    }
    const auto result = calibrate(points, clamp_a);
    RC_ASSERT(result.has_value());
    RC_ASSERT(result->residual_rms_a < 1.0);
    for (const double amps : {-40.0, -10.0, 0.0, 10.0, 40.0})
        RC_ASSERT(std::abs(told(*result, mounting.field(amps)) - amps) < 1.0);
}

// Numbers from anywhere never give a line that is not finite.
RC_GTEST_PROP(CalibrationProperty, AnyPointsGiveAFiniteLineOrARefusal, ()) {
    const auto count = *rc::gen::inRange(0, 8);
    std::vector<CalibrationPoint> points;
    for (int i = 0; i < count; ++i) {
        points.push_back({{between(-32768, 32767), between(-32768, 32767), between(-2, 2)},
                          Milliamps(*rc::gen::inRange(-200000, 200000))});
    }
    const auto result = calibrate(points, clamp_a);
    if (!result) return;
    RC_ASSERT(std::isfinite(result->zero_counts));
    RC_ASSERT(std::isfinite(result->amps_per_count) && result->amps_per_count > 0);
    RC_ASSERT(std::isfinite(result->residual_worst_a));
    RC_ASSERT(result->range.lowest <= result->range.highest);
}

}  // namespace
}  // namespace jkp::meter
