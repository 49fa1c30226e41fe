// SPDX-License-Identifier: MIT
// All days of a run on several threads. The result does not depend on their number.
#pragma once

#include "closed_loop/loop/parallel.hpp"
#include "closed_loop/loop/table.hpp"

namespace jkp::closed_loop {

struct Plan {
    std::uint64_t seed = 1;
    std::size_t days = 1000;
    std::vector<control::Preset> presets{closed_loop::presets.begin(), closed_loop::presets.end()};
    unsigned jobs = 1;

    // Runs of different seeds share no day.
    [[nodiscard]] std::uint64_t day_seed(std::size_t day) const { return seed * 100'000 + day; }
    [[nodiscard]] std::size_t runs() const { return days * presets.size(); }
};

std::vector<PresetResult> run_days(const Plan& plan, const Progress& progress = {});

}  // namespace jkp::closed_loop
