// SPDX-License-Identifier: MIT
// Many houses: the acceptance lines of the coordination with their margins, and what each way to treat the
// second inverter costs, side by side.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "closed_loop/loop/fight.hpp"
#include "closed_loop/loop/parallel.hpp"
#include "closed_loop/loop/table.hpp"

namespace jkp::closed_loop {

inline constexpr std::array coordinations{Coordination::none, Coordination::original, Coordination::ours,
                                          Coordination::portal};

struct SitePlan {
    std::uint64_t seed = 1;
    std::size_t days = 100;
    std::size_t fights = 100;
    unsigned jobs = 1;

    [[nodiscard]] std::uint64_t day_seed(std::size_t day) const { return seed * 100'000 + day; }
    [[nodiscard]] std::size_t runs() const { return days * coordinations.size() + fights; }
};

struct SiteResults {
    std::array<std::vector<SiteResult>, coordinations.size()> days;  // in the order of their seeds
    std::vector<FightResult> fights;

    [[nodiscard]] std::span<const SiteResult> of(Coordination coordination) const;
};
SiteResults run_sites(const SitePlan& plan, const Progress& progress = {});

// Those of our coordination.
std::vector<Line> acceptance(const SiteResults& results);
bool passed(const SiteResults& results);
// Markdown, as in docs/coordination.md.
std::string acceptance_text(const SiteResults& results);
std::string table_text(const SiteResults& results);
std::string fights_text(const SiteResults& results);

}  // namespace jkp::closed_loop
