// SPDX-License-Identifier: MIT
#include "control/former.hpp"

#include <algorithm>

namespace jkp::control {

PackLatches latched_only(const PackLatches& latches) {
    PackLatches kept;
    kept.hard_stop = latches.hard_stop;
    kept.high = latches.high;
    kept.low = latches.low;
    kept.lockout = latches.lockout;
    kept.unknown = latches.unknown;
    return kept;
}

void remember(std::vector<FormerPack>& former, const FormerPack& pack) {
    const PackLatches& l = pack.latches;
    const bool latched = l.fault() || l.hard_stop || l.lockout;
    const bool reduced = pack.charge_gate.reduced_at || pack.discharge_gate.reduced_at;
    if (!latched && !reduced) return;
    (void)take_back(former, pack.name.view());
    if (former.size() == max_former_packs) former.erase(former.begin());
    former.push_back({pack.name, latched_only(l), pack.charge_gate, pack.discharge_gate});
}

std::optional<FormerPack> take_back(std::vector<FormerPack>& former, std::string_view name) {
    const auto it = std::find_if(former.begin(), former.end(),
                                 [&](const FormerPack& pack) { return pack.name.view() == name; });
    if (it == former.end()) return std::nullopt;
    const FormerPack pack = *it;
    former.erase(it);
    return pack;
}

}  // namespace jkp::control
