// SPDX-License-Identifier: MIT
// Packs that are not configured any more. Taking a locked pack out of the configuration and putting it back
// must not be a way around its lockout.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "control/dynamics.hpp"
#include "control/latches.hpp"
#include "core/fixed_text.hpp"

namespace jkp::control {

struct FormerPack {
    FixedText<24> name;
    PackLatches latches;
    RiseGate charge_gate;
    RiseGate discharge_gate;
    bool operator==(const FormerPack&) const = default;
};

// Of more than these the oldest is forgotten.
inline constexpr std::size_t max_former_packs = 16;

// What is latched, without evidence and without a running recovery: nobody saw these cells meanwhile, so a
// recovery needs a new local release.
PackLatches latched_only(const PackLatches& latches);

// Keeps what is latched, and the rise gates; a pack of which there is nothing to keep is not remembered.
void remember(std::vector<FormerPack>& former, const FormerPack& pack);

// Takes the pack of this name out of the list.
std::optional<FormerPack> take_back(std::vector<FormerPack>& former, std::string_view name);

}  // namespace jkp::control
