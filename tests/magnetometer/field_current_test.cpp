// SPDX-License-Identifier: MIT
#include "meter/field_current.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "magnetometer/support.hpp"

namespace jkp::meter {
namespace {

FieldModel along_y() {
    FieldModel model;
    model.projection = {0, 1, 0};
    model.zero_counts = -669;
    model.amps_per_count = 0.06;
    return model;
}

TEST(FieldCurrent, IsAStraightLineThroughItsZero) {
    EXPECT_DOUBLE_EQ(field_current(along_y(), field(5, -669, 9)).value(), 0);
    EXPECT_DOUBLE_EQ(field_current(along_y(), field(5, -569, 9)).value(), 6);
    EXPECT_DOUBLE_EQ(field_current(along_y(), field(5, -769, 9)).value(), -6);
}

TEST(FieldCurrent, FollowsADirectionInSpace) {
    FieldModel model = along_y();
    model.projection = {0.6, 0, -0.8};
    model.zero_counts = 0;
    EXPECT_DOUBLE_EQ(field_current(model, field(100, 7, -50)).value(), 0.06 * 100);
}

TEST(FieldCurrent, TurnsRoundWhenReversed) {
    FieldModel model = along_y();
    model.reversed = true;
    EXPECT_DOUBLE_EQ(field_current(model, field(0, -569, 0)).value(), -6);
}

TEST(FieldCurrent, IsClampedBothWays) {
    FieldModel model = along_y();
    model.clamp_a = 10;
    EXPECT_DOUBLE_EQ(field_current(model, field(0, 2000, 0)).value(), 10);
    EXPECT_DOUBLE_EQ(field_current(model, field(0, -2048, 0)).value(), -10);
}

TEST(FieldCurrent, IsReportedAsZeroInsideTheDeadBandOnly) {
    FieldModel model = along_y();
    model.dead_band_a = 0.5;
    EXPECT_EQ(reported(model, 0.499), Milliamps(0));
    EXPECT_EQ(reported(model, -0.499), Milliamps(0));
    EXPECT_EQ(reported(model, 0.5), Milliamps(500));
    EXPECT_EQ(reported(model, -0.5), Milliamps(-500));
    EXPECT_EQ(reported(model, 12.3456), Milliamps(12346));
}

TEST(FieldCurrent, AnOverflowOfAUsedAxisIsUnknownAndOfAnotherDoesNotMatter) {
    const Field without_y{{1, std::nullopt, 3}};
    const Field without_x{{std::nullopt, -669, 3}};
    EXPECT_EQ(field_current(along_y(), without_y).error(), CurrentError::overflow);
    EXPECT_DOUBLE_EQ(field_current(along_y(), without_x).value(), 0);
}

TEST(FieldCurrent, AnOverflowOfAnyAxisIsUnknownWhenTheStrengthOfTheFieldIsJudged) {
    FieldModel model = along_y();
    model.range = FieldRange{0, 5000};
    EXPECT_EQ(field_current(model, Field{{std::nullopt, -669, 3}}).error(), CurrentError::overflow);
}

TEST(FieldCurrent, AFieldOfImpossibleStrengthIsUnknown) {
    FieldModel model = along_y();
    model.range = FieldRange{500, 1000};
    EXPECT_TRUE(field_current(model, field(0, -500, 0)));
    EXPECT_TRUE(field_current(model, field(0, -1000, 0)));
    EXPECT_EQ(field_current(model, field(0, -499, 0)).error(), CurrentError::out_of_range);
    EXPECT_EQ(field_current(model, field(0, -1001, 0)).error(), CurrentError::out_of_range);
    EXPECT_EQ(field_current(model, field(800, -669, 800)).error(), CurrentError::out_of_range);
}

TEST(OriginalModel, GivesTheFiguresOfTheEarlierProgram) {
    const FieldModel model = original_model();
    EXPECT_NEAR(field_current(model, field(0, -669, 0)).value(), 0, 1e-9);
    EXPECT_NEAR(field_current(model, field(0, -300, 0)).value(), 22.06, 0.005);
    EXPECT_NEAR(field_current(model, field(0, -1472, 0)).value(), -48, 0.02);
    EXPECT_NEAR(field_current(model, field(0, -1000, 0)).value(), 40.0 / 669 * -1000 + 40, 1e-9);
}

TEST(OriginalModel, JumpsTo48AmpereWhereItsLineBends) {
    EXPECT_DOUBLE_EQ(field_current(original_model(), field(0, -299, 1)).value(), 48);
    EXPECT_DOUBLE_EQ(field_current(original_model(), field(0, -299, 0)).value(), -48);
    EXPECT_DOUBLE_EQ(field_current(original_model(), field(0, 500, -1)).value(), -48);
}

TEST(OriginalModel, AnOverflowIsUnknownInsteadOfMinus205Ampere) {
    for (const Field& overflow : {Field{{0, std::nullopt, 0}}, Field{{0, -669, std::nullopt}}})
        EXPECT_EQ(field_current(original_model(), overflow).error(), CurrentError::overflow);
}

RC_GTEST_PROP(FieldCurrentProperty, IsFiniteAndWithinTheClamp, ()) {
    const auto count = rc::gen::inRange(-32768, 32768);
    FieldModel model = *rc::gen::arbitrary<bool>() ? original_model() : along_y();
    model.reversed = *rc::gen::arbitrary<bool>();
    model.clamp_a = *rc::gen::inRange(1, 200);
    const auto amps = field_current(model, field(*count, *count, *count));
    RC_ASSERT(amps.has_value());
    RC_ASSERT(*amps >= -model.clamp_a && *amps <= model.clamp_a);
}

}  // namespace
}  // namespace jkp::meter
