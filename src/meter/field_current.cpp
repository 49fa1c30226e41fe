// SPDX-License-Identifier: MIT
#include "meter/field_current.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::meter {
namespace {

bool is_used(const FieldModel& model, std::size_t axis) {
    const auto& rule = model.saturation;
    return model.projection[axis] != 0 || (rule && (rule->axis == axis || rule->sign_axis == axis));
}

bool has_what_it_needs(const FieldModel& model, const Field& field) {
    for (std::size_t i = 0; i < axes; ++i) {
        if (!field.axis[i] && (model.range || is_used(model, i))) return false;
    }
    return true;
}

bool is_in(const FieldRange& range, double magnitude) {
    return magnitude >= range.lowest && magnitude <= range.highest;
}

double along_the_line(const FieldModel& model, const Field& field) {
    double counts = 0;
    for (std::size_t i = 0; i < axes; ++i) counts += model.projection[i] * field.axis[i].value_or(0);
    return model.amps_per_count * (counts - model.zero_counts);
}

double undirected(const FieldModel& model, const Field& field) {
    const auto& rule = model.saturation;
    if (!rule || *field.axis[rule->axis] <= rule->above) return along_the_line(model, field);
    return *field.axis[rule->sign_axis] > 0 ? rule->amps : -rule->amps;
}

}  // namespace

FieldModel original_model() {
    FieldModel model;
    model.projection = {0, 1, 0};
    model.zero_counts = -669;
    model.amps_per_count = 40.0 / 669;
    model.saturation = Saturation{.axis = 1, .above = -300, .amps = 48, .sign_axis = 2};
    return model;
}

std::string_view name(CurrentError error) {
    switch (error) {
        case CurrentError::overflow: return "overflow";
        case CurrentError::out_of_range: return "out_of_range";
    }
    return "";
}

Result<double, CurrentError> field_current(const FieldModel& model, const Field& field) {
    if (!has_what_it_needs(model, field)) return failure(CurrentError::overflow);
    if (model.range && !is_in(*model.range, *magnitude(field))) return failure(CurrentError::out_of_range);
    const double amps = undirected(model, field);
    return std::clamp(model.reversed ? -amps : amps, -model.clamp_a, model.clamp_a);
}

Milliamps reported(const FieldModel& model, double amps) {
    if (std::abs(amps) < model.dead_band_a) return Milliamps(0);
    return Milliamps(static_cast<std::int32_t>(std::lround(amps * 1000)));
}

}  // namespace jkp::meter
