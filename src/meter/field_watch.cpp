// SPDX-License-Identifier: MIT
#include "meter/field_watch.hpp"

#include <cmath>

namespace jkp::meter {
namespace {

constexpr int patience_periods = 3;

double in_seconds(Duration duration) {
    return std::chrono::duration<double>(duration).count();
}

WatchFault fault_of(CurrentError error) {
    return error == CurrentError::overflow ? WatchFault::overflow : WatchFault::out_of_range;
}

}  // namespace

std::string_view name(WatchFault fault) {
    switch (fault) {
        case WatchFault::waiting: return "waiting";
        case WatchFault::nothing_new: return "nothing_new";
        case WatchFault::stuck: return "stuck";
        case WatchFault::overflow: return "overflow";
        case WatchFault::out_of_range: return "out_of_range";
        case WatchFault::garbage: return "garbage";
    }
    return "";
}

std::string_view advice(WatchFault fault) {
    switch (fault) {
        case WatchFault::waiting: return "is waiting for its first sample.";
        case WatchFault::nothing_new:
            return "has stopped measuring, as after a dip of its supply; it is set up again. If this "
                   "repeats, "
                   "look at the 3.3 V wire.";
        case WatchFault::stuck:
            return "gives exactly the same three counts all the time, which no live chip does; it is set up "
                   "again. If this repeats, replace the board.";
        case WatchFault::overflow:
            return "is beyond its range: mount it farther from the cable, or use a higher gain step and "
                   "calibrate again.";
        case WatchFault::out_of_range:
            return "sees a field that the current cannot explain: it was moved or iron came near. Calibrate "
                   "again with `jk-pylon sensor calibrate`.";
        case WatchFault::garbage:
            return "sends bytes it cannot send: shorten the cable, and keep it away from the inverter.";
    }
    return "";
}

void FieldWatch::restart() {
    new_at_.reset();
    smooth_.reset();
}

Result<Milliamps, WatchFault> FieldWatch::take(const Result<Field, FieldError>& sample, TimePoint now) {
    if (!new_at_) new_at_ = now;
    if (!sample) return failure(fault_of(sample.error(), now));
    new_at_ = now;
    if (is_stuck(*sample, now)) return failure(WatchFault::stuck);
    const auto amps = field_current(model_, *sample);
    if (!amps) return failure(meter::fault_of(amps.error()));
    return reported(model_, smoothed(*amps, now));
}

WatchFault FieldWatch::fault_of(FieldError error, TimePoint now) const {
    if (error != FieldError::nothing_new) return WatchFault::garbage;
    const bool late = now - *new_at_ > patience_periods * settings_.period;
    return late ? WatchFault::nothing_new : WatchFault::waiting;
}

bool FieldWatch::is_stuck(const Field& field, TimePoint now) {
    if (last_ != field) {
        last_ = field;
        same_since_ = now;
    }
    return now - same_since_ > settings_.stuck_after;
}

// After a pause the old value says nothing about the new one, so it does not hold it back.
double FieldWatch::smoothed(double amps, TimePoint now) {
    const bool begins = !smooth_ || now - smooth_->at > patience_periods * settings_.period;
    if (begins || settings_.filter <= Duration::zero()) {
        smooth_ = Smooth{amps, now};
        return amps;
    }
    const double share = 1 - std::exp(-in_seconds(now - smooth_->at) / in_seconds(settings_.filter));
    smooth_ = Smooth{smooth_->amps + share * (amps - smooth_->amps), now};
    return smooth_->amps;
}

}  // namespace jkp::meter
