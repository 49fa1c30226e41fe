// SPDX-License-Identifier: MIT
#include "sim/site.hpp"

#include <utility>

namespace jkp::sim {
namespace {

constexpr double step_s = std::chrono::duration<double>(Site::step_time).count();

}  // namespace

Site::Site(const SiteSpec& spec, Source source, TimePoint start)
    : first_(spec.first),
      first_efficiency_(spec.first_efficiency),
      second_(spec.second),
      source_(std::move(source)),
      next_(start) {}

void Site::step(const FirstPower& first) {
    const SunHouse now = source_(next_);
    flow_ = {.sun_w = static_cast<double>(now.sun.count()),
             .house_w = static_cast<double>(now.house.count()),
             .first_w = first.battery_w,
             .second_w = second_.battery_w()};
    flow_.grid_w = flow_.sun_w - flow_.house_w - ac_side(first.battery_w, first_efficiency_) - second_.ac_w();
    exported_ws_ += flow_.grid_w * step_s;
    trace_.push(flow_.grid_w);
    first_.step(trace_.ago(first_.spec.delay), step_s, first.range);
    second_.step(trace_.ago(second_.self_use.spec.delay), flow_.sun_w, step_s);
    next_ += step_time;
}

}  // namespace jkp::sim
