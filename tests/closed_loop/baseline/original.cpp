// SPDX-License-Identifier: MIT
#include "closed_loop/baseline/original.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::closed_loop::baseline {

void Mean::append(double value) {
    values_.push_back(value);
    if (values_.size() > size_) values_.pop_front();
}

double Mean::avg() const {
    if (values_.empty()) return 0;
    double sum = 0;
    for (const double value : values_) sum += value;
    return std::round(sum / static_cast<double>(values_.size()) * 10) / 10;
}

std::optional<double> Mean::latest() const {
    if (values_.empty()) return std::nullopt;
    return values_.back();
}

int Mean::count_above(double threshold) const {
    return static_cast<int>(
        std::count_if(values_.begin(), values_.end(), [=](double v) { return v > threshold; }));
}
int Mean::count_below(double threshold) const {
    return static_cast<int>(
        std::count_if(values_.begin(), values_.end(), [=](double v) { return v < threshold; }));
}

void Original::protect_discharge(const Seen& seen) {
    double target = discharge_cap_;
    if (seen.lowest_v <= 3.15) {
        target = 0;
    } else if (seen.lowest_v <= 3.60) {
        target = 60;
    }
    if (target < discharge_cap_ || seen.soc_pct > 40) discharge_cap_ = target;
}

void Original::protect_charge(const Seen& seen) {
    const double v = seen.highest_v;
    double target = charge_cap_;
    if (v >= 3.44) {
        target = 0;
    } else if (v >= 3.42) {
        target = 30;
    } else if (v >= 3.2) {
        target = 60;
    } else if (v >= 2.7) {
        target = 20;
    }
    if (target < charge_cap_) {
        charge_cap_ = target;
        lowered_at_ = seen.time_s;
    } else if (seen.soc_pct <= 99 && v < 3.40 && !oscillates_ && seen.time_s - lowered_at_ > 2700) {
        charge_cap_ = target;
    }
}

void Original::discharge_by_sensor() {
    enforced_ = sensor_.avg() > 2;
    if (enforced_) {
        if (discharge_ >= 1) discharge_ -= 1;
    } else if (discharge_ < discharge_cap_) {
        discharge_ += 1;
    }
}

void Original::discharge_by_portal() {
    if (portal_.avg() <= 8) {
        enforced_ = false;
        return;
    }
    const double left = -battery_.avg() - portal_.avg();
    if (left > 0 && grid_.avg() > -40) {
        discharge_ = std::trunc(left);
    } else {
        discharge_ = 0;
        enforced_ = true;
    }
}

void Original::discharge_common() {
    if (each_5s_ && !enforced_) {
        if (discharge_ < discharge_cap_) discharge_ += 2;
        discharge_ = std::min(discharge_, discharge_cap_);
    }
    if (grid_.avg() < -700) discharge_ = discharge_cap_;
}

void Original::raise_charge() {
    if (!each_5s_ || charge_ >= charge_cap_) return;
    const double latest = grid_.latest().value_or(0);
    if (latest > 4000) {
        charge_ = charge_cap_;
    } else if (latest > 2000) {
        charge_ += 10;
    } else if (grid_.avg() > 4000) {
        charge_ = charge_cap_;
    } else if (grid_.avg() > 2000) {
        charge_ += 1 + std::trunc(grid_.avg() / volts_);
    } else {
        charge_ += 1;
    }
}

void Original::charge_by_sensor() {
    const double mean = sensor_.avg();
    const double latest = sensor_.latest().value_or(0);  // the original ends here without a sensor
    if ((mean > 10 && latest > 10) || grid_.avg() > 100) {
        raise_charge();
    } else if (mean <= -12) {
        charge_ -= 2;
    } else if (mean <= -4 || (mean <= 10 && latest < 10)) {
        charge_ -= 1;
    }
}

void Original::charge_by_portal() {
    if (grid_.avg() < 100) {
        if (portal_.avg() <= -1.2) charge_ = 0;
    } else if (each_5s_) {
        charge_ += std::trunc(grid_.avg() / volts_);
    }
}

void Original::watch_grid(const Seen& seen) {
    oscillates_ = false;
    if (!seen.grid_w) return;
    grid_.append(*seen.grid_w);
    oscillates_ = grid_.count_above(150) > 3 && grid_.count_below(-150) > 3;
    if (oscillates_) grid_.flush();
}

Given Original::loop(const Seen& seen) {
    each_5s_ = seen.time_s - ended_at_ > 5;
    if (seen.battery_a) battery_.append(*seen.battery_a);
    watch_grid(seen);
    volts_ = seen.battery_v;
    if (seen.peer_a) (by_ == PeerBy::sensor ? sensor_ : portal_).append(*seen.peer_a);
    protect_discharge(seen);
    by_ == PeerBy::sensor ? discharge_by_sensor() : discharge_by_portal();
    discharge_common();
    protect_charge(seen);
    by_ == PeerBy::sensor ? charge_by_sensor() : charge_by_portal();
    charge_ = std::min(charge_, charge_cap_);
    if (seen.time_s - acted_at_ > 60) {
        acted_at_ = seen.time_s;
        if (oscillates_) {
            charge_ = std::trunc(charge_ / 3);
            discharge_ = std::trunc(discharge_ / 3);
        }
    }
    charge_ = std::clamp(charge_, 0.0, std::max(charge_cap_, 0.0));
    discharge_ = std::min(discharge_, discharge_cap_);
    if (!seen.bms_ok) charge_ = discharge_ = 0;
    if (each_5s_) ended_at_ = seen.time_s;
    return {charge_, discharge_, oscillates_};
}

}  // namespace jkp::closed_loop::baseline
