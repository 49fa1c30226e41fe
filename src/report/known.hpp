// SPDX-License-Identifier: MIT
// What of a snapshot may be told as a value of now. Control goes on with old data for a while, and then with
// 0 A in its place; neither is a measurement. MQTT and metrics ask here, so that both say the same.
#pragma once

#include "report/snapshot.hpp"

namespace jkp::report {

// Whether voltage, current, temperature and cells of the bank are those of now.
inline bool measured(const control::Decision& d) {
    return d.complete && d.age_stage < control::AgeStage::zero;
}

// Whether the newest reading of a pack is young enough to be shown.
inline bool pack_there(const PackSnapshot& pack, const control::Config& config) {
    return pack.reading && pack.age < config.age.zero_at;
}

}  // namespace jkp::report
