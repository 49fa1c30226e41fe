// SPDX-License-Identifier: MIT
#include "control/age.hpp"

namespace jkp::control {
namespace {

Milliamps reduced(const AgeSettings& settings, Milliamps then, Duration age) {
    const std::int64_t left = (settings.zero_at - age).count();
    const std::int64_t span = (settings.zero_at - settings.reduce_from).count();
    return Milliamps(static_cast<std::int32_t>(then.count() * left / span));
}

}  // namespace

Duration fresh_for(const AgeSettings& settings, Duration poll_period) {
    // However slowly a pack is polled, the ladder itself is not moved.
    return std::min(std::max(settings.fresh, 2 * poll_period), settings.reduce_from);
}

AgeStage age_stage(const AgeSettings& settings, Duration fresh, Duration age) {
    if (age <= fresh) return AgeStage::fresh;
    if (age < settings.reduce_from) return AgeStage::falling;
    if (age < settings.zero_at) return AgeStage::reducing;
    if (age < settings.lost_at) return AgeStage::zero;
    return AgeStage::lost;
}

LadderBounds climb(const AgeSettings& settings, Ladder& ladder, Duration fresh, Duration age,
                   Milliamps charge_now, Milliamps discharge_now, Reason reason) {
    const AgeStage stage = age_stage(settings, fresh, age);
    if (stage == AgeStage::reducing && ladder.stage != AgeStage::reducing) {
        ladder.charge_then = charge_now;
        ladder.discharge_then = discharge_now;
    }
    ladder.stage = stage;
    ladder.age = age;
    reason.age = age;
    switch (stage) {
        case AgeStage::fresh:
            return {ChargeBound(Milliamps::max(), reason), DischargeBound(Milliamps::max(), reason)};
        case AgeStage::falling:
            return {ChargeBound(charge_now, reason), DischargeBound(discharge_now, reason)};
        case AgeStage::reducing:
            return {ChargeBound(reduced(settings, ladder.charge_then, age), reason),
                    DischargeBound(reduced(settings, ladder.discharge_then, age), reason)};
        case AgeStage::zero:
        case AgeStage::lost: return {ChargeBound(Milliamps(0), reason), DischargeBound(Milliamps(0), reason)};
    }
    broken("an AgeStage of the list", std::source_location::current());
}

std::string_view name(AgeStage stage) {
    switch (stage) {
        case AgeStage::fresh: return "fresh";
        case AgeStage::falling: return "falling";
        case AgeStage::reducing: return "reducing";
        case AgeStage::zero: return "zero";
        case AgeStage::lost: return "lost";
    }
    broken("an AgeStage of the list", std::source_location::current());
}

}  // namespace jkp::control
