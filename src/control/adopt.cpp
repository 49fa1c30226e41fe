// SPDX-License-Identifier: MIT
// A changed configuration meets what is known of the packs.
#include <algorithm>

#include "control/coordination.hpp"
#include "control/intake.hpp"
#include "control/step.hpp"

namespace jkp::control {
namespace {

std::optional<std::size_t> place_of(const Config& config, std::string_view name) {
    const auto it = std::find_if(config.packs.begin(), config.packs.end(),
                                 [&](const PackConfig& pack) { return pack.name.view() == name; });
    if (it == config.packs.end()) return std::nullopt;
    return static_cast<std::size_t>(it - config.packs.begin());
}

FormerPack parted(const PackConfig& config, const PackState& pack) {
    return {config.name, pack.latches, pack.charge_gate, pack.discharge_gate};
}

// Only what holds it back: what was measured under another name may be that of another battery.
PackState begun_with(const FormerPack& former) {
    PackState pack;
    pack.latches = latched_only(former.latches);
    pack.charge_gate = former.charge_gate;
    pack.discharge_gate = former.discharge_gate;
    return pack;
}

}  // namespace

State adopt(const Config& config, const Config& before, const State& old) {
    State state = old;
    state.packs.assign(config.packs.size(), PackState{});
    for (std::size_t i = 0; i < before.packs.size(); ++i) {
        if (!place_of(config, before.packs[i].name.view())) {
            remember(state.former, parted(before.packs[i], old.packs[i]));
        }
    }
    for (std::size_t i = 0; i < config.packs.size(); ++i) {
        const std::string_view name = config.packs[i].name.view();
        if (const auto place = place_of(before, name)) {
            state.packs[i] = old.packs[*place];
        } else if (const auto back = take_back(state.former, name)) {
            state.packs[i] = begun_with(*back);
        } else if (i < before.packs.size() && !place_of(config, before.packs[i].name.view())) {
            // A new name in the place of one that is gone is most likely the same pack with another name.
            // If it is not, the new one is held back for nothing until a person has looked at it; the old
            // one is remembered all the same.
            state.packs[i] = begun_with(parted(before.packs[i], old.packs[i]));
        }
        reconsider(config, i, state.packs[i]);
    }
    forget_sources(state.site, config.coordination);
    return state;
}

}  // namespace jkp::control
