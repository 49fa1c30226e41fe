// SPDX-License-Identifier: MIT
#include "control/presence.hpp"

namespace jkp::control {
namespace {

std::size_t wanted(const Config& config) {
    return config.bank.quorum == 0 ? config.packs.size() : config.bank.quorum;
}

// Until the ladder has brought the bank to 0, an old pack still counts: leaving earlier would loosen.
bool usable(const Config& config, const PackState& pack, TimePoint now) {
    return pack.sample && now - pack.data_at() < config.age.zero_at;
}

void tell(const PackState& pack, std::size_t index, bool present, TimePoint now, Events& events) {
    const auto age = pack.sample ? milliseconds(now - pack.data_at()) / 1000 : 0;
    events.offer({present ? EventCode::pack_joined : EventCode::pack_lost, static_cast<std::uint8_t>(index),
                  present ? 0 : static_cast<std::int32_t>(age)});
}

}  // namespace

bool complete(const Config& config, const State& state) {
    const auto seen = std::count_if(state.packs.begin(), state.packs.end(),
                                    [](const PackState& p) { return p.sample.has_value(); });
    return static_cast<std::size_t>(seen) >= wanted(config);
}

bool muster(const Config& config, State& state, TimePoint now, Events& events) {
    const auto usable_now = [&](const PackState& p) { return usable(config, p, now); };
    const auto count = std::count_if(state.packs.begin(), state.packs.end(), usable_now);
    const bool may_leave = static_cast<std::size_t>(count) >= wanted(config);
    const bool first = !state.mustered;
    state.mustered = true;
    bool left = false;
    for (std::size_t i = 0; i < state.packs.size(); ++i) {
        PackState& pack = state.packs[i];
        const bool present = pack.sample && (!may_leave || usable_now(pack));
        const bool changed = present != pack.part.present;
        left = left || (changed && !present);
        // At the start only who is missing is worth a word.
        if (first ? !present : changed) tell(pack, i, present, now, events);
        if (!present) pack.streak = 0;
        pack.part.present = present;
    }
    return left;
}

void compare_cell_counts(State& state, Events& events) {
    const auto seen = [](const PackState& p) { return p.sample.has_value(); };
    const auto first = std::find_if(state.packs.begin(), state.packs.end(), seen);
    for (auto pack = first; pack != state.packs.end(); ++pack) {
        if (!pack->sample) continue;
        const std::size_t count = pack->sample->reading.cells.size();
        const bool differs = count != first->sample->reading.cells.size();
        if (differs && !pack->cell_count_differs) {
            events.offer({EventCode::cell_counts_differ,
                          static_cast<std::uint8_t>(pack - state.packs.begin()),
                          static_cast<std::int32_t>(count)});
        }
        pack->cell_count_differs = differs;
    }
}

}  // namespace jkp::control
