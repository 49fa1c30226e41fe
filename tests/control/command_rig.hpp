// SPDX-License-Identifier: MIT
// A settled battery that is given commands.
#pragma once

#include "builders.hpp"
#include "control/command.hpp"

namespace jkp::control::test {

using Value = std::optional<std::int32_t>;

inline Rig settled(Config config = config_of_one()) {
    Rig rig(std::move(config));
    rig.settle(rig.reading);
    rig.forget();
    return rig;
}

inline Outcome send(Rig& rig, CommandKind kind, Value value, std::optional<Duration> expires = {},
                    const char* who = "test") {
    return order(rig.config, rig.state, {kind, value, expires, who}, rig.now);
}
inline Outcome charge(Rig& rig, double value, std::optional<Duration> expires = {}) {
    return send(rig, CommandKind::max_charge, amps(value).count(), expires);
}
inline Outcome switched(Rig& rig, CommandKind kind, bool on = true) {
    return send(rig, kind, on ? 1 : 0);
}

inline Config asking() {
    Config config = config_of_one();
    config.force_charge_requests = config.full_charge_requests = true;
    return config;
}

}  // namespace jkp::control::test
