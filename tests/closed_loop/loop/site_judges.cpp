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

void SwingTime::add(std::span<const SwingWatch::HalfWave> half_waves, Duration lasts) {
    lasts_ += lasts;
    for (const SwingWatch::HalfWave& w : half_waves) {
        if (w.end - w.begin <= longest) parts_.push_back({w.swing_w, w.end - w.begin});
    }
}

void SwingTime::add(const SwingTime& other) {
    parts_.insert(parts_.end(), other.parts_.begin(), other.parts_.end());
    lasts_ += other.lasts_;
}

double SwingTime::quantile_w(double share) const {
    std::vector<Part> largest_first = parts_;
    std::sort(largest_first.begin(), largest_first.end(),
              [](const Part& a, const Part& b) { return a.swing_w > b.swing_w; });
    const double above_s = std::chrono::duration<double>(lasts_).count() * (1.0 - share);
    Duration sum{};
    for (const Part& part : largest_first) {
        sum += part.lasts;
        if (std::chrono::duration<double>(sum).count() > above_s) return part.swing_w;
    }
    return 0.0;
}

Duration SwingTime::at_least(double swing_w) const {
    Duration sum{};
    for (const Part& part : parts_) {
        if (part.swing_w >= swing_w) sum += part.lasts;
    }
    return sum;
}

}  // namespace jkp::closed_loop
