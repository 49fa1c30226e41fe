// SPDX-License-Identifier: MIT
// Every key of the configuration, one row each. The same rows read the file, word the errors and write
// docs/configuration.md. They are applied in this order.
#pragma once

#include <span>
#include <vector>

#include "config/fields.hpp"
#include "config/settings.hpp"

namespace jkp::config {

// What one [[pack]] fills.
struct PackEntry {
    control::PackConfig rules;
    PackLink link;
};

struct TableText {
    std::string_view name;     // "control.cells"
    std::string_view meaning;  // one sentence for the reference
};

std::span<const Key<PackEntry>> pack_keys();
std::span<const Key<Settings>> site_keys();          // can, profile, log, state, socket
std::span<const Key<Settings>> history_keys();       // history, notify
std::span<const Key<Settings>> meter_keys();         // meter, meter.json, peer.json
std::span<const Key<Settings>> peer_keys();          // peer.goodwe
std::span<const Key<Settings>> portal_keys();        // peer.sems
std::span<const Key<Settings>> sensor_keys();        // peer.sensor
std::span<const Key<Settings>> web_keys();           // web
std::span<const Key<Settings>> control_keys();       // control and its sub-tables
std::span<const Key<Settings>> coordination_keys();  // control.coordination, control.oscillation
std::span<const TableText> tables();

std::vector<const Key<Settings>*> settings_keys();  // all of them, in reading order

}  // namespace jkp::config
