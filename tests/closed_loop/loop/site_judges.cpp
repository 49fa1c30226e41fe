// SPDX-License-Identifier: MIT
#include "closed_loop/loop/site_judges.hpp"

#include <algorithm>
#include <cmath>

namespace jkp::closed_loop {

double transfer_w(double first_w, double second_w) {
    return std::min(std::max(first_w, 0.0), std::max(-second_w, 0.0)) +
           std::min(std::max(-first_w, 0.0), std::max(second_w, 0.0));
}

void SiteEnergy::add(const sim::Flow& flow, Duration dt) {
    const double h = std::chrono::duration<double>(dt).count() / 3600.0;
    transfer += transfer_w(flow.first_w, flow.second_w) * h;
    first += std::abs(flow.first_w) * h;
    moved += (std::abs(flow.first_w) + std::abs(flow.second_w)) * h;
    (flow.grid_w > 0.0 ? exported : imported) += std::abs(flow.grid_w) * h;
    house += flow.house_w * h;
    sun += flow.sun_w * h;
}

void SwingWatch::see(TimePoint at, double power_w) {
    const Extreme now{at, power_w};
    if (!top_ || power_w > top_->power_w) top_ = now;
    if (!bottom_ || power_w < bottom_->power_w) bottom_ = now;
    if (way_ != Way::down && top_->power_w - power_w >= least_w_) {
        turn(Way::down, *top_, now);
    } else if (way_ != Way::up && power_w - bottom_->power_w >= least_w_) {
        turn(Way::up, *bottom_, now);
    }
}

// `from` was an extreme: the half-wave that led to it is complete.
void SwingWatch::turn(Way way, const Extreme& from, const Extreme& to) {
    if (last_) half_waves_.push_back({last_->at, from.at, std::abs(from.power_w - last_->power_w)});
    last_ = from;
    way_ = way;
    top_ = bottom_ = to;
}

int SwingWatch::count(TimePoint from, TimePoint to) const {
    return static_cast<int>(std::count_if(half_waves_.begin(), half_waves_.end(),
                                          [&](const HalfWave& w) { return w.begin >= from && w.end <= to; }));
}

double SwingWatch::largest_w(TimePoint from, TimePoint to) const {
    double most = 0.0;
    for (const HalfWave& w : half_waves_) {
        if (w.begin >= from && w.end <= to) most = std::max(most, w.swing_w);
    }
    return most;
}

std::optional<Duration> SwingWatch::period(TimePoint from, TimePoint to) const {
    Duration sum{};
    int waves = 0;
    for (const HalfWave& w : half_waves_) {
        if (w.begin < from || w.end > to) continue;
        sum += w.end - w.begin;
        ++waves;
    }
    if (waves == 0) return std::nullopt;
    return sum * 2 / waves;
}

}  // namespace jkp::closed_loop
