// SPDX-License-Identifier: MIT
#include "closed_loop/loop/judges.hpp"

namespace jkp::closed_loop {

void CellWatch::see(TimePoint at, Millivolts highest, Millivolts lowest) {
    const Duration dt = at - seen_at_.value_or(at);
    if (last_ > Millivolts(3500)) above_3500_ += dt;
    if (last_ > Millivolts(3550)) above_3550_ += dt;
    seen_at_ = at;
    last_ = highest;
    if (highest > peak_) {
        peak_ = highest;
        peak_at_ = at;
    }
    if (lowest < lowest_) {
        lowest_ = lowest;
        lowest_at_ = at;
    }
}

void Reversals::see(Milliamps limit) {
    top_ = std::max(top_.value_or(limit), limit);
    bottom_ = std::min(bottom_.value_or(limit), limit);
    if (way_ != Way::down && *top_ - limit > threshold_) {
        turn(Way::down, limit);
    } else if (way_ != Way::up && limit - *bottom_ > threshold_) {
        turn(Way::up, limit);
    }
}

void Reversals::turn(Way way, Milliamps limit) {
    if (way_ != Way::unknown) ++count_;
    way_ = way;
    top_ = bottom_ = limit;
}

std::optional<Duration> LeverWatch::lasting(std::optional<TimePoint>& since, bool holds, TimePoint at) {
    if (!holds) {
        since.reset();
        return std::nullopt;
    }
    if (!since) since = at;
    return at - *since;
}

void LeverWatch::see(TimePoint at, const Charging& truth) {
    judge_stop(at, truth);
    judge_protection(at, truth);
    judge_name(at, truth);
    judge_opening(at, truth);
}

Millivolts LeverWatch::recent_pack(TimePoint at, Millivolts pack) {
    while (!packs_.empty() && packs_.front().first < at - rules_.within) packs_.pop_front();
    packs_.emplace_back(at, pack);
    const auto lower = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::max_element(packs_.begin(), packs_.end(), lower)->second;
}

void LeverWatch::judge_stop(TimePoint at, const Charging& truth) {
    const Millivolts pack = recent_pack(at, truth.pack);
    // Behind an open switch nothing is charged: such a pack leaves the charge direction to the others.
    const auto high = lasting(high_since_, truth.highest >= rules_.stop_from && truth.charge_mos, at);
    if (!high) {
        stopped_ = false;
        return;
    }
    tested_ = true;
    const bool limit = said_.charge_limit == Milliamps(0);
    const bool voltage = said_.charge_voltage <= pack;
    if (limit && voltage && !said_.charge_enable) stopped_ = true;
    if (!stopped_) slowest_ = std::max(slowest_, *high);
    if (*high <= rules_.within) return;
    faults_.current_limit = faults_.current_limit || !limit;
    faults_.charge_voltage = faults_.charge_voltage || !voltage;
    faults_.enable = faults_.enable || said_.charge_enable;
}

void LeverWatch::judge_protection(TimePoint at, const Charging& truth) {
    const auto one = lasting(alarmed_since_, truth.highest >= rules_.protection_from, at);
    const auto all = lasting(protected_since_, truth.highest_in_all >= rules_.protection_from, at);
    if (one && *one > rules_.within && !said_.over_voltage_alarm) faults_.protection = true;
    if (all && *all > rules_.within && !said_.over_voltage) faults_.protection = true;
}

void LeverWatch::judge_name(TimePoint at, const Charging& truth) {
    const bool against = said_.charge_limit == Milliamps(0) && truth.current >= rules_.named_from;
    const auto charging = lasting(charging_since_, against, at);
    if (charging && *charging > rules_.named_within && !named_) faults_.not_named = true;
}

void LeverWatch::judge_opening(TimePoint at, const Charging& truth) {
    const auto closed = lasting(closed_since_, truth.highest >= rules_.opens_from && truth.charge_mos, at);
    if (closed && *closed > rules_.opens_within) faults_.not_opened = true;
}

}  // namespace jkp::closed_loop
