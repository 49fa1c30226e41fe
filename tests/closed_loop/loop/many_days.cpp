// SPDX-License-Identifier: MIT
#include "closed_loop/loop/many_days.hpp"

namespace jkp::closed_loop {

std::vector<PresetResult> run_days(const Plan& plan, const Progress& progress) {
    std::vector<PresetResult> results;
    for (const control::Preset preset : plan.presets) {
        results.push_back({preset, std::vector<DayResult>(plan.days)});
    }
    // Each result has its own place. The presets of one day follow each other.
    const auto run = [&](std::size_t i) {
        const std::size_t day = i / plan.presets.size();
        PresetResult& result = results[i % plan.presets.size()];
        result.days[day] = run_day(sim::draw_day(plan.day_seed(day)), result.preset);
    };
    in_parallel(plan.runs(), plan.jobs, run, progress);
    return results;
}

}  // namespace jkp::closed_loop
